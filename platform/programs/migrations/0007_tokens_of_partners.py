import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import programs.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0006_parents_are_checked_together"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apitoken",
            name="api_token_name_is_once_in_a_program",
        ),
        migrations.RemoveConstraint(
            model_name="apitoken",
            name="api_token_scopes_are_known",
        ),
        migrations.AddField(
            model_name="apitoken",
            name="partner",
            field=programs.tenancy.ParentKey(
                blank=True,
                db_constraint=False,
                help_text="who sends with it; without a partner the token reads figures",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tokens",
                to="programs.partner",
            ),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("figures", "published figures"),
                        ("figures:exact", "exact figures, not for publication"),
                        ("returns:write", "send returns"),
                        ("statements:write", "send xAPI statements"),
                        ("statements:read", "read its own xAPI statements"),
                    ],
                    max_length=20,
                ),
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("program", "partner", "name"),
                name="api_token_name_is_once_in_a_program_or_partner",
                nulls_distinct=False,
                violation_error_message="A token of this name exists. Choose another name, or revoke that one first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        ["figures", "figures:exact", "returns:write", "statements:write", "statements:read"],
                    ),
                    ("scopes__len__gt", 0),
                ),
                name="api_token_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("partner__isnull", True), ("scopes__contained_by", ["figures", "figures:exact"])),
                    models.Q(
                        ("partner__isnull", False),
                        ("scopes__contained_by", ["returns:write", "statements:write", "statements:read"]),
                    ),
                    _connector="OR",
                ),
                name="api_token_scopes_are_of_the_partner_or_of_figures",
                violation_error_message="A partner's token sends and reads what is the partner's; figures have none.",
            ),
        ),
        programs.tenancy.SameProgram("programs_apitoken", "partner_id", "programs_partner"),
    ]
