from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        SameProgram("catalogue_course", "partner_id", "programs_partner"),
        SameProgram("catalogue_courseversion", "course_id", "catalogue_course"),
        SameProgram("catalogue_lesson", "version_id", "catalogue_courseversion"),
        SameProgram("catalogue_question", "version_id", "catalogue_courseversion"),
    ]
