from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]

    operations = [
        SameProgram("programs_measureversion", "measure_id", "programs_measure"),
        SameProgram("programs_membership", "partner_id", "programs_partner"),
        SameProgram("programs_target", "measure_version_id", "programs_measureversion"),
    ]
