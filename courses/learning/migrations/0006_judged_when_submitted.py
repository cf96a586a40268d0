from django.db import migrations, models

from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [("learning", "0005_existing_attempts")]

    operations = [
        migrations.AlterField(model_name="attempt", name="opened_at", field=models.DateTimeField()),
        migrations.RemoveField(
            model_name="attempt",
            name="achievement",
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_passed__isnull", True), ("right__isnull", True), ("submitted_at__isnull", True)),
                    models.Q(("is_passed__isnull", False), ("right__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="attempt_is_judged_when_it_is_submitted",
            ),
        ),
        SameProgram("learning_enrolment", "achievement_id", "achievements_achievement"),
        SameProgram("learning_practiceanswer", "enrolment_id", "learning_enrolment"),
        SameProgram("learning_practiceanswer", "question_id", "catalogue_question"),
    ]
