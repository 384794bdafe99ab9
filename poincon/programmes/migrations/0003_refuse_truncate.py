from django.db import migrations

from poincon.kernel.guards import RefuseTruncate


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_append_only")]

    operations = [
        RefuseTruncate("programmechange"),
        RefuseTruncate("fundingreceipt"),
    ]
