from django.db import migrations


class Migration(migrations.Migration):
    """A course's tags are part of what published figures mean: another meaning is another course."""

    dependencies = [("catalogue", "0002_same_program")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_change_of_tags() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the tags of course % never change: figures are defined by them', OLD.code
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            CREATE TRIGGER course_tags_never_change BEFORE UPDATE OF tags, program_id ON catalogue_course
                FOR EACH ROW WHEN (OLD.tags <> NEW.tags OR OLD.program_id <> NEW.program_id)
                EXECUTE FUNCTION refuse_change_of_tags();
            """,
            """
            DROP TRIGGER course_tags_never_change ON catalogue_course;
            DROP FUNCTION refuse_change_of_tags();
            """,
        )
    ]
