from django.db import migrations


class Migration(migrations.Migration):
    """Nobody publishes a draft in which they have written, whoever submitted it."""

    dependencies = [("authoring", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_publishing_ones_own_draft() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM authoring_revision WHERE draft_id = NEW.id AND by_id = NEW.decided_by_id
                ) THEN
                    RAISE EXCEPTION 'draft % is published by somebody who has written in it', NEW.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'draft_is_published_by_a_second_person';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER authoring_draft_second_person BEFORE INSERT OR UPDATE ON authoring_draft
                FOR EACH ROW WHEN (NEW.state = 'published') EXECUTE FUNCTION refuse_publishing_ones_own_draft();
            """,
            """
            DROP TRIGGER authoring_draft_second_person ON authoring_draft;
            DROP FUNCTION refuse_publishing_ones_own_draft();
            """,
        )
    ]
