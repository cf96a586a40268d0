import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import programs.tenancy
from programs.tenancy import SameProgram


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0002_same_program"),
        ("programs", "0011_parents_are_looked_up"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="search",
            name="took",
            field=models.DurationField(help_text="none: it is older than this column", null=True),
        ),
        migrations.AlterField(
            model_name="search",
            name="searched_at",
            field=models.DateTimeField(help_text="when it began"),
        ),
        migrations.CreateModel(
            name="AskedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
                    ),
                ),
                (
                    "search",
                    programs.tenancy.ParentKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matching.search",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "asked searches",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("search__isnull", True)),
                        fields=("program",),
                        name="search_is_asked_for_once_at_a_time",
                    )
                ],
            },
        ),
        SameProgram("matching_askedsearch", "search_id", "matching_search"),
    ]
