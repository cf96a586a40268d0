from django.db import migrations

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]

    operations = [
        SameProgram("learning_enrolment", "person_id", "people_person"),
        SameProgram("learning_enrolment", "course_id", "catalogue_course"),
        SameProgram("learning_enrolment", "version_id", "catalogue_courseversion"),
        SameProgram("learning_lessondone", "enrolment_id", "learning_enrolment"),
        SameProgram("learning_lessondone", "lesson_id", "catalogue_lesson"),
        SameProgram("learning_attempt", "enrolment_id", "learning_enrolment"),
        SameProgram("learning_attempt", "achievement_id", "achievements_achievement"),
    ]
