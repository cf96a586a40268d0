from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("achievements", "0001_initial")]

    operations = [
        SameProgram("achievements_achievement", "person_id", "people_person"),
        SameProgram("achievements_achievement", "course_id", "catalogue_course"),
        SameProgram("achievements_achievement", "partner_id", "programs_partner"),
        SameProgram("achievements_achievement", "refers_to_id", "achievements_achievement"),
        SameProgram("achievements_dirtyperson", "person_id", "people_person"),
    ]
