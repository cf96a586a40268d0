import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import programs.tenancy
from programs.tenancy import CheckedTogether, NeverDeleted

# A key over the number alone would be one index more of a table that gets millions of rows. The numbers come from one
# sequence. Keys of other tables that refer to facts are made anew.
KEY = """
DO $$
DECLARE
    reference record;
    definitions text[] := '{}';
BEGIN
    FOR reference IN
        SELECT conrelid::regclass AS child, conname, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE contype = 'f' AND confrelid = 'achievements_achievement'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.child, reference.conname);
        definitions := definitions || format(
            'ALTER TABLE %s ADD CONSTRAINT %I %s', reference.child, reference.conname, reference.definition
        );
    END LOOP;
    ALTER TABLE achievements_achievement DROP CONSTRAINT IF EXISTS achievements_achievement_pkey;
    <key>
    FOR place IN 1 .. cardinality(definitions) LOOP
        EXECUTE definitions[place];
    END LOOP;
END $$
"""
WITH_PROGRAM = """
    DROP INDEX IF EXISTS achievements_achievement_id_program;
    ALTER TABLE achievements_achievement ADD CONSTRAINT achievements_achievement_pkey PRIMARY KEY (id, program_id);
    ALTER INDEX achievements_achievement_pkey RENAME TO achievements_achievement_id_program;
"""
ALONE = """
    ALTER TABLE achievements_achievement DROP CONSTRAINT achievements_achievement_id_program;
    ALTER TABLE achievements_achievement ADD CONSTRAINT achievements_achievement_pkey PRIMARY KEY (id);
    CREATE UNIQUE INDEX achievements_achievement_id_program ON achievements_achievement (id, program_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("achievements", "0007_dirty_people"),
        ("catalogue", "0003_tags_never_change"),
        ("people", "0004_same_program"),
        ("programs", "0006_parents_are_checked_together"),
    ]

    operations = [
        CheckedTogether(
            "achievements_achievement",
            {
                "person_id": "people_person",
                "course_id": "catalogue_course",
                "partner_id": "programs_partner",
                "refers_to_id": "achievements_achievement",
            },
        ),
        NeverDeleted("people_person"),
        NeverDeleted("catalogue_course"),
        NeverDeleted("programs_partner"),
        migrations.RunSQL(
            "ALTER TABLE achievements_achievement ALTER fact_key TYPE bytea USING substr(fact_key, 1, 16)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(KEY.replace("<key>", WITH_PROGRAM), KEY.replace("<key>", ALONE)),
        migrations.RemoveConstraint(model_name="achievement", name="achievement_is_said_once"),
        migrations.RemoveConstraint(model_name="achievement", name="achievement_is_changed_once_a_turn"),
        migrations.RemoveIndex(model_name="achievement", name="achievement_by_moment"),
        migrations.RemoveIndex(model_name="achievement", name="achievement_by_source"),
        migrations.RemoveIndex(model_name="achievement", name="achievement_by_partner"),
        migrations.AlterField(
            model_name="achievement",
            name="program",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programs.program",
            ),
        ),
        migrations.AlterField(
            model_name="achievement",
            name="person",
            field=programs.tenancy.ParentKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="achievements",
                to="people.person",
            ),
        ),
        migrations.AlterField(model_name="achievement", name="fact_key", field=models.BinaryField(max_length=16)),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.UniqueConstraint("person", "fact_key", name="achievement_is_said_once"),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.UniqueConstraint(
                models.F("refers_to"),
                models.F("turn"),
                condition=models.Q(("refers_to__isnull", False)),
                name="achievement_is_changed_once_a_turn",
            ),
        ),
        migrations.AddIndex(
            model_name="achievement",
            index=models.Index(
                condition=models.Q(("source", "return"), _negated=True),
                fields=["program", "recorded_at"],
                name="achievement_by_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="achievement",
            index=models.Index(
                condition=models.Q(("source", "return"), _negated=True),
                fields=["source", "source_id"],
                name="achievement_by_source",
            ),
        ),
        migrations.AddIndex(
            model_name="achievement",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["partner", "recorded_at"], name="achievement_by_partner"
            ),
        ),
    ]
