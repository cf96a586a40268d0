from django.db import migrations, models


class Migration(migrations.Migration):
    """A course without an assessment is completed by its lessons: the enrolment is the source."""

    dependencies = [("achievements", "0008_many_facts")]

    operations = [
        migrations.AlterField(
            model_name="achievement",
            name="source_id",
            field=models.BigIntegerField(
                help_text="the return, the attempt at our own assessment, the enrolment, or the mass revocation"
            ),
        )
    ]
