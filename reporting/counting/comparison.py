"""The SQL of recount: ledger and counts against a count from scratch, on one snapshot.

It shares no step of how people come to be booked with settling, nor how settling finds out which facts meet a measure.
What is booked under a measure version is right exactly if

- each fact that counts has a standing entry of its person and partner, and that is not of a later fact;
- each fact that counts finds an entry by which its person counts in the whole, and that is not of a later fact either;
- each standing entry is of a fact that counts, in that fact's cell.

To check that, the facts need not be sorted, and each is looked at alone. Of two entries by which one person counts in
the whole, one is later than the other's fact, or has no fact. Entries with a fact are counted, apart for the whole and
for the parts beside it, and must be as many as the books add up to; if not, those without are looked for. What comes of
it is no difference if it concerns people who wait to be settled, or who is missing from a version for which nobody was
marked yet. The books themselves are checked for what follows what. No statement makes a temporary table, so that
processes may share the work.

The person of a fact is whom the merges lead to. Recount follows the merges itself (`roots`) and never looks at aliases,
from which settling knows it.
"""

from collections.abc import Mapping

from reporting.counting.settlement import CELL, COUNT_COLUMNS, GROUPINGS, MONTH, columns

# Lookups by NOT IN are hashed, and each process that shares the work has its own. The planner must be allowed the
# memory for them, or it would search the list for every row. The processes run on one machine: to hand over rows costs
# less than is usually reckoned.
PLAN = """
SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
SET LOCAL hash_mem_multiplier = 8;
SET LOCAL parallel_tuple_cost = 0.01
"""
PLAN_FOR_FEW = "SET LOCAL enable_nestloop = on"

STANDING_MERGES = "SELECT person_id, into_id FROM people_merge WHERE program_id = %(program)s AND undone_at IS NULL"


def roots(into: Mapping[int, int]) -> dict[int, int]:
    """Where everybody gets who goes on to whom they are merged into, from person to person."""
    ends = dict[int, int]()
    for person in into:
        way = [person]
        while way[-1] in into and way[-1] not in ends:
            way.append(into[way[-1]])
        end = ends.get(way[-1], way[-1])
        ends |= dict.fromkeys(way[:-1], end)
    return ends


# Without merges nobody needs to be looked up.
_MERGED = "unnest(%(merged)s::bigint[], %(roots)s::bigint[])"


def _facts(*, merges: bool) -> str:
    """The table `fact`; `_person` is whom it counts for."""
    merged = f" LEFT JOIN {_MERGED} merged (person_id, root_id) ON merged.person_id = fact.person_id"
    return "achievements_achievement fact" + (merged if merges else "")


def _person(*, merges: bool) -> str:
    return "coalesce(merged.root_id, fact.person_id)" if merges else "fact.person_id"


def _waiting(*, merges: bool) -> str:
    """Who waits to be settled; who stands for somebody lets them wait, too."""
    waiting = """
    SELECT person_id FROM achievements_dirtypeople CROSS JOIN unnest(people) person_id
    WHERE program_id = %(program)s AND person_id IS NOT NULL"""
    if not merges:
        return waiting
    return f"""{waiting} UNION ALL
    SELECT root_id FROM {_MERGED} merged (merged_id, root_id) JOIN ({waiting}) waiting ON person_id = merged_id"""  # noqa: S608


_REVOKED = """
    SELECT refers_to_id FROM achievements_achievement
    WHERE program_id = %(program)s AND refers_to_id IS NOT NULL GROUP BY refers_to_id HAVING max(turn) %% 2 = 1"""
_COUNTS = f"""fact.course_id = ANY (%(courses)s::bigint[]) AND fact.refers_to_id IS NULL
    AND fact.evidence >= %(evidence)s AND fact.achieved_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
    AND (cardinality(%(employer_sizes)s::text[]) = 0 OR fact.employer_size = ANY (%(employer_sizes)s::text[]))
    AND fact.id NOT IN ({_REVOKED})"""


# Few steps are looked up, many are joined: the join is planned so that it costs more, but it may use the disk.
FEW = 1_000_000
_IS_LAST_OF_FEW = """(entry.person_id, entry.partner_id, entry.step) NOT IN (
        SELECT person_id, partner_id, step - 1 FROM counting_ledgerentry
        WHERE measure_version_id = %(version)s AND step > 1
    )"""
_IS_LAST_OF_MANY = """NOT EXISTS (
        SELECT FROM counting_ledgerentry later
        WHERE later.measure_version_id = %(version)s AND later.person_id = entry.person_id
          AND later.partner_id = entry.partner_id AND later.step = entry.step + 1 AND later.step > 1
    )"""


def _standing(condition: str, *, later_steps: int) -> str:
    """The last step of each person and partner that meets a condition on the table `entry`."""
    is_last = _IS_LAST_OF_FEW if later_steps <= FEW else _IS_LAST_OF_MANY
    return f"""
    SELECT entry.person_id, entry.partner_id, entry.achievement_id, {columns("entry")}
    FROM counting_ledgerentry entry
    WHERE entry.measure_version_id = %(version)s AND {condition} AND {is_last}"""  # noqa: S608 - our own names


def _same_cell(entry: str) -> str:
    return f"({columns('fact')}) = ({columns(entry)})".replace("fact.day", "fact.achieved_on")


def _beside_entries(condition: str, *, later_steps: int, merges: bool) -> str:
    """Facts beside the entry by which their person counts in the whole, and, where that is another partner's, beside
    the one by which they count with the fact's own partner. Who has none to look for is not looked up (the CASE)."""
    person = _person(merges=merges)
    return f"""
{_facts(merges=merges)}
LEFT JOIN ({_standing(f"entry.whole = 1 AND {condition}", later_steps=later_steps)}) whole
    ON whole.person_id = {person}
LEFT JOIN ({_standing(f"entry.part >= 0 AND entry.whole <> 1 AND {condition}", later_steps=later_steps)}) part
    ON part.person_id = CASE WHEN whole.partner_id IS DISTINCT FROM fact.partner_id THEN {person} END
    AND part.partner_id = fact.partner_id"""


_FOUNDS_WHOLE = f"whole.partner_id = fact.partner_id AND fact.id = whole.achievement_id AND {_same_cell('whole')}"
_FOUNDS_PART = f"fact.id = part.achievement_id AND {_same_cell('part')}"
_NOT_THERE_YET = "NOT %(everybody_was_marked)s AND whole.person_id IS NULL AND part.person_id IS NULL"
# Null if one of the entries is missing.
_IS_LATER = """(fact.achieved_on > whole.day OR fact.id = whole.achievement_id)
        AND (whole.partner_id = fact.partner_id OR fact.achieved_on > part.day OR fact.id = part.achievement_id)"""


def facts_sql(*, later_steps: int, merges: bool) -> str:
    """One pass over the facts: how many found an entry in the whole, how many one beside it, and which facts of settled
    people need a closer look. `later_steps` is about how many entries follow another; `merges` says if there are any.
    """
    person, waiting = _person(merges=merges), _waiting(merges=merges)
    return f"""
SELECT count(*) FILTER (WHERE {_FOUNDS_WHOLE}), count(*) FILTER (WHERE {_FOUNDS_PART}), array_agg(fact.id) FILTER (
    WHERE NOT coalesce({_IS_LATER}, {_NOT_THERE_YET}) AND {person} NOT IN ({waiting})
)
FROM {_beside_entries("true", later_steps=later_steps, merges=merges)} WHERE {_COUNTS}"""  # noqa: S608


def unbooked_sql(*, later_steps: int, merges: bool) -> str:
    """The closer look at `facts`. On one day the smaller fact key decides."""
    person = _person(merges=merges)
    of_facts = f"SELECT {person} FROM {_facts(merges=merges)} WHERE fact.id = ANY (%(facts)s)"  # noqa: S608
    of_people = f"entry.person_id = ANY (ARRAY({of_facts}))"
    return f"""
SELECT DISTINCT {person}, %(version)s, fact.partner_id
FROM {_beside_entries(of_people, later_steps=later_steps, merges=merges)}
LEFT JOIN achievements_achievement of_whole ON of_whole.id = whole.achievement_id
LEFT JOIN achievements_achievement of_part ON of_part.id = part.achievement_id
WHERE fact.id = ANY (%(facts)s) AND NOT coalesce(
    (fact.achieved_on, fact.fact_key) >= (whole.day, of_whole.fact_key) AND (
        whole.partner_id = fact.partner_id OR (fact.achieved_on, fact.fact_key) >= (part.day, of_part.fact_key)
    ), false)"""  # noqa: S608


def unfounded_sql(*, later_steps: int, merges: bool) -> str:
    """Standing entries whose achievement does not count, or not there, and whether their people wait to be settled."""
    return f"""
SELECT entry.person_id, %(version)s, entry.partner_id, entry.person_id IN ({_waiting(merges=merges)})
FROM ({_standing("entry.part >= 0", later_steps=later_steps)}) entry
WHERE NOT EXISTS (
    SELECT FROM {_facts(merges=merges)}
    WHERE {_COUNTS} AND fact.id = entry.achievement_id
      AND ({_person(merges=merges)}, fact.partner_id) = (entry.person_id, entry.partner_id) AND {_same_cell("entry")}
)"""  # noqa: S608


# One pass over the entries: what they add up to, how many follow another, and how many entries and postings are broken.
# Those are first steps that do not bring anybody in, entries of no posting, postings with other entries than they were
# posted with, and postings that do not follow from the one before.
BOOKS = """
WITH entries AS (
    SELECT posting_id, count(*) AS entries, sum(whole) AS whole, sum(part) AS part,
           count(*) FILTER (WHERE step > 1) AS later,
           count(*) FILTER (WHERE step < 1 OR (step = 1 AND part <> 1)) AS broken
    FROM counting_ledgerentry WHERE program_id = %(program)s GROUP BY posting_id
), posting AS (
    SELECT id, number, posted_at, entries, whole, part,
           lag(number, 1, 0::bigint) OVER (ORDER BY number) AS last_number,
           lag(posted_at) OVER (ORDER BY number) AS last_at
    FROM counting_posting WHERE program_id = %(program)s
)
SELECT coalesce(sum(entries.whole), 0), coalesce(sum(entries.part), 0), coalesce(sum(entries.later), 0),
       coalesce(sum(entries.broken), 0) + count(*) FILTER (
           WHERE posting.id IS NULL OR posting.number <> posting.last_number + 1 OR posting.posted_at <= posting.last_at
              OR (posting.entries, posting.whole, posting.part) <>
                 (coalesce(entries.entries, 0), coalesce(entries.whole, 0), coalesce(entries.part, 0))
       ) + (
           SELECT count(*) FROM counting_ledger ledger WHERE program_id = %(program)s AND (
               number <> (SELECT coalesce(max(number), 0) FROM posting)
               OR closed_until < (SELECT max(posted_at) FROM posting)
           )
       )
FROM posting FULL JOIN entries ON entries.posting_id = posting.id"""

# What an entry may be after the one before it, and that those which a later one refers to are as their achievement is.
BROKEN = f"""
SELECT (
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
    WHERE entry.program_id = %(program)s AND (entry.step > 1 OR entry.part < 1) AND NOT {_same_cell("entry")}
)"""  # noqa: S608


def _cells(grouping: str, cell: dict[str, str], figure: str, entries: str) -> str:
    """What the entries add up to in each cell of a grouping, and 0 as what is counted there."""
    values = ", ".join(cell.get(name, "NULL") for name in ("partner_id", *CELL))
    keys = ", ".join(("measure_version_id", *cell.values()))
    return f"""
    SELECT measure_version_id, '{grouping}' AS grouping, {values}, sum({figure}), 0
    FROM {entries} WHERE {figure} <> 0 GROUP BY {keys}"""  # noqa: S608


_ENTRY = "(SELECT * FROM counting_ledgerentry WHERE program_id = %(program)s) entry"
_BY_CODES = "measure_version_id, region, sector, employer_size, age_band"
_CELLS = [
    _cells(grouping, {name: name for name in names}, "whole", _ENTRY if "day" in names else "coded")
    for grouping, names in GROUPINGS.items()
]
_CELLS += [
    _cells("partner-month-region", {"partner_id": "partner_id", "day": MONTH, "region": "region"}, "part", _ENTRY)
]
MISCOUNTED = f"""
WITH coded AS (SELECT {_BY_CODES}, sum(whole) AS whole FROM {_ENTRY} WHERE whole <> 0 GROUP BY {_BY_CODES})
SELECT {COUNT_COLUMNS}, sum(should_be)::integer AS should_be, sum(people)::integer AS people FROM (
    SELECT {COUNT_COLUMNS}, 0 AS should_be, people FROM counting_count WHERE program_id = %(program)s
    {" ".join(f"UNION ALL {cells}" for cells in _CELLS)}
) cell
GROUP BY {COUNT_COLUMNS} HAVING sum(should_be) <> sum(people)"""  # noqa: S608

CORRECT_COUNTS = f"""
INSERT INTO counting_count (program_id, {COUNT_COLUMNS}, people)
SELECT %(program)s, {COUNT_COLUMNS}, should_be - people FROM ({MISCOUNTED}) miscounted
ON CONFLICT ({COUNT_COLUMNS}) DO UPDATE SET people = counting_count.people + excluded.people"""  # noqa: S608
