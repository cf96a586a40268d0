"""The SQL of recount: ledger and counts against a count from scratch, on one snapshot.

It shares with settling what the conditions of a measure are, and no step of how people come to be booked. What is
booked for a person is right exactly if every fact that counts has a standing entry of its partner that is not later
than it, every standing entry is of a fact that counts, in that fact's cell, and the person counts in the whole at the
partner of the earliest standing entry and nowhere else. To check that, the facts need not be sorted. People who wait to
be settled are left out, and so is who is missing from a version for which nobody was marked yet.
"""

from reporting.counting.settlement import COUNT_COLUMNS, COUNTABLE, MEETS, columns, count_sql

# The last step of each person, measure version and partner, where it says that they count.
_LAST = f"""
SELECT entry.person_id, entry.measure_version_id, entry.partner_id, entry.achievement_id, {columns("entry")},
       1 AS part, (entry.whole = 1)::integer AS whole
FROM counting_ledgerentry entry
WHERE entry.program_id = %(program)s AND entry.part >= 0 AND NOT EXISTS (
    SELECT FROM counting_ledgerentry later
    WHERE later.person_id = entry.person_id AND later.measure_version_id = entry.measure_version_id
      AND later.partner_id = entry.partner_id AND later.step = entry.step + 1 AND later.step > 1
)"""  # noqa: S608 - names of our own columns
STANDING = f"CREATE TEMPORARY TABLE standing ON COMMIT DROP AS {_LAST}"

# Every fact that counts, beside the standing entry of its person and partner. Inside CASE the planner does not guess
# how few facts meet the conditions: nearly all do. No temporary table is read, so that processes may share the work.
_SAME_CELL = f"({columns('fact')}) = ({columns('entry')})".replace("fact.day", "fact.achieved_on")
_PAIRED = f"""
SELECT fact.id, fact.person_id, countable.measure_version_id, fact.partner_id, fact.achieved_on, fact.fact_key,
       entry.day, entry.achievement_id, fact.id = entry.achievement_id AND {_SAME_CELL} AS is_founding,
       entry.achievement_id IS NULL AND countable.everybody_was_marked AS is_missing
FROM achievements_achievement fact
JOIN ({COUNTABLE}) countable ON fact.course_id = countable.course_id AND CASE WHEN {MEETS} THEN true END
LEFT JOIN ({_LAST}) entry ON entry.person_id = fact.person_id AND entry.partner_id = fact.partner_id
    AND entry.measure_version_id = countable.measure_version_id
WHERE fact.program_id = %(program)s AND fact.kind = 'achieved' AND {{facts}}
  AND fact.id NOT IN (
    SELECT refers_to_id FROM achievements_achievement
    WHERE program_id = %(program)s AND refers_to_id IS NOT NULL GROUP BY refers_to_id HAVING max(turn) %% 2 = 1
  )
  AND NOT EXISTS (SELECT FROM achievements_dirtyperson waiting WHERE waiting.person_id = fact.person_id)"""  # noqa: S608

# One pass over the facts: how many are booked as they are, and which ones need a closer look.
PAIRED = f"""
SELECT count(*) FILTER (WHERE is_founding),
       array_agg(id) FILTER (WHERE is_missing OR (achieved_on <= day AND id <> achievement_id))
FROM ({_PAIRED.format(facts="true")}) paired"""  # noqa: S608
SETTLED = """
SELECT count(*) FROM standing
WHERE NOT EXISTS (SELECT FROM achievements_dirtyperson waiting WHERE waiting.person_id = standing.person_id)"""

# The closer look. On one day the smaller fact key decides.
UNBOOKED = f"""
SELECT paired.person_id, paired.measure_version_id, paired.partner_id
FROM ({_PAIRED.format(facts="fact.id = ANY (%(facts)s)")}) paired
LEFT JOIN achievements_achievement booked ON booked.id = paired.achievement_id
WHERE paired.is_missing OR paired.achieved_on < paired.day
   OR (paired.achieved_on = paired.day AND paired.fact_key < booked.fact_key)"""  # noqa: S608

UNFOUNDED = f"""
SELECT person_id, measure_version_id, partner_id FROM standing
WHERE NOT EXISTS (SELECT FROM achievements_dirtyperson waiting WHERE waiting.person_id = standing.person_id)
AND NOT EXISTS (
    SELECT FROM ({_PAIRED.format(facts="true")}) paired
    WHERE paired.id = standing.achievement_id AND paired.measure_version_id = standing.measure_version_id
      AND paired.is_founding
)"""  # noqa: S608

# People who do not count in the whole exactly at their earliest entry.
MISPLACED = """
WITH person AS (
    SELECT person_id, measure_version_id FROM standing
    GROUP BY person_id, measure_version_id
    HAVING sum(whole) <> 1 OR min(day) FILTER (WHERE whole = 0) <= min(day) FILTER (WHERE whole = 1)
)
SELECT person_id, measure_version_id, NULL FROM (
    SELECT standing.person_id, standing.measure_version_id, whole, row_number() OVER (
        PARTITION BY standing.person_id, standing.measure_version_id ORDER BY standing.day, fact.fact_key
    ) AS place
    FROM person JOIN standing USING (person_id, measure_version_id)
    CROSS JOIN LATERAL (SELECT fact_key FROM achievements_achievement WHERE id = standing.achievement_id OFFSET 0) fact
) ranked
WHERE person_id NOT IN (SELECT person_id FROM achievements_dirtyperson WHERE program_id = %(program)s)
GROUP BY person_id, measure_version_id HAVING count(*) FILTER (WHERE (place = 1) <> (whole = 1)) > 0"""

# What an entry may be after the one before it, and in which posting. The first one brings a person in.
BROKEN = f"""
SELECT (
    SELECT count(*) FROM counting_ledgerentry entry
    WHERE entry.program_id = %(program)s AND (
        (entry.step = 1 AND entry.part <> 1)
        OR entry.posting_id NOT IN (SELECT id FROM counting_posting WHERE program_id = %(program)s)
    )
) + (
    SELECT count(*) FROM counting_ledgerentry entry
    LEFT JOIN counting_ledgerentry before
        ON before.person_id = entry.person_id AND before.measure_version_id = entry.measure_version_id
       AND before.partner_id = entry.partner_id AND before.step = entry.step - 1
    WHERE entry.program_id = %(program)s AND entry.step > 1 AND (
        (entry.part = 1) <> coalesce(before.part = -1, false)
        OR (entry.part < 1 AND (before.achievement_id, {columns("before")}) IS DISTINCT FROM
                               (entry.achievement_id, {columns("entry")}))
        OR (entry.part = -1 AND entry.whole <> -(before.whole = 1)::integer)
        OR (entry.part = 0 AND (entry.whole = 1) = (before.whole = 1))
        OR before.step IS NULL
        OR (SELECT number FROM counting_posting WHERE id = before.posting_id)
         > (SELECT number FROM counting_posting WHERE id = entry.posting_id)
    )
) + (
    SELECT count(*) FROM counting_ledgerentry entry JOIN achievements_achievement fact ON fact.id = entry.achievement_id
    WHERE entry.program_id = %(program)s AND (entry.step > 1 OR entry.part < 1) AND NOT {_SAME_CELL}
)"""  # noqa: S608

# Postings that do not follow from the one before, or whose entries are not those that they were posted with.
BROKEN_POSTINGS = """
WITH entries AS (
    SELECT posting_id, count(*) AS entries, sum(whole) AS whole, sum(part) AS part
    FROM counting_ledgerentry WHERE program_id = %(program)s GROUP BY posting_id
), posting AS (
    SELECT id, number, posted_at, entries, whole, part,
           lag(number, 1, 0::bigint) OVER (ORDER BY number) AS last_number,
           lag(posted_at) OVER (ORDER BY number) AS last_at
    FROM counting_posting WHERE program_id = %(program)s
)
SELECT (
    SELECT count(*) FROM posting LEFT JOIN entries ON entries.posting_id = posting.id
    WHERE posting.number <> posting.last_number + 1 OR posting.posted_at <= posting.last_at
       OR (posting.entries, posting.whole, posting.part) <>
          (coalesce(entries.entries, 0), coalesce(entries.whole, 0), coalesce(entries.part, 0))
) + (
    SELECT count(*) FROM counting_ledger ledger WHERE program_id = %(program)s AND (
        number <> (SELECT coalesce(max(number), 0) FROM posting) OR closed_until < (SELECT max(posted_at) FROM posting)
    )
)"""

MISCOUNTED = f"""
SELECT {COUNT_COLUMNS}, sum(should_be)::integer AS should_be, sum(people)::integer AS people FROM (
    SELECT {COUNT_COLUMNS}, people AS should_be, 0 AS people FROM ({count_sql("standing")}) booked
    UNION ALL
    SELECT {COUNT_COLUMNS}, 0, people FROM counting_count WHERE program_id = %(program)s
) cell
GROUP BY {COUNT_COLUMNS} HAVING sum(should_be) <> sum(people)"""  # noqa: S608

CORRECT_COUNTS = f"""
INSERT INTO counting_count (program_id, {COUNT_COLUMNS}, people)
SELECT %(program)s, {COUNT_COLUMNS}, should_be - people FROM ({MISCOUNTED}) miscounted
ON CONFLICT ({COUNT_COLUMNS}) DO UPDATE SET people = counting_count.people + excluded.people"""  # noqa: S608
