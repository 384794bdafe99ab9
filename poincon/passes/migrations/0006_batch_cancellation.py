from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("passes", "0005_transfer_recall")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="cancelled_at",
            field=models.DateTimeField(null=True, verbose_name="annulé le"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_at", None), ("printed_at", None), _connector="OR"),
                name="batch_cancelled_is_never_printed",
                violation_error_message="Un lot annulé ne s’imprime pas.",
            ),
        ),
    ]
