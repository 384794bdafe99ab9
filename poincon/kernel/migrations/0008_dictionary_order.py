from django.db import migrations

from poincon.kernel.alphabet import DictionaryOrder


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_job_organisation_and_signs"),
    ]

    operations = [
        DictionaryOrder(),
    ]
