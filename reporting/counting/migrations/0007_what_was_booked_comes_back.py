from django.db import migrations

from programs.tenancy import AppendOnly, SameProgram

# Every moment at which something was booked becomes a posting, and every person's bookings become steps: the booking of
# the whole joins that of the partner whose achievement decided it, where cause and moment are the same.
BOOK_AGAIN = """
    INSERT INTO counting_ledger (program_id, number, closed_until)
    SELECT program.id, 0, coalesce(max(old.booked_at), '1970-01-01+00')
    FROM programs_program program LEFT JOIN counting_oldentry old ON old.program_id = program.id GROUP BY program.id;

    INSERT INTO counting_lane (program_id, number)
    SELECT program.id, number FROM programs_program program, generate_series(0, 7) number;

    INSERT INTO counting_posting (program_id, number, posted_at, people, reason)
    SELECT program_id, row_number() OVER (PARTITION BY program_id ORDER BY booked_at), booked_at,
           count(DISTINCT person_id), ''
    FROM counting_oldentry GROUP BY program_id, booked_at;

    UPDATE counting_ledger SET number = last.number
    FROM (SELECT program_id, max(number) AS number FROM counting_posting GROUP BY program_id) last
    WHERE last.program_id = counting_ledger.program_id;

    WITH line AS (
        SELECT old.program_id, old.person_id, old.measure_version_id, fact.partner_id, old.booked_at,
               old.achievement_id, old.day, old.region, old.sector, old.employer_size, old.age_band, old.cause,
               coalesce(sum(quantity) FILTER (WHERE old.partner_id IS NOT NULL), 0) AS part,
               coalesce(sum(quantity) FILTER (WHERE old.partner_id IS NULL), 0) AS whole
        FROM counting_oldentry old JOIN achievements_achievement fact ON fact.id = old.achievement_id
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, old.quantity
    )
    INSERT INTO counting_ledgerentry
        (person_id, measure_version_id, partner_id, step, program_id, posting_id, achievement_id,
         day, region, sector, employer_size, age_band, part, whole, cause)
    SELECT person_id, measure_version_id, partner_id,
           row_number() OVER (
               PARTITION BY person_id, measure_version_id, partner_id
               ORDER BY booked_at, part + whole, CASE WHEN part + whole < 0 THEN part = -1 ELSE part = 0 END
           ),
           line.program_id, posting.id, achievement_id, day, region, sector, employer_size, age_band, part, whole, cause
    FROM line JOIN counting_posting posting
        ON posting.program_id = line.program_id AND posting.posted_at = line.booked_at;

    DROP TABLE counting_oldentry;

    INSERT INTO counting_count
        (program_id, measure_version_id, grouping, partner_id, day, region, people)
    SELECT program_id, measure_version_id, 'partner-month-region', partner_id, date_trunc('month', day)::date, region,
           sum(people)
    FROM counting_count WHERE grouping = 'partner-day-region'
    GROUP BY program_id, measure_version_id, partner_id, date_trunc('month', day), region;

    DELETE FROM counting_count WHERE grouping = 'partner-day-region';

    INSERT INTO achievements_dirtyperson (program_id, person_id, marked_at)
    SELECT DISTINCT program_id, person_id, now() FROM achievements_achievement;

    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("counting", "0006_entries_book_part_and_whole"),
        ("achievements", "0004_turns_and_lanes"),
        ("programs", "0003_append_only"),
    ]

    operations = [
        migrations.RunSQL(BOOK_AGAIN),
        SameProgram("counting_recount", "repaired_by_id", "counting_posting"),
        AppendOnly("counting_posting"),
        AppendOnly("counting_ledgerentry"),
    ]
