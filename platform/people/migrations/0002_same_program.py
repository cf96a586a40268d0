from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        SameProgram("people_identity", "person_id", "people_person"),
    ]
