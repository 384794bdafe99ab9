from django.db import migrations

from poincon.kernel.db import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("passes", "0002_initial")]

    operations = [
        AppendOnly("movement"),
        AppendOnly("destruction"),
        AppendOnly("handovercancellation"),
        AppendOnly("handover", set_once=["cancellation_id"]),
        AppendOnly("block"),
        AppendOnly("scan"),
        AppendOnly("annulment"),
        AppendOnly("redemption", set_once=["annulment_id"]),
    ]
