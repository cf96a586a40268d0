from django.db import migrations


class Migration(migrations.Migration):
    """The version that a learner began is a version of the course that they take."""

    dependencies = [("learning", "0002_same_program"), ("catalogue", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX catalogue_courseversion_id_course ON catalogue_courseversion (id, course_id);
            ALTER TABLE learning_enrolment ADD CONSTRAINT learning_enrolment_version_of_the_course
                FOREIGN KEY (version_id, course_id) REFERENCES catalogue_courseversion (id, course_id)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE learning_enrolment DROP CONSTRAINT learning_enrolment_version_of_the_course;
            DROP INDEX catalogue_courseversion_id_course;
            """,
        )
    ]
