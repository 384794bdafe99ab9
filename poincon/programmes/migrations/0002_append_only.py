from django.db import migrations

from poincon.kernel.db import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        AppendOnly("programmechange"),
        AppendOnly("fundingreceipt"),
    ]
