import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from programs.tenancy import CheckedTogether

HALVED = """
UPDATE people_identity SET digest = substr(digest, 1, 16);
UPDATE people_particulars SET
    email = substr(email, 1, 16), phone = substr(phone, 1, 16), account = substr(account, 1, 16);
SET CONSTRAINTS ALL IMMEDIATE;
"""
OF_PROGRAM = models.ForeignKey(
    db_constraint=False,
    db_index=False,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to="programs.program",
)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_merges_make_no_circle"),
        ("programs", "0006_parents_are_checked_together"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(HALVED, migrations.RunSQL.noop),
        CheckedTogether("people_person", {"program_id": "programs_program"}),
        CheckedTogether("people_identity", {"person_id": "people_person"}),
        migrations.AlterField(model_name="person", name="program", field=OF_PROGRAM),
        migrations.AlterField(model_name="identity", name="program", field=OF_PROGRAM.clone()),
        migrations.AlterField(
            model_name="person",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="persons",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(condition=models.Q(("user__isnull", False)), fields=["user"], name="person_by_user"),
        ),
        migrations.AlterField(
            model_name="identity",
            name="digest",
            field=models.BinaryField(help_text="HMAC-SHA-256 under the program's key, cut to 128 bits", max_length=16),
        ),
        *(
            migrations.AlterField(
                model_name="particulars",
                name=name,
                field=models.BinaryField(help_text="as `Identity.digest`", max_length=16, null=True),
            )
            for name in ("email", "phone", "account")
        ),
    ]
