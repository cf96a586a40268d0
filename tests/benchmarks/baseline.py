"""What settling is measured against: one statement, as who writes SQL well would write it, that only counts.

It counts the people who wait into the same counts, with no ledger and nothing remembered of anybody: it could not say
why a figure moved, nor take a person out again. It is right for people who are new, and only then.
"""

from django.db import connection, transaction

from programs.models import MeasureVersion

from .cost import Cost, measured
from .indexes import fetch, run

CELL = "program_id, measure_version_id, grouping, partner_id, day, region, sector, employer_size, age_band, people"
PREPARE = (
    f"CREATE TABLE plain_before AS SELECT {CELL} FROM counting_count",
    "CREATE TABLE plain_changed AS SELECT DISTINCT unnest(people) AS person_id FROM achievements_dirtypeople",
    "CREATE TABLE plain_count (LIKE counting_count INCLUDING ALL)",
    "ANALYZE plain_changed",
)
COPY_COUNTS = (
    "TRUNCATE plain_count",
    f"INSERT INTO plain_count ({CELL}) SELECT {CELL} FROM plain_before",
    "ANALYZE plain_count",
)
# How it finds the people who wait: as one writes it, and as one writes it knowing that the planner would otherwise read
# all facts of the nation.
AS_WRITTEN = "IN (SELECT person_id FROM plain_changed)"
TUNED = "= ANY (ARRAY(SELECT person_id FROM plain_changed))"
COUNT_PLAINLY = f"""
INSERT INTO plain_count ({CELL})
WITH part AS MATERIALIZED (
    SELECT DISTINCT ON (fact.person_id, fact.partner_id)
           fact.person_id, fact.partner_id, fact.achieved_on AS day, fact.fact_key,
           fact.region, fact.sector, fact.employer_size, fact.age_band
    FROM achievements_achievement fact
    JOIN catalogue_course course ON course.id = fact.course_id
    WHERE fact.person_id {{those_who_wait}}
      AND fact.kind = 'achieved' AND fact.evidence >= %(evidence)s AND fact.achieved_on >= %(starts_on)s
      AND %(tag)s = ANY (course.tags)
      AND fact.id NOT IN (
          SELECT refers_to_id FROM achievements_achievement WHERE refers_to_id IS NOT NULL
          GROUP BY refers_to_id HAVING max(turn) %% 2 = 1
      )
    ORDER BY fact.person_id, fact.partner_id, fact.achieved_on, fact.fact_key
), whole AS (
    SELECT DISTINCT ON (person_id) * FROM part ORDER BY person_id, day, fact_key
)
SELECT %(program)s, %(version)s,
       CASE WHEN GROUPING(day) = 0 THEN 'day-region' WHEN GROUPING(sector) = 0 THEN 'region-sector' ELSE 'size-age' END,
       NULL::bigint, day, region, sector, employer_size, age_band, count(*)
FROM whole GROUP BY GROUPING SETS ((day, region), (region, sector), (employer_size, age_band))
UNION ALL
SELECT %(program)s, %(version)s, 'partner-month-region', partner_id, date_trunc('month', day)::date, region,
       NULL, NULL, NULL, count(*)
FROM part GROUP BY partner_id, date_trunc('month', day), region
ON CONFLICT (measure_version_id, grouping, partner_id, day, region, sector, employer_size, age_band)
    DO UPDATE SET people = plain_count.people + excluded.people
"""
DIFFERENT = f"""
    (SELECT {CELL} FROM plain_count EXCEPT ALL SELECT {CELL} FROM counting_count)
    UNION ALL (SELECT {CELL} FROM counting_count EXCEPT ALL SELECT {CELL} FROM plain_count)
"""


def remember_who_waits() -> None:
    """And what is counted without them; before they are settled."""
    run(PREPARE)


def copy_counts() -> None:
    """Gives the statement the counts that it adds to, anew."""
    run(COPY_COUNTS)


def count_plainly(postmaster: int, version: MeasureVersion, *, those_who_wait: str) -> Cost:
    """What the statement costs, committed, with all the memory that it likes for sorting."""
    run(["SET work_mem = '1GB'", "SET jit = off"])
    measure = {
        "program": version.program_id,
        "version": version.pk,
        "evidence": version.evidence,
        "starts_on": version.starts_on,
        "tag": version.tag,
    }
    statement = COUNT_PLAINLY.format(those_who_wait=those_who_wait)
    with measured(postmaster) as cost, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, measure)
    run(["RESET work_mem", "RESET jit"])
    return cost


def assert_counts_are_the_same() -> None:
    """After settling: the statement and the ledger agree on every cell, or they were not the same work."""
    different = fetch(DIFFERENT)
    assert different == [], f"{len(different)} cells differ, such as {different[0]}"
