from django.db import migrations


class Migration(migrations.Migration):
    """Parents are found by their index, whatever the planner believes of a table that has just been filled.

    Where it takes a table for empty it would otherwise read the whole of it once for every row that is checked.
    """

    dependencies = [("programs", "0010_managers_of_several_partners")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION refuse_parents_of_other_programs() SET enable_seqscan = off",
            "ALTER FUNCTION refuse_parents_of_other_programs() RESET enable_seqscan",
        )
    ]
