from django.db import migrations

from poincon.kernel.db import RoomForUpdates


class Migration(migrations.Migration):
    dependencies = [("passes", "0008_one_current_signing_key")]

    operations = [RoomForUpdates("booklet")]
