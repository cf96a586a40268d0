from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("people", "0003_one_person_once")]

    operations = [
        SameProgram("people_particulars", "person_id", "people_person"),
        SameProgram("people_particulars", "partner_id", "programs_partner"),
        SameProgram("people_merge", "person_id", "people_person"),
        SameProgram("people_merge", "into_id", "people_person"),
        SameProgram("people_alias", "person_id", "people_person"),
        SameProgram("people_alias", "stands_for_id", "people_person"),
    ]
