from django.db import migrations

from poincon.kernel.guards import RefuseTruncate


class Migration(migrations.Migration):
    dependencies = [("passes", "0006_batch_cancellation")]

    operations = [
        RefuseTruncate("movement"),
        RefuseTruncate("destruction"),
        RefuseTruncate("handovercancellation"),
        RefuseTruncate("handover"),
        RefuseTruncate("block"),
        RefuseTruncate("scan"),
        RefuseTruncate("annulment"),
        RefuseTruncate("redemption"),
    ]
