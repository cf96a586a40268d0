from django.db import migrations


class Migration(migrations.Migration):
    """The functions behind programs.tenancy.CheckedTogether and NeverDeleted."""

    dependencies = [("programs", "0005_api_tokens")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_parents_of_other_programs() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                missing bigint;
                same_program text;
            BEGIN
                FOR place IN 0 .. TG_NARGS / 2 - 1 LOOP
                    same_program := CASE WHEN TG_ARGV[place * 2 + 1] = 'programs_program' THEN ''
                        ELSE 'AND parent.program_id = child.program_id' END;
                    EXECUTE format(
                        'SELECT child.id FROM (
                             SELECT DISTINCT %1$I AS id, program_id FROM added WHERE %1$I IS NOT NULL
                         ) child
                         WHERE NOT EXISTS (
                             SELECT FROM %2$I parent
                             WHERE parent.id = child.id ' || same_program || '
                         ) LIMIT 1', TG_ARGV[place * 2], TG_ARGV[place * 2 + 1]
                    ) INTO missing;
                    IF missing IS NOT NULL THEN
                        RAISE EXCEPTION '% of % is no row of % in the same program: %',
                            TG_ARGV[place * 2], TG_TABLE_NAME, TG_ARGV[place * 2 + 1], missing
                            USING ERRCODE = 'foreign_key_violation';
                    END IF;
                END LOOP;
                RETURN NULL;
            END $$;
            CREATE FUNCTION refuse_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND (OLD.id, OLD.program_id) = (NEW.id, NEW.program_id) THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'rows of % stay where they are: % refused', TG_TABLE_NAME, TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            """,
            "DROP FUNCTION refuse_leaving(); DROP FUNCTION refuse_parents_of_other_programs();",
        )
    ]
