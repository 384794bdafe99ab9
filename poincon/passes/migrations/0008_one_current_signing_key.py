from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.lookups import IsNull
from django.utils import timezone


def keep_the_last(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Two rotations at the same second may have left two keys that sign: the last one was used, and stays."""
    signing = apps.get_model("passes", "SigningKey").objects.filter(retired_at=None).order_by("-id")
    for key in signing[1:]:
        key.retired_at = timezone.now()
        key.save(update_fields=["retired_at"])


class Migration(migrations.Migration):
    dependencies = [("passes", "0007_refuse_truncate")]

    operations = [
        migrations.RunPython(keep_the_last, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                IsNull(models.F("retired_at"), True),
                condition=models.Q(("retired_at", None)),
                name="signing_key_only_one_signs",
                violation_error_message="Une autre clé signe déjà : une seule signe à la fois.",
            ),
        ),
    ]
