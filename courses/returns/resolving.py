"""Who the rows of a return are about: the person of each identifier, and persons who turn out to be one.

A row names its person by the profile's identifier, by the partner's own number, or by both. Whoever has an identifier
is one *unit*; numbers that stand beside it anywhere in the file name the same unit. Equal identifiers make one person;
the partner's own number does so as long as it does not speak against them.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from courses.achievements.models import Achievement
from courses.returns.profiles import Definition
from people.identities import partners_own
from programs.models import Partner, Program

from . import records
from .linking import link_numbers
from .staging import SAID

BATCH = 65_536  # new persons a transaction


def decide_persons(definition: Definition, program: Program, partner: Partner) -> None:
    """Makes `staged_person`: each unit of the file and the person that it is, where there is one already.

    `staged_member` names everybody who is counted as that person, or turns out to be one with them.
    """
    given: dict[str, Any] = {
        "program": program.pk, "scheme": definition.scheme_of(partner), "own": partners_own(partner),
    }  # fmt: skip
    link_numbers(definition, program, partner)
    with connection.cursor() as cursor:
        cursor.execute(UNITS, given)
        cursor.execute("CREATE INDEX ON staged_person USING brin (place); ANALYZE staged_person")
        cursor.execute(MEMBERS)
        if records.is_of_person(definition):
            cursor.execute(ONE_UNIT)


# The identifier's own person comes first, then the one that its number has named.
UNITS = """
CREATE TEMPORARY TABLE staged_person AS
WITH brought AS (
    SELECT coalesce(person, reference) AS unit, bool_or(person IS NOT NULL) AS is_identified, min(number) AS first
    FROM staged WHERE outcome = 'accepted' AND evidence > 0 GROUP BY coalesce(person, reference)
), linked AS (
    SELECT person AS unit, min(person_id) AS person_id FROM staged_link GROUP BY person
)
SELECT row_number() OVER (ORDER BY brought.first) AS place, brought.unit, brought.is_identified,
       identity.person_id IS NOT NULL AS is_known,
       coalesce(identity.person_id, linked.person_id) IS NULL AS is_new,
       coalesce(
           identity.person_id, linked.person_id,
           nextval((SELECT pg_get_serial_sequence('people_person', 'id')::regclass))
       ) AS person_id
FROM (SELECT * FROM brought ORDER BY first) brought
LEFT JOIN people_identity identity
    ON identity.program_id = %(program)s AND identity.digest = brought.unit
   AND identity.scheme = CASE WHEN brought.is_identified THEN %(scheme)s ELSE %(own)s END
LEFT JOIN linked ON linked.unit = brought.unit
"""
MEMBERS = """
CREATE TEMPORARY TABLE staged_member AS
WITH said AS (
    SELECT unit, person_id FROM staged_person WHERE NOT is_new
    UNION ALL SELECT person, person_id FROM staged_link WHERE person_id IS NOT NULL
), counted AS (
    SELECT unit, said.person_id, coalesce(stands_for_id, said.person_id) AS counted
    FROM said LEFT JOIN people_alias ON people_alias.person_id = said.person_id
)
SELECT unit, person_id FROM counted UNION SELECT unit, counted FROM counted
UNION SELECT unit, people_alias.person_id FROM counted JOIN people_alias ON stands_for_id = counted;
ANALYZE staged_member
"""
# Of several identifiers of one person the file's records have one, since by their person they are known for good.
ONE_UNIT = """
WITH shared AS (
    SELECT person_id, min(unit) AS unit FROM staged_person WHERE is_identified AND NOT is_new
    GROUP BY person_id HAVING count(*) > 1
)
UPDATE staged SET person = shared.unit FROM staged_person brought JOIN shared USING (person_id)
WHERE staged.person = brought.unit AND brought.unit <> shared.unit
  AND (SELECT EXISTS (SELECT FROM staged_person WHERE NOT is_new))
"""


def decide_known_records(definition: Definition, partner: Partner, *, return_id: int) -> None:
    """A record that an earlier return brought is a duplicate if it says the same, else it goes to quarantine.

    What an earlier attempt at this very return recorded is `recorded` already.
    """
    with connection.cursor() as cursor:
        cursor.execute(_empty_sql(definition), {"return": return_id, "partner": partner.pk})
    if not Achievement.objects.filter(partner=partner).exists():
        return
    names_person = {definition.person_column, definition.reference} & set(definition.record_key)
    known = OF_PERSON if names_person else OF_PARTNER
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_RECORDS.format(**known), {"return": return_id, "partner": partner.pk})


# Statistics say nothing of what came a moment ago. A key that does not name its person is the same for many, so each
# person's facts are looked up by the index of person and key; `OFFSET 0` keeps the planner from joining otherwise.
OF_PERSON = {
    "facts": """staged_member member ON member.unit = coalesce(staged.person, staged.reference)
    CROSS JOIN LATERAL (
        SELECT * FROM achievements_achievement WHERE person_id = member.person_id AND fact_key = staged.key OFFSET 0
    ) known""",
    "is_theirs": "true",
}
OF_PARTNER = {
    "facts": """achievements_achievement known
        ON known.partner_id = %(partner)s AND known.fact_key = staged.key""",
    "is_theirs": """(coalesce(staged.person, staged.reference), known.person_id) IN (
        SELECT unit, person_id FROM staged_member
    )""",
}
# One that says the same is named first, where several persons turn out to be one.
KNOWN_RECORDS = f"""
WITH judged AS (
    SELECT staged.number, known.source_id, known.source_row,
           (known.source_id, known.source_row) = (%(return)s, staged.number) AS is_this,
           {{is_theirs}} AND ({", ".join(f"staged.{name}" for name in SAID)})
               = ({", ".join(f"known.{name}" for name in SAID)}) AS is_same
    FROM staged JOIN {{facts}}
    WHERE staged.outcome = 'accepted' AND known.kind = 'achieved' AND known.source = 'return'
), known AS (
    SELECT DISTINCT ON (number) * FROM judged ORDER BY number, is_this DESC, is_same DESC, source_id, source_row
)
UPDATE staged SET
    outcome = CASE WHEN is_this THEN 'recorded' WHEN is_same THEN 'duplicate' ELSE 'quarantined' END,
    reason = CASE WHEN is_this OR is_same THEN ''
        ELSE format('differs from row %%s of return %%s, which has the same key', source_row, source_id) END
FROM known WHERE staged.number = known.number
"""  # noqa: S608 - names of our own columns


def _empty_sql(definition: Definition) -> str:
    same_person = "known.person = staged.person" if records.is_of_person(definition) else "known.person IS NULL"
    return f"""
        UPDATE staged SET outcome = CASE WHEN (known.of_return_id, known.row) = (%(return)s, staged.number)
                                         THEN 'recorded' ELSE 'duplicate' END
        FROM returns_emptyrecord known
        WHERE staged.evidence = 0 AND staged.outcome = 'accepted' AND known.partner_id = %(partner)s
          AND known.key = staged.key AND {same_person}
        """  # noqa: S608 - our own SQL


def forget_units_without_fact() -> None:
    """Nobody is made for rows that are all in quarantine, and nobody gets an identifier by them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM staged_person brought WHERE NOT is_known AND EXISTS (
                SELECT FROM staged WHERE outcome = 'quarantined'
            ) AND NOT EXISTS (
                SELECT FROM staged WHERE coalesce(person, reference) = brought.unit AND evidence > 0
                  AND outcome IN ('accepted', 'recorded', 'duplicate')
            )
            """
        )


def add_persons(definition: Definition, program: Program, partner: Partner, *, first: int, at: datetime) -> bool:
    """Makes persons for the units from the place `first` on that have none, at most `BATCH`; whether there are more.

    The identity goes in first, under the number of a person to come: where another return brings the same identifier
    at the same moment, one of the two waits and then makes nobody.
    """
    given: dict[str, Any] = {
        "program": program.pk, "scheme": definition.scheme_of(partner), "own": partners_own(partner), "at": at,
        "first": first, "last": first + BATCH - 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADD, given)
        wanted, added = cursor.fetchone()
        if added < wanted:
            cursor.execute(FOUND, given)
        cursor.execute("SELECT EXISTS (SELECT FROM staged_person WHERE place > %(last)s)", given)
        return bool(cursor.fetchone()[0])


# Whoever stands side by side in the file become neighbours: their numbers were drawn so. A unit whose person
# is known by the partner's number alone gets its identifier. Identities go in sorted, so that no two returns wait for
# each other in a circle.
ADD = """
WITH brought AS MATERIALIZED (
    SELECT unit, CASE WHEN is_identified THEN %(scheme)s ELSE %(own)s END AS scheme, person_id, is_new
    FROM staged_person WHERE place BETWEEN %(first)s AND %(last)s AND NOT is_known
), added AS (
    INSERT INTO people_identity (program_id, person_id, scheme, digest, created_at)
    SELECT %(program)s, person_id, scheme, unit, %(at)s FROM brought ORDER BY scheme, unit
    ON CONFLICT (program_id, scheme, digest) DO NOTHING
    RETURNING person_id
), made AS (
    INSERT INTO people_person (id, program_id, name, region, sector, employer_size, age_band, created_at)
    SELECT person_id, %(program)s, '', '', '', '', '', %(at)s FROM brought JOIN added USING (person_id)
    WHERE is_new ORDER BY person_id
)
SELECT (SELECT count(*) FROM brought), (SELECT count(*) FROM added)
"""
# Somebody else brought some of them a moment ago.
FOUND = """
UPDATE staged_person brought SET person_id = identity.person_id, is_new = false
FROM people_identity identity
WHERE brought.place BETWEEN %(first)s AND %(last)s AND NOT is_known
  AND identity.program_id = %(program)s AND identity.digest = brought.unit
  AND identity.scheme = CASE WHEN brought.is_identified THEN %(scheme)s ELSE %(own)s END
  AND identity.person_id <> brought.person_id
"""
