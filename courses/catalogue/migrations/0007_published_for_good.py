from django.db import migrations, models

from programs.tenancy import AppendOnly, SameProgram


class Migration(migrations.Migration):
    """What was published is never edited: learners are inside it."""

    dependencies = [("catalogue", "0006_existing_courses"), ("learning", "0005_existing_attempts")]

    operations = [
        migrations.RemoveField(
            model_name="lesson",
            name="html",
        ),
        migrations.RemoveField(
            model_name="lesson",
            name="title",
        ),
        migrations.RemoveField(
            model_name="question",
            name="choices",
        ),
        migrations.RemoveField(
            model_name="question",
            name="feedback",
        ),
        migrations.RemoveField(
            model_name="question",
            name="prompt",
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asks__isnull", True), ("pass_mark__isnull", True)),
                    models.Q(("asks__gte", 1), ("pass_mark__isnull", False)),
                    _connector="OR",
                ),
                name="course_version_with_an_assessment_asks_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pass_mark__isnull", False),
                    models.Q(
                        ("attempts__isnull", True),
                        ("draw__isnull", True),
                        ("time_limit__isnull", True),
                        ("wait_hours__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="course_version_has_limits_of_an_assessment_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                models.F("version"), models.F("key"), name="question_key_is_once_in_a_version"
            ),
        ),
        SameProgram("catalogue_coursefile", "version_id", "catalogue_courseversion"),
        SameProgram("catalogue_coursefile", "blob_id", "catalogue_blob"),
        SameProgram("catalogue_lessontranslation", "lesson_id", "catalogue_lesson"),
        SameProgram("catalogue_question", "lesson_id", "catalogue_lesson"),
        migrations.RunSQL("ALTER TABLE catalogue_blob ALTER COLUMN data SET STORAGE EXTERNAL", migrations.RunSQL.noop),
        AppendOnly("catalogue_courseversion"),
        AppendOnly("catalogue_lesson"),
        AppendOnly("catalogue_lessontranslation"),
        AppendOnly("catalogue_question"),
        AppendOnly("catalogue_coursefile"),
        AppendOnly("catalogue_blob"),
    ]
