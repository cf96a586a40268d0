"""The SQL of settling: what each person should contribute, against what is booked.

`due_sql` is the one definition of who counts where; settling applies it to a batch of people, recount to everybody.
"""

CELL = "day, region, sector, employer_size, age_band"

CLAIM = """
WITH taken AS (
    SELECT id, person_id FROM achievements_dirtyperson ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), locked AS (
    SELECT id FROM people_person WHERE id IN (SELECT person_id FROM taken) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
DELETE FROM achievements_dirtyperson dirty USING taken, locked
WHERE dirty.id = taken.id AND taken.person_id = locked.id
RETURNING dirty.person_id
"""


def due_sql(people: str) -> str:
    """CTEs ending in `due`: one row for each grain in which a person counts, `partner_id` null being the whole.

    `people` is a condition on the achievement `a`, such as `a.person_id = ANY(%(people)s)`. The first achievement that
    qualifies decides the cell; on one day the smaller fact key does, so that the order of arrival plays no part.
    """
    return f"""
qualifying AS (
    SELECT v.id AS measure_version_id, a.program_id, a.person_id, a.partner_id, a.id AS achievement_id, a.fact_key,
           a.achieved_on AS day, a.region, a.sector, a.employer_size, a.age_band
    FROM achievements_achievement a
    JOIN catalogue_course c ON c.id = a.course_id
    JOIN programs_measureversion v ON v.program_id = a.program_id
    JOIN counting_openedmeasure o ON o.measure_version_id = v.id
    WHERE {people}
      AND a.kind = 'achieved'
      AND a.evidence >= v.evidence
      AND (v.tag = '' OR v.tag = ANY (c.tags))
      AND (v.starts_on IS NULL OR a.achieved_on >= v.starts_on)
      AND (v.ends_on IS NULL OR a.achieved_on <= v.ends_on)
      AND (cardinality(v.employer_sizes) = 0 OR a.employer_size = ANY (v.employer_sizes))
      AND NOT EXISTS (SELECT FROM achievements_achievement later WHERE later.refers_to_id = a.id)
), due_partner AS (
    SELECT DISTINCT ON (measure_version_id, person_id, partner_id) *
    FROM qualifying ORDER BY measure_version_id, person_id, partner_id, day, fact_key
), due_whole AS (
    SELECT DISTINCT ON (measure_version_id, person_id) *
    FROM due_partner ORDER BY measure_version_id, person_id, day, fact_key
), due AS (
    SELECT program_id, measure_version_id, person_id, partner_id, achievement_id, {CELL} FROM due_partner
    UNION ALL
    SELECT program_id, measure_version_id, person_id, NULL, achievement_id, {CELL} FROM due_whole
)"""  # noqa: S608 - names of our own columns


GROUPINGS = {
    # grouping: (whether it is of the partners' grain, its dimensions)
    "day-region": (False, ("day", "region")),
    "region-sector": (False, ("region", "sector")),
    "size-age": (False, ("employer_size", "age_band")),
    "partner-day-region": (True, ("partner_id", "day", "region")),
}
DIMENSIONS = {
    "partner_id": "bigint",
    "day": "date",
    "region": "text",
    "sector": "text",
    "employer_size": "text",
    "age_band": "text",
}
COUNT_COLUMNS = f"program_id, measure_version_id, grouping, {', '.join(DIMENSIONS)}"


def count_sql(entries: str) -> str:
    """A SELECT of `COUNT_COLUMNS` and `people`: the sums of `entries.quantity` in each cell of each grouping."""
    return " UNION ALL ".join(_grouping_sql(entries, grouping) for grouping in GROUPINGS)


def _grouping_sql(entries: str, grouping: str) -> str:
    is_of_partners, dimensions = GROUPINGS[grouping]
    columns = ", ".join(name if name in dimensions else f"NULL::{kind} AS {name}" for name, kind in DIMENSIONS.items())
    return f"""
    SELECT program_id, measure_version_id, '{grouping}' AS grouping, {columns}, sum(quantity) AS people
    FROM {entries} WHERE partner_id IS {"NOT NULL" if is_of_partners else "NULL"}
    GROUP BY program_id, measure_version_id, {", ".join(dimensions)} HAVING sum(quantity) <> 0"""  # noqa: S608


SETTLE = f"""
WITH {due_sql("a.person_id = ANY (%(people)s)")}, booked AS (
    SELECT * FROM counting_contribution WHERE person_id = ANY (%(people)s)
), change AS (
    SELECT coalesce(due.program_id, booked.program_id) AS program_id,
           coalesce(due.measure_version_id, booked.measure_version_id) AS measure_version_id,
           coalesce(due.person_id, booked.person_id) AS person_id,
           coalesce(due.partner_id, booked.partner_id) AS partner_id,
           due.achievement_id AS due_achievement, due.day AS due_day, due.region AS due_region,
           due.sector AS due_sector, due.employer_size AS due_size, due.age_band AS due_age,
           booked.id AS booked_id, booked.achievement_id AS booked_achievement, booked.day AS booked_day,
           booked.region AS booked_region, booked.sector AS booked_sector,
           booked.employer_size AS booked_size, booked.age_band AS booked_age,
           (due.day, due.region, due.sector, due.employer_size, due.age_band) IS DISTINCT FROM
           (booked.day, booked.region, booked.sector, booked.employer_size, booked.age_band) AS is_moved
    FROM due FULL JOIN booked
      ON due.measure_version_id = booked.measure_version_id AND due.person_id = booked.person_id
     AND coalesce(due.partner_id, 0) = coalesce(booked.partner_id, 0)
    WHERE due.achievement_id IS DISTINCT FROM booked.achievement_id
), caused AS (
    SELECT change.*, CASE
        WHEN booked_id IS NULL THEN 'new'
        WHEN due_achievement IS NULL THEN 'revoked'
        WHEN EXISTS (SELECT FROM achievements_achievement later WHERE later.refers_to_id = booked_achievement)
            THEN 'revoked'
        WHEN due_day < booked_day THEN 'late'
        ELSE 'correction' END AS cause
    FROM change WHERE is_moved
), entry AS (
    INSERT INTO counting_ledgerentry
        (program_id, measure_version_id, partner_id, person_id, achievement_id, {CELL}, quantity, cause, booked_at)
    SELECT program_id, measure_version_id, partner_id, person_id, booked_achievement,
           booked_day, booked_region, booked_sector, booked_size, booked_age, -1, cause, %(at)s
    FROM caused WHERE booked_id IS NOT NULL
    UNION ALL
    SELECT program_id, measure_version_id, partner_id, person_id, due_achievement,
           due_day, due_region, due_sector, due_size, due_age, 1, cause, %(at)s
    FROM caused WHERE due_achievement IS NOT NULL
    RETURNING program_id, measure_version_id, partner_id, {CELL}, quantity
), dropped AS (
    DELETE FROM counting_contribution USING change
    WHERE counting_contribution.id = change.booked_id AND change.due_achievement IS NULL
), kept AS (
    INSERT INTO counting_contribution
        (program_id, measure_version_id, partner_id, person_id, achievement_id, {CELL})
    SELECT program_id, measure_version_id, partner_id, person_id, due_achievement,
           due_day, due_region, due_sector, due_size, due_age
    FROM change WHERE due_achievement IS NOT NULL
    ON CONFLICT (person_id, measure_version_id, partner_id) DO UPDATE SET
        achievement_id = excluded.achievement_id, day = excluded.day, region = excluded.region,
        sector = excluded.sector, employer_size = excluded.employer_size, age_band = excluded.age_band
), counted AS (
    INSERT INTO counting_count ({COUNT_COLUMNS}, people)
    SELECT * FROM ({count_sql("entry")}) delta
    ORDER BY {COUNT_COLUMNS}
    ON CONFLICT (measure_version_id, grouping, partner_id, day, region, sector, employer_size, age_band)
        DO UPDATE SET people = counting_count.people + excluded.people
)
SELECT count(*) FROM entry
"""  # noqa: S608

# Three rows: what was compared, and the number of differences.
_SETTLED = "NOT EXISTS (SELECT FROM achievements_dirtyperson d WHERE d.person_id = {0}.person_id)"
RECOUNT = f"""
WITH {due_sql(_SETTLED.format("a") + " AND a.program_id = ANY (%(programs)s)")}, booked AS (
    SELECT * FROM counting_contribution b WHERE b.program_id = ANY (%(programs)s) AND {_SETTLED.format("b")}
), unlike AS (
    SELECT coalesce(due.measure_version_id, booked.measure_version_id) AS measure_version_id,
           coalesce(due.person_id, booked.person_id) AS person_id,
           booked.day AS booked_day, due.day AS due_day
    FROM due FULL JOIN booked
      ON due.measure_version_id = booked.measure_version_id AND due.person_id = booked.person_id
     AND coalesce(due.partner_id, 0) = coalesce(booked.partner_id, 0)
    WHERE (due.achievement_id, due.day, due.region, due.sector, due.employer_size, due.age_band) IS DISTINCT FROM
          (booked.achievement_id, booked.day, booked.region, booked.sector, booked.employer_size, booked.age_band)
), net AS (
    SELECT measure_version_id, person_id, partner_id, {CELL}, sum(quantity) AS quantity
    FROM counting_ledgerentry WHERE program_id = ANY (%(programs)s)
    GROUP BY measure_version_id, person_id, partner_id, {CELL}
), one AS (
    SELECT measure_version_id, person_id, partner_id, {CELL}, 1 AS quantity
    FROM counting_contribution WHERE program_id = ANY (%(programs)s)
), misbooked AS (
    (SELECT * FROM net WHERE quantity <> 0 EXCEPT ALL SELECT * FROM one)
    UNION ALL
    (SELECT * FROM one EXCEPT ALL SELECT * FROM net WHERE quantity <> 0)
), should AS (
    SELECT {COUNT_COLUMNS}, people FROM ({
    count_sql("(SELECT *, 1 AS quantity FROM counting_contribution WHERE program_id = ANY (%(programs)s)) entry")
}) total
), stands AS (
    SELECT {COUNT_COLUMNS}, people FROM counting_count WHERE program_id = ANY (%(programs)s) AND people <> 0
), miscounted AS (
    (SELECT * FROM should EXCEPT ALL SELECT * FROM stands)
    UNION ALL
    (SELECT * FROM stands EXCEPT ALL SELECT * FROM should)
)
SELECT 'facts and contributions', count(*) FROM unlike
UNION ALL SELECT 'ledger and contributions', count(*) FROM misbooked
UNION ALL SELECT 'counts and contributions', count(*) FROM miscounted
"""  # noqa: S608
