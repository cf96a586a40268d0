from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("counting", "0001_initial")]

    operations = [
        SameProgram("counting_contribution", "measure_version_id", "programs_measureversion"),
        SameProgram("counting_contribution", "partner_id", "programs_partner"),
        SameProgram("counting_contribution", "person_id", "people_person"),
        SameProgram("counting_contribution", "achievement_id", "achievements_achievement"),
        SameProgram("counting_ledgerentry", "measure_version_id", "programs_measureversion"),
        SameProgram("counting_ledgerentry", "partner_id", "programs_partner"),
        SameProgram("counting_ledgerentry", "person_id", "people_person"),
        SameProgram("counting_ledgerentry", "achievement_id", "achievements_achievement"),
        SameProgram("counting_count", "measure_version_id", "programs_measureversion"),
        SameProgram("counting_count", "partner_id", "programs_partner"),
        SameProgram("counting_openedmeasure", "measure_version_id", "programs_measureversion"),
    ]
