from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("achievements", "0007_dirty_people"),
        ("counting", "0009_postings_know_their_entries"),
        ("people", "0002_same_program"),
        ("programs", "0004_measure_versions_are_never_edited"),
    ]

    operations = [
        migrations.AlterField(
            model_name="lane",
            name="number",
            field=models.PositiveSmallIntegerField(help_text="which of the shares it is, from 0"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                condition=models.Q(("step__gt", 1)),
                fields=["measure_version", "person", "partner", "step"],
                name="ledger_later_steps",
            ),
        ),
    ]
