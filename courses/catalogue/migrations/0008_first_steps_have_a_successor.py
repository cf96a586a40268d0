from django.db import migrations, models


class Migration(migrations.Migration):
    """The short course that shipped before is not offered any more; who is inside it finishes it.

    "AI foundations for work" takes its place.
    """

    dependencies = [("catalogue", "0007_published_for_good")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE catalogue_course course SET retired_at = now() FROM programs_partner partner
            WHERE course.code = 'ai-first-steps' AND partner.id = course.partner_id AND partner.kind = 'own'
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="course",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[("beginner", "beginner"), ("intermediate", "intermediate"), ("advanced", "advanced")],
                max_length=40,
            ),
        ),
    ]
