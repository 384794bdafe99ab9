from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("passes", "0010_hand_over_request")]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="resolved_at",
            field=models.DateTimeField(null=True, verbose_name="écart clos le"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="resolved_by_label",
            field=models.CharField(blank=True, max_length=200, verbose_name="écart clos par"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="resolved_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("found", "chéquiers retrouvés, rentrés en stock"),
                    ("lost", "chéquiers perdus pour de bon"),
                    ("corrected", "erreur de comptage ou de bordereau, corrigée"),
                    ("other", "autre issue"),
                ],
                max_length=10,
                verbose_name="issue de l’écart",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="resolved_note",
            field=models.CharField(blank=True, max_length=300, verbose_name="ce qui s’est passé"),
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
                    ("found", "manquant retrouvé, rentré en stock"),
                    ("destroyed", "détruit"),
                ],
                max_length=10,
                verbose_name="mouvement",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resolved_at", None), models.Q(("discrepancy", ""), _negated=True), _connector="OR"
                ),
                name="transfer_resolves_a_discrepancy",
                violation_error_message="Un bordereau sans écart n’a pas d’écart à clore.",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at", None), ("resolved_how", ""), ("resolved_note", "")),
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("resolved_how__in", ["found", "lost", "corrected", "other"]),
                        models.Q(("resolved_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="transfer_resolved_says_how",
                violation_error_message="Un écart clos dit comment il a fini, un écart ouvert ne le dit pas.",
            ),
        ),
    ]
