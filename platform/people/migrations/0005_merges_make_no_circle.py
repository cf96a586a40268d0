from django.db import migrations

# Merges lead from a person who is nobody else yet to another such person, so they can never lead back to where they
# began. The rows of both are locked: of two merges of the same person at once, the second sees the first.
ROOTS = """
    CREATE FUNCTION merge_leads_from_root_to_root() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM people_person
        WHERE id IN (SELECT person_id FROM made UNION SELECT into_id FROM made) ORDER BY id FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT FROM made JOIN people_merge further ON further.person_id = made.into_id
            WHERE made.undone_at IS NULL AND further.undone_at IS NULL
        ) THEN
            RAISE EXCEPTION 'a person can only be merged into one who is not merged: take the one they are counted as'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_leads_from_root_to_root';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER merge_leads_from_root_to_root AFTER INSERT ON people_merge
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION merge_leads_from_root_to_root();
"""
FORGET_ROOTS = """
    DROP TRIGGER merge_leads_from_root_to_root ON people_merge;
    DROP FUNCTION merge_leads_from_root_to_root();
"""
# A merge can be undone once; nothing else of it ever changes.
HISTORY = """
    CREATE FUNCTION merge_is_only_undone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.undone_at IS NULL AND
           (to_jsonb(OLD) - '{undone_at,undone_by_id,undone_because}'::text[]) =
           (to_jsonb(NEW) - '{undone_at,undone_by_id,undone_because}'::text[]) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a merge is history: it can be undone once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merge_is_only_undone';
    END $$;
    CREATE TRIGGER merge_is_only_undone BEFORE UPDATE OR DELETE ON people_merge
        FOR EACH ROW EXECUTE FUNCTION merge_is_only_undone();
"""
FORGET_HISTORY = """
    DROP TRIGGER merge_is_only_undone ON people_merge;
    DROP FUNCTION merge_is_only_undone();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_same_program")]

    operations = [
        migrations.RunSQL(ROOTS, FORGET_ROOTS),
        migrations.RunSQL(HISTORY, FORGET_HISTORY),
    ]
