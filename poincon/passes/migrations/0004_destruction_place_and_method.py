from django.db import migrations, models

from poincon.kernel.guards import AppendOnly, LiftAppendOnly


class Migration(migrations.Migration):
    dependencies = [("passes", "0003_append_only")]

    operations = [
        LiftAppendOnly("destruction"),
        # What was destroyed before does not say where nor how: its record leaves the lines to be filled in by hand.
        migrations.AddField(
            model_name="destruction",
            name="place",
            field=models.CharField(default="", max_length=200, verbose_name="lieu"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="destruction",
            name="method",
            field=models.CharField(default="", max_length=200, verbose_name="procédé"),
            preserve_default=False,
        ),
        AppendOnly("destruction"),
    ]
