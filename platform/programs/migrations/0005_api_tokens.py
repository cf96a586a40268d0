import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes over the table of tokens from exports, as it is: no token is made anew."""

    dependencies = [
        ("programs", "0004_measure_versions_are_never_edited"),
        ("exports", "0002_tokens_move_to_programs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="who uses it, such as “Ministry of Labour, statistics”", max_length=80
                            ),
                        ),
                        ("digest", models.BinaryField(help_text="SHA-256 of the secret", max_length=32, unique=True)),
                        (
                            "scopes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("figures", "published figures"),
                                        ("figures:exact", "exact figures, not for publication"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("last_used_at", models.DateTimeField(blank=True, help_text="to the minute", null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.program"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API token",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("program", "name"),
                                name="api_token_name_is_once_in_a_program",
                                violation_error_message="A token of this name exists. Choose another name, or revoke that one first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("scopes__contained_by", ["figures", "figures:exact"]), ("scopes__len__gt", 0)
                                ),
                                name="api_token_scopes_are_known",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
