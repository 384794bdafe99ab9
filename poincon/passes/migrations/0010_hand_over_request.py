from django.db import migrations, models

from poincon.kernel.guards import AppendOnly, LiftAppendOnly


class Migration(migrations.Migration):
    dependencies = [("passes", "0009_booklet_room_for_updates")]

    operations = [
        LiftAppendOnly("handover", set_once=["cancellation_id"]),
        migrations.AddField(
            model_name="handover",
            name="request_id",
            field=models.UUIDField(null=True, verbose_name="identifiant de la demande"),
        ),
        AppendOnly("handover", set_once=["cancellation_id"]),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("request_id__isnull", False)),
                fields=("request_id",),
                name="hand_over_requested_once",
                violation_error_message="Cette remise est déjà faite.",
            ),
        ),
        migrations.AlterField(
            model_name="block",
            name="reason",
            field=models.CharField(
                choices=[
                    ("lost", "perte"),
                    ("stolen", "vol"),
                    ("error", "erreur de remise"),
                    ("missing", "manquant à la réception"),
                    ("damaged", "abîmé"),
                ],
                max_length=10,
                verbose_name="motif",
            ),
        ),
    ]
