from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("packages", "0001_initial")]

    operations = [
        SameProgram("packages_packagestate", "enrolment_id", "learning_enrolment"),
        SameProgram("packages_packagestate", "lesson_id", "catalogue_lesson"),
        SameProgram("packages_launch", "state_id", "packages_packagestate"),
        SameProgram("packages_packagedocument", "enrolment_id", "learning_enrolment"),
        SameProgram("packages_packagestatement", "state_id", "packages_packagestate"),
        SameProgram("packages_packagestatement", "launch_id", "packages_launch"),
    ]
