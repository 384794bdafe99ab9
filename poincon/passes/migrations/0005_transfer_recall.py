from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("passes", "0004_destruction_place_and_method")]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="recalled_at",
            field=models.DateTimeField(null=True, verbose_name="rappelé le"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="recalled_by_label",
            field=models.CharField(blank=True, max_length=200, verbose_name="rappelé par"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="recall_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif du rappel"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_at", None), ("recalled_at", None), _connector="OR"),
                name="transfer_received_or_recalled",
                violation_error_message="Un bordereau est reçu ou rappelé, pas les deux.",
            ),
        ),
        # The list of words alone: no column changes, so the guards of this table of facts stay.
        migrations.AlterField(
            model_name="movement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("printed", "imprimé, entré en stock"),
                    ("sent", "expédié"),
                    ("recalled", "rappelé, rentré en stock"),
                    ("received", "reçu"),
                    ("missing", "manquant à la réception"),
                    ("destroyed", "détruit"),
                ],
                max_length=10,
                verbose_name="mouvement",
            ),
        ),
    ]
