from django.db import migrations

from poincon.kernel.db import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]

    operations = [
        AppendOnly("auditentry"),
        AppendOnly("seal"),
    ]
