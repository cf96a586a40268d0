import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import programs.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("programs", "0007_tokens_of_partners"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored_at", models.DateTimeField()),
                (
                    "statements",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="their primary keys, in the order of the request",
                        size=None,
                    ),
                ),
                ("taken_at", models.DateTimeField(help_text="when a worker had looked at them", null=True)),
                (
                    "partner",
                    programs.tenancy.ParentKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="programs.partner",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("taken_at__isnull", True)), fields=["id"], name="arrival_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("statements__len__gt", 0)), name="arrival_has_statements"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha2", models.CharField(help_text="in lower case hexadecimal digits", max_length=128)),
                ("content", models.BinaryField()),
                (
                    "partner",
                    programs.tenancy.ParentKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.partner",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("program"), models.F("partner"), models.F("sha2"), name="attachment_is_kept_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "state of an agent in an activity"),
                            ("activity", "profile of an activity"),
                            ("agent", "profile of an agent"),
                        ],
                        max_length=10,
                    ),
                ),
                ("place", models.BinaryField(max_length=32)),
                ("registration", models.UUIDField(null=True)),
                ("name", models.TextField(help_text="stateId or profileId")),
                ("name_hash", models.BinaryField(max_length=32)),
                ("content_type", models.TextField()),
                ("content", models.BinaryField()),
                ("updated_at", models.DateTimeField()),
                (
                    "partner",
                    programs.tenancy.ParentKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.partner",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "partner", "kind", "place", "registration", "name_hash"),
                        name="document_is_one_in_its_place",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["state", "activity", "agent"])), name="document_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("statement_id", models.UUIDField()),
                ("stored_at", models.DateTimeField()),
                ("said", models.TextField(help_text="JSON")),
                ("refers_to", models.UUIDField(help_text="the statement that it is about", null=True)),
                ("is_voiding", models.BooleanField(help_text="whether it takes back the statement that it refers to")),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), help_text="courses.statements.mentions", size=None
                    ),
                ),
                (
                    "partner",
                    programs.tenancy.ParentKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="programs.partner",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
                (
                    "token",
                    programs.tenancy.ParentKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programs.apitoken",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner", "stored_at", "id"], name="statement_in_order"),
                    models.Index(
                        condition=models.Q(("refers_to__isnull", False)),
                        fields=["partner", "refers_to"],
                        name="statement_referring",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="statement_by_mention"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("program"),
                        models.F("partner"),
                        models.F("statement_id"),
                        name="statement_is_stored_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_voiding", False), ("refers_to__isnull", False), _connector="OR"),
                        name="statement_that_takes_back_says_which",
                    ),
                ],
            },
        ),
    ]
