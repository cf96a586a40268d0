from django.db import migrations

# Of what was loaded before, the facts say of which months the rows were; duplicates left no trace. One pass over the
# facts, and a second run finds nothing to do.
FILL = """
UPDATE returns_return SET months = found.months
FROM (
    SELECT source_id, jsonb_object_agg(month, facts) AS months
    FROM (
        SELECT source_id, to_char(achieved_on, 'YYYY-MM') AS month, count(*) AS facts
        FROM achievements_achievement WHERE source = 'return' AND kind = 'achieved' GROUP BY 1, 2
    ) counted GROUP BY 1
) found
WHERE returns_return.id = found.source_id AND returns_return.status = 'loaded' AND returns_return.months = '{}'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0007_schedules_and_progress"),
        ("achievements", "0008_many_facts"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
