import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import programs.tenancy


class Migration(migrations.Migration):
    """A course in several languages, with more kinds of questions and the files it was published from."""

    dependencies = [
        ("catalogue", "0004_shortest_minutes"),
        ("programs", "0011_parents_are_looked_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(help_text="hexadecimal", max_length=64)),
                ("size", models.PositiveBigIntegerField(help_text="bytes")),
                ("data", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="CourseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=1000)),
                ("media_type", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="LessonTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                (
                    "blocks",
                    models.JSONField(help_text="rendered from Markdown and cleaned when the course was published"),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="courseversion",
            name="course_version_pass_mark_is_per_cent",
        ),
        migrations.AddField(
            model_name="course",
            name="largest_employer",
            field=models.PositiveIntegerField(blank=True, help_text="people", null=True),
        ),
        migrations.AddField(
            model_name="course",
            name="occupations",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=1),
                blank=True,
                default=list,
                help_text="major groups of ISCO-08",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="retired_at",
            field=models.DateTimeField(blank=True, help_text="since then nobody begins it", null=True),
        ),
        migrations.AddField(
            model_name="course",
            name="sectors",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=1),
                blank=True,
                default=list,
                help_text="sections of ISIC Rev. 4",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="translations",
            field=models.JSONField(blank=True, default=dict, help_text="title and summary by language"),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="asks",
            field=models.PositiveSmallIntegerField(help_text="how many questions one attempt asks", null=True),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="attempts",
            field=models.PositiveSmallIntegerField(help_text="allowed in `wait_hours`, or ever", null=True),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="draw",
            field=models.JSONField(
                help_text="how many are drawn, in all or by pool; without, all are asked", null=True
            ),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                default=list,
                help_text="all that it has something in",
                size=None,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="courseversion",
            name="outline",
            field=models.JSONField(
                default=list, help_text="the lessons in order: id, slug, minutes, and titles by language"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="courseversion",
            name="time_limit",
            field=models.PositiveSmallIntegerField(help_text="minutes", null=True),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="wait_hours",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="key",
            field=models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="question",
            name="lesson",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="catalogue.lesson",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="pool",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="question",
            name="texts",
            field=models.JSONField(default=dict, help_text="by language: rendered prompt, choices, feedback and so on"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="courseversion",
            name="language",
            field=models.CharField(help_text="that it is written in; others fall back to it", max_length=20),
        ),
        migrations.AlterField(
            model_name="courseversion",
            name="pass_mark",
            field=models.PositiveSmallIntegerField(
                help_text="per cent of the questions asked; none without an assessment", null=True
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("one", "one"),
                    ("several", "several"),
                    ("true-false", "true-false"),
                    ("number", "number"),
                    ("text", "text"),
                    ("matching", "matching"),
                    ("ordering", "ordering"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="number",
            field=models.PositiveSmallIntegerField(help_text="its place in the version"),
        ),
        migrations.AlterField(
            model_name="question",
            name="right",
            field=models.JSONField(help_text="see courses.catalogue.questions.texts.QuestionText", null=True),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_mark__isnull", True), ("pass_mark__range", (1, 100)), _connector="OR"),
                name="course_version_pass_mark_is_per_cent",
            ),
        ),
        migrations.AddField(
            model_name="blob",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="blob",
            field=programs.tenancy.ParentKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.blob"
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
            ),
        ),
        migrations.AddField(
            model_name="coursefile",
            name="version",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="catalogue.courseversion",
            ),
        ),
        migrations.AddField(
            model_name="lessontranslation",
            name="lesson",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translations",
                to="catalogue.lesson",
            ),
        ),
        migrations.AddField(
            model_name="lessontranslation",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
            ),
        ),
        migrations.AddConstraint(
            model_name="blob",
            constraint=models.UniqueConstraint(
                models.F("program"), models.F("sha256"), name="blob_is_kept_once_in_a_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="coursefile",
            constraint=models.UniqueConstraint(
                models.F("version"), models.F("path"), name="course_file_path_is_once_in_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="lessontranslation",
            constraint=models.UniqueConstraint(
                models.F("lesson"), models.F("language"), name="lesson_is_translated_once_a_language"
            ),
        ),
    ]
