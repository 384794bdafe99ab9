from django.db import migrations

from poincon.kernel.guards import RefuseTruncate


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_cache_table")]

    operations = [
        RefuseTruncate("auditentry"),
        RefuseTruncate("seal"),
    ]
