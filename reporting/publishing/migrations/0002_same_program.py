from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        SameProgram("publishing_publishedfigure", "measure_version_id", "programs_measureversion"),
    ]
