from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The shared cache (rate limits of the public pages) is a table: no other server to run."""
    call_command("createcachetable", database=schema_editor.connection.alias)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE IF EXISTS kernel_cache")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_append_only")]

    operations = [
        migrations.RunPython(create, remove),
    ]
