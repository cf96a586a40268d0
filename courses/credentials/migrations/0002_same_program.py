from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]

    operations = [
        SameProgram("credentials_credential", "person_id", "people_person"),
        SameProgram("credentials_credential", "achievement_id", "achievements_achievement"),
    ]
