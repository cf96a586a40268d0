"""The SQL of settling: one statement that books what people should contribute against what is booked.

`due_sql` says who counts where; recount says it again in its own way (`comparison.py`). How the steps of the statement
wait for each other, and why its plan does not hang on statistics: docs/decisions/0012-ledger.md. What it knows of
merges is in `aliases.py`.
"""

from courses.achievements.models import NEIGHBOURS
from reporting.counting.aliases import MEMBERS, MOVED, forward_sql

CELL = ("day", "region", "sector", "employer_size", "age_band")

# The planner knows how many people a batch has only when it runs. Its guesses would change with the size of the tables;
# hash joins and index scans over the people's numbers cost the same whatever the history. A table that looks small
# would be read as a whole, and the people of the batch be searched through for each of its rows. Joins are made in the
# order in which they are written: to weigh others takes longer than some of them.
# A worker that hangs loses its lane.
PLAN = """
SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_seqscan = off;
SET LOCAL join_collapse_limit = 1;
SET LOCAL jit = off;
SET LOCAL work_mem = '128MB';
SET LOCAL idle_in_transaction_session_timeout = '10s'
"""

CLAIM = """
SELECT lane.program_id, lane.number
FROM counting_lane lane
CROSS JOIN LATERAL (
    SELECT marked_at FROM achievements_dirtypeople dirty
    WHERE dirty.program_id = lane.program_id AND dirty.lane = lane.number ORDER BY marked_at LIMIT 1
) oldest
WHERE lane.program_id || '/' || lane.number <> ALL (%(besides)s)
ORDER BY oldest.marked_at
LIMIT 1
FOR NO KEY UPDATE OF lane SKIP LOCKED
"""

# The rows that have waited longest, until they name `limit` people or more.
TAKE = """
    DELETE FROM achievements_dirtypeople WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM (
            SELECT ctid, sum(number) OVER (ORDER BY marked_at, id) - number AS before FROM (
                SELECT ctid, id, marked_at, number FROM achievements_dirtypeople
                WHERE program_id = %(program)s AND lane = %(lane)s ORDER BY marked_at, id LIMIT %(limit)s
            ) oldest
        ) counted WHERE before < %(limit)s
    ))
    RETURNING people, marked_at"""

NAMED = "SELECT %(people)s::bigint[] AS people, %(at)s::timestamptz AS marked_at"

# Facts that a measure version may count, but for the day: the courses with its tag, and its other conditions.
COUNTABLE = """
    SELECT version.id AS measure_version_id, course.id AS course_id, version.evidence,
           coalesce(version.starts_on, '-infinity') AS starts_on, coalesce(version.ends_on, 'infinity') AS ends_on,
           version.employer_sizes, cardinality(version.employer_sizes) = 0 AS any_size,
           opened.marked_at IS NOT NULL AS everybody_was_marked
    FROM programs_measureversion version
    JOIN counting_openedmeasure opened ON opened.measure_version_id = version.id
    JOIN catalogue_course course ON course.program_id = version.program_id
        AND (version.tag = '' OR version.tag = ANY (course.tags))
    WHERE version.program_id = %(program)s"""
QUALIFIES = """fact.course_id = countable.course_id AND fact.refers_to_id IS NULL
        AND fact.evidence >= countable.evidence
        AND fact.achieved_on BETWEEN countable.starts_on AND countable.ends_on
        AND (countable.any_size OR fact.employer_size = ANY (countable.employer_sizes))"""


def due_sql(people: str) -> str:
    """CTEs ending in `due`: a row for each partner with whom a person counts; `is_first` where they count in the whole.

    `people` is a condition on the table `fact`; the facts of those in `joined` are due for whom they stand for. The
    first achievement that qualifies decides the cell; on one day the smaller fact key does, so that the order of
    arrival plays no part. `turn` counts how often it was revoked and restored (null: never), `first_turn` the same of
    the person's first one.
    """
    return f"""countable AS MATERIALIZED ({COUNTABLE}
), changed AS MATERIALIZED (
    SELECT refers_to_id AS achievement_id, max(turn) AS turn
    FROM achievements_achievement fact WHERE refers_to_id IS NOT NULL AND {people} GROUP BY refers_to_id
), standing AS ({_standing_sql(people, has_aliases=False)}
    UNION ALL {_standing_sql(people, has_aliases=True)}
), due_part AS (
    SELECT DISTINCT ON (person_id, measure_version_id, partner_id) * FROM standing
    ORDER BY person_id, measure_version_id, partner_id, day, fact_key
), due AS (
    SELECT *, row_number() OVER first = 1 AS is_first, first_value(turn) OVER first AS first_turn
    FROM due_part WINDOW first AS (PARTITION BY person_id, measure_version_id ORDER BY day, fact_key)
)"""  # noqa: S608 - names of our own columns


def _standing_sql(people: str, *, has_aliases: bool) -> str:
    """Facts that count and stand, of the person for whom they count. There are two: where nobody stands for another, as
    in nearly every batch, nobody is looked up; the other one is never begun."""
    person = "coalesce(joined.stands_for_id, fact.person_id)" if has_aliases else "fact.person_id"
    look_up = "LEFT JOIN joined ON joined.person_id = fact.person_id" if has_aliases else ""
    return f"""
    SELECT {person} AS person_id, countable.measure_version_id, fact.partner_id, fact.id AS achievement_id,
           fact.achieved_on AS day, fact.fact_key, fact.region, fact.sector, fact.employer_size, fact.age_band,
           changed.turn
    FROM achievements_achievement fact
    JOIN countable ON {QUALIFIES}
    LEFT JOIN changed ON changed.achievement_id = fact.id
    {look_up}
    WHERE {people} AND coalesce(changed.turn, 0) %% 2 = 0
      AND {"EXISTS" if has_aliases else "NOT EXISTS"} (SELECT FROM joined)"""  # noqa: S608 - names of our own columns


def columns(table: str, names: tuple[str, ...] = CELL) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


GROUPINGS = {
    "day-region": ("day", "region"),
    "region-sector": ("region", "sector"),
    "size-age": ("employer_size", "age_band"),
}
COUNT_COLUMNS = "measure_version_id, grouping, partner_id, day, region, sector, employer_size, age_band"
MONTH = "day - (date_part('day', day)::integer - 1)"


def count_sql(entries: str) -> str:
    """A SELECT of `COUNT_COLUMNS` and `people`: what `entries` change in each cell of each grouping."""
    sets = ", ".join(f"(measure_version_id, {', '.join(names)})" for names in GROUPINGS.values())
    return f"""
    SELECT measure_version_id,
           CASE WHEN GROUPING(day) = 0 THEN 'day-region' WHEN GROUPING(sector) = 0 THEN 'region-sector'
                ELSE 'size-age' END AS grouping,
           NULL::bigint AS partner_id, {", ".join(CELL)}, sum(whole) AS people
    FROM {entries} WHERE whole <> 0 GROUP BY GROUPING SETS ({sets}) HAVING sum(whole) <> 0
    UNION ALL
    SELECT measure_version_id, 'partner-month-region', partner_id, {MONTH}, region, NULL, NULL, NULL, sum(part)
    FROM {entries} WHERE part <> 0 GROUP BY measure_version_id, partner_id, 4, region HAVING sum(part) <> 0"""  # noqa: S608


PEOPLE = "fact.person_id = ANY ((SELECT ids FROM people)::bigint[])"
THEIR_MEMBERS = "fact.person_id = ANY ((SELECT ids FROM members)::bigint[])"
# Why a person leaves a cell, enters one with a partner anew, or counts in the whole at another partner than before.
CAUSE_OF_LEAVING = """CASE
        WHEN change.was_struck THEN 'revoked'
        WHEN change.turn > 0 THEN 'restored'
        WHEN (change.day, change.achievement_id) IS NULL OR change.day > change.was_day THEN 'correction'
        ELSE 'late' END"""
CAUSE_OF_ENTERING = """CASE
        WHEN change.turn > 0 AND (change.step > 0 OR change.is_first AND whole.was_day IS NOT NULL) THEN 'restored'
        WHEN change.is_first AND NOT whole.was_struck AND change.day <= whole.was_day THEN 'late'
        ELSE 'new' END"""
CAUSE_OF_MOVING = """CASE
        WHEN whole.was_struck THEN 'revoked'
        WHEN change.first_turn > 0 THEN 'restored'
        WHEN change.day <= whole.was_day THEN 'late'
        ELSE 'correction' END"""


# What stands for each person, measure version and partner, beside what is due: who leaves, who enters, who stays and
# counts in the whole at another partner than before.
CHANGE = f"""
booked AS (
    SELECT DISTINCT ON (fact.person_id, fact.measure_version_id, fact.partner_id) fact.*
    FROM counting_ledgerentry fact WHERE {PEOPLE} AND fact.program_id = %(program)s
    ORDER BY fact.person_id, fact.measure_version_id, fact.partner_id, fact.step DESC
), stands AS (
    SELECT booked.*, booked.part >= 0 AS is_in, booked.whole = 1 AS was_first,
           coalesce(changed.turn, 0) %% 2 = 1 AS was_struck
    FROM booked LEFT JOIN changed ON changed.achievement_id = booked.achievement_id
), whole AS (
    SELECT person_id, measure_version_id, achievement_id, day AS was_day, was_struck FROM stands WHERE was_first
), compared AS (
    SELECT coalesce(due.person_id, stands.person_id) AS person_id,
           coalesce(due.measure_version_id, stands.measure_version_id) AS measure_version_id,
           coalesce(due.partner_id, stands.partner_id) AS partner_id,
           due.achievement_id, {columns("due")}, due.turn, due.first_turn, due.is_first,
           coalesce(stands.step, 0) AS step, stands.achievement_id AS was_achievement_id,
           {", ".join(f"stands.{name} AS was_{name}" for name in CELL)},
           coalesce(stands.is_in, false) AS is_in, stands.was_first, stands.was_struck,
           (due.achievement_id, {columns("due")}) IS NOT DISTINCT FROM
           (stands.achievement_id, {columns("stands")}) AS is_same
    FROM due FULL JOIN stands USING (person_id, measure_version_id, partner_id)
), change AS (
    SELECT *, is_in AND NOT is_same AS leaves, achievement_id IS NOT NULL AND NOT (is_in AND is_same) AS enters
    FROM compared
    WHERE (is_in OR achievement_id IS NOT NULL) AND NOT (is_in AND is_same AND is_first = was_first)
)"""  # noqa: S608 - names of our own columns


def line_sql(cause: str) -> str:
    """A SELECT of the lines by which the changes are booked; `cause`, if it is given, stands in all of them."""
    leaving, entering, moving = (f"'{cause}'",) * 3 if cause else (CAUSE_OF_LEAVING, CAUSE_OF_ENTERING, CAUSE_OF_MOVING)
    return f"""
    SELECT change.person_id, change.measure_version_id, change.partner_id, change.step + 1 AS step,
           change.was_achievement_id AS achievement_id, {", ".join(f"change.was_{name}" for name in CELL)},
           -1 AS part, -(change.was_first::integer) AS whole, {leaving} AS cause
    FROM change WHERE leaves
    UNION ALL
    SELECT change.person_id, change.measure_version_id, change.partner_id, change.step + 1 + change.leaves::integer,
           change.achievement_id, {columns("change")}, 1, change.is_first::integer,
           CASE WHEN change.leaves THEN {leaving} ELSE {entering} END
    FROM change LEFT JOIN whole USING (person_id, measure_version_id) WHERE enters
    UNION ALL
    SELECT change.person_id, change.measure_version_id, change.partner_id, change.step + 1,
           change.achievement_id, {columns("change")}, 0, CASE WHEN change.is_first THEN 1 ELSE -1 END, {moving}
    FROM change LEFT JOIN whole USING (person_id, measure_version_id) WHERE NOT leaves AND NOT enters"""  # noqa: S608


def explained_line_sql(cause: str) -> str:
    """CTEs ending in `line`: the lines, with the causes that only merges know; where these say nothing, unchanged."""
    if cause:
        return f"line AS ({line_sql(cause)})"
    named = f"person_id, measure_version_id, partner_id, step, achievement_id, {', '.join(CELL)}, part, whole"
    plain = line_sql("")
    return f"""{MOVED}, line AS (
    SELECT plain.* FROM ({plain}) plain WHERE NOT EXISTS (SELECT FROM moved)
    UNION ALL
    SELECT {named}, coalesce(moved.cause, plain.cause)
    FROM ({plain}) plain ({named}, cause) LEFT JOIN moved USING (person_id, measure_version_id, partner_id)
    WHERE EXISTS (SELECT FROM moved)
)"""  # noqa: S608


# The entries, then the turn of the ledger, which waits for its lock, then what needs the turn: posting and counts.
POST = f"""
posting AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('counting_posting', 'id')) AS id
    FROM counting_ledger WHERE program_id = %(program)s
), entry AS (
    INSERT INTO counting_ledgerentry
        (person_id, measure_version_id, partner_id, step, achievement_id, {", ".join(CELL)}, part, whole, cause,
         program_id, posting_id)
    SELECT line.*, %(program)s, (SELECT id FROM posting) FROM line ORDER BY person_id
    RETURNING measure_version_id, partner_id, {", ".join(CELL)}, part, whole
), total AS MATERIALIZED (
    SELECT count(*) AS entries, sum(whole) AS whole, sum(part) AS part FROM entry
), turned AS (
    UPDATE counting_ledger SET
        number = number + 1,
        closed_until = greatest(%(at)s::timestamptz, closed_until + interval '1 microsecond')
    WHERE program_id = %(program)s AND (SELECT entries FROM total) > 0
    RETURNING number, closed_until
), posted AS (
    INSERT INTO counting_posting (id, program_id, number, posted_at, people, entries, whole, part, reason)
    SELECT (SELECT id FROM posting), %(program)s, number, closed_until, (SELECT cardinality(ids) FROM people),
           total.entries, total.whole, total.part, %(reason)s
    FROM turned CROSS JOIN total
), counted AS (
    INSERT INTO counting_count (program_id, {COUNT_COLUMNS}, people)
    SELECT %(program)s, delta.* FROM turned CROSS JOIN ({count_sql("entry")}) delta
    ON CONFLICT ({COUNT_COLUMNS}) DO UPDATE SET people = counting_count.people + excluded.people
)"""  # noqa: S608


def settle_sql(people: str, cause: str = "") -> str:
    """The statement that settles the people of the SELECT `people` of arrays, all of one program.

    It answers how many they were and the posting, if anything was booked. The caller holds the lock of their lanes.
    `cause`, if it is given, stands in every entry instead of what the facts say.
    """
    return f"""
WITH taken AS ({people}
), people AS MATERIALIZED (
    SELECT array_agg(DISTINCT person_id) AS ids FROM taken CROSS JOIN unnest(people) person_id
), {MEMBERS}, {forward_sql(NEIGHBOURS)}, {due_sql(THEIR_MEMBERS)}, {CHANGE}, {explained_line_sql(cause)}, {POST}
SELECT coalesce((SELECT cardinality(ids) FROM people), 0), (SELECT id FROM posting WHERE EXISTS (SELECT FROM turned))
"""  # noqa: S608


SETTLE = settle_sql(TAKE)
REBOOK = settle_sql(NAMED, cause="repair")
