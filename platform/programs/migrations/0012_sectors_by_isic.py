from django.db import migrations, models


class Migration(migrations.Migration):
    """Sectors of the lists that follow ISIC say so; others say it when their country file is loaded again."""

    dependencies = [("programs", "0011_parents_are_looked_up")]

    operations = [
        migrations.AddField(
            model_name="code",
            name="isic",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of a sector: the section of ISIC Rev. 4 that it is closest to",
                max_length=1,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE programs_code SET isic = code WHERE kind = 'sector' AND code ~ '^[A-U]$'", migrations.RunSQL.noop
        ),
    ]
