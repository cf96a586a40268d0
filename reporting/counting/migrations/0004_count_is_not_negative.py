from django.db import migrations


class Migration(migrations.Migration):
    """A check would refuse the proposed row of an upsert that only lowers a count, so the rule is an after trigger.

    The queue and the counts change all the time: vacuum them by what changed, not by their size.
    """

    dependencies = [("counting", "0003_entries_are_only_added"), ("achievements", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_negative_count() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'count % would be %', NEW.id, NEW.people
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'count_is_not_negative';
            END $$;
            CREATE TRIGGER count_is_not_negative AFTER INSERT OR UPDATE ON counting_count
                FOR EACH ROW WHEN (NEW.people < 0) EXECUTE FUNCTION refuse_negative_count();
            ALTER TABLE achievements_dirtyperson
                SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
            ALTER TABLE counting_count
                SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, fillfactor = 70);
            """,
            """
            DROP TRIGGER count_is_not_negative ON counting_count;
            DROP FUNCTION refuse_negative_count();
            ALTER TABLE achievements_dirtyperson RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
            ALTER TABLE counting_count RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, fillfactor);
            """,
        )
    ]
