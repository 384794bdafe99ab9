from django.db import migrations

from poincon.kernel.db import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial")]

    operations = [
        AppendOnly("statementline", set_once=["cancelled_at"]),
    ]
