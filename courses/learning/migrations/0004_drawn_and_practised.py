import django.db.models.deletion
from django.db import migrations, models

import programs.tenancy


class Migration(migrations.Migration):
    """Questions are drawn when an attempt is opened; completing a course is said once, by its enrolment."""

    dependencies = [
        ("achievements", "0008_many_facts"),
        ("catalogue", "0006_existing_courses"),
        ("learning", "0003_version_of_the_course"),
        ("people", "0008_identity_keys"),
        ("programs", "0011_parents_are_looked_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", models.UUIDField()),
                ("answer", models.JSONField(help_text="see courses.catalogue.questions.answers")),
                ("is_right", models.BooleanField()),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="enrolment_is_achieved_once",
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_that_achieves_has_passed",
        ),
        migrations.AddField(
            model_name="attempt",
            name="drawn",
            field=models.JSONField(
                default=list, help_text="the questions asked: their keys, and the order of their choices"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attempt",
            name="due_at",
            field=models.DateTimeField(blank=True, help_text="none without a time limit", null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="achievement",
            field=programs.tenancy.ParentKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="achievements.achievement",
            ),
        ),
        migrations.AddField(
            model_name="lessondone",
            name="language",
            field=models.CharField(blank=True, help_text="in which it was read; empty where not known", max_length=20),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="answers",
            field=models.JSONField(default=dict, help_text="by key of the question"),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="is_passed",
            field=models.BooleanField(null=True),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="right",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                models.F("enrolment"),
                condition=models.Q(("submitted_at__isnull", True)),
                name="attempt_open_is_one_an_enrolment",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(models.F("achievement"), name="achievement_completes_one_enrolment"),
        ),
        migrations.AddField(
            model_name="practiceanswer",
            name="enrolment",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practice",
                to="learning.enrolment",
            ),
        ),
        migrations.AddField(
            model_name="practiceanswer",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
            ),
        ),
        migrations.AddField(
            model_name="practiceanswer",
            name="question",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.question",
            ),
        ),
        migrations.AddIndex(
            model_name="practiceanswer",
            index=models.Index(fields=["enrolment", "question", "-id"], name="practice_latest_answer"),
        ),
        migrations.AddConstraint(
            model_name="practiceanswer",
            constraint=models.UniqueConstraint(
                models.F("enrolment"),
                models.F("question"),
                models.F("form_key"),
                name="practice_is_answered_once_a_form",
            ),
        ),
    ]
