"""The partner's own numbers that stand beside an identifier in a file: whom they name from now on, and who becomes one.

Only a row that counts may say so: what rows in quarantine say of their people waits with them.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from courses.achievements.operations import merge_staged
from courses.returns.profiles import Definition
from people.identities import partners_own
from programs.models import Partner, Program

NO_LINK = """
CREATE TEMPORARY TABLE staged_link (
    reference bytea NOT NULL, person bytea NOT NULL, differs boolean NOT NULL, person_id bigint, counted bigint
)
"""
# Each step is a table with statistics of its own: of what came a moment ago the planner knows nothing.
LINKS = """
INSERT INTO staged_link SELECT reference, min(person), min(person) <> max(person) FROM staged
WHERE reference IS NOT NULL AND person IS NOT NULL GROUP BY reference;
ANALYZE staged_link
"""
# Whom a number has named so far, and as whom that person is counted.
NAMED = """
UPDATE staged_link link SET person_id = own.person_id, counted = coalesce(stands_for_id, own.person_id)
FROM people_identity own LEFT JOIN people_alias ON people_alias.person_id = own.person_id
WHERE own.program_id = %(program)s AND own.scheme = %(own)s AND own.digest = link.reference;
ANALYZE staged_link
"""
# The identifiers of those whom the numbers have named.
KNOWN = """
CREATE TEMPORARY TABLE staged_known AS
WITH counted AS (SELECT DISTINCT counted FROM staged_link WHERE counted IS NOT NULL), members AS (
    SELECT counted, counted AS person_id FROM counted
    UNION ALL
    SELECT counted, people_alias.person_id FROM counted JOIN people_alias ON stands_for_id = counted
)
SELECT DISTINCT counted, digest FROM members JOIN people_identity identity USING (person_id)
WHERE identity.program_id = %(program)s AND identity.scheme = %(scheme)s;
ANALYZE staged_known
"""
# A person has one identifier of a scheme, unless somebody has merged two by hand.
CONTRADICTED = """
CREATE TEMPORARY TABLE contradicted AS
WITH judged AS (
    SELECT link.reference, differs, link.counted IS NOT NULL AND same.digest IS NULL AS is_another,
           EXISTS (SELECT FROM staged_known other WHERE other.counted = link.counted) AS is_identified,
           min(person) FILTER (WHERE same.digest IS NULL) OVER of_one
               <> max(person) FILTER (WHERE same.digest IS NULL) OVER of_one AS are_several
    FROM staged_link link
    LEFT JOIN staged_known same ON same.counted = link.counted AND same.digest = link.person
    WINDOW of_one AS (PARTITION BY link.counted)
)
SELECT reference, CASE
    WHEN differs THEN 'the partner''s number stands beside different identifiers in this file'
    WHEN is_identified THEN 'the partner''s number named somebody with another identifier before'
    ELSE 'the partner''s number and another one named one person before, and stand beside different identifiers'
    END AS reason
FROM judged WHERE differs OR (is_another AND (is_identified OR are_several));
ANALYZE contradicted;
DELETE FROM staged_link link USING contradicted WHERE contradicted.reference = link.reference;
UPDATE staged SET outcome = 'quarantined', reason = contradicted.reason FROM contradicted
WHERE staged.reference = contradicted.reference;
DROP TABLE contradicted, staged_known
"""
BORROWED = """
UPDATE staged SET person = link.person, is_borrowed = true FROM staged_link AS link
WHERE staged.reference = link.reference AND staged.person IS NULL
"""


def link_numbers(definition: Definition, program: Program, partner: Partner) -> None:
    """Makes `staged_link`: each number that stands beside one identifier in the file.

    Whoever has such a number is who has the identifier, in every row of the file. Rows whose number stands beside
    several, or has named somebody with another one, go to quarantine: nobody can merge people by lending them a number.
    """
    given: dict[str, Any] = {
        "program": program.pk, "scheme": definition.scheme_of(partner), "own": partners_own(partner),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(NO_LINK)
        if definition.reference:
            cursor.execute(LINKS)
            cursor.execute(NAMED, given)
            cursor.execute(KNOWN, given)
            cursor.execute(CONTRADICTED)
            cursor.execute(BORROWED)


# Links that no row bears which is in the books, or will be.
UNBORNE = """
CREATE TEMPORARY TABLE unborne AS
SELECT link.reference, link.person, link.person_id, min(staged.number) AS bearer
FROM staged_link link JOIN staged ON staged.reference = link.reference
WHERE staged.person IS NOT NULL AND NOT is_borrowed
GROUP BY link.reference, link.person, link.person_id
HAVING NOT bool_or(outcome IN ('accepted', 'recorded', 'duplicate'));
DELETE FROM staged_link link USING unborne WHERE link.reference = unborne.reference
"""
# Rows that say whom they are about by such a link alone: by the number, or by an identifier that nobody has yet. What
# holds the link holds them, and they are decided together.
HELD = """
CREATE TEMPORARY TABLE hanging AS
SELECT number, min(bearer) AS bearer FROM (
    SELECT staged.number, bearer FROM unborne JOIN staged ON staged.reference = unborne.reference
    WHERE outcome = 'accepted'
    UNION ALL
    SELECT staged.number, bearer FROM unborne JOIN staged ON staged.person = unborne.person
    JOIN staged_person brought ON brought.unit = staged.person
    WHERE outcome = 'accepted' AND unborne.person_id IS NOT NULL AND NOT brought.is_known
) rows GROUP BY number;
DROP TABLE unborne;
INSERT INTO staged_flagged
SELECT hanging.number, rule, "group", also, evidence FROM hanging JOIN staged_flagged ON staged_flagged.number = bearer
"""
HOLD = """
UPDATE staged SET outcome = 'quarantined', reason = CASE
    WHEN staged_flagged.number IS NULL
    THEN format('the partner''s number is that of row %s, which is in quarantine', bearer)
    ELSE holding.reason END
FROM hanging JOIN staged holding ON holding.number = bearer
LEFT JOIN staged_flagged ON staged_flagged.number = bearer
WHERE staged.number = hanging.number
"""


def hold_rows_of_held_links() -> None:
    """Lets go of links that only rows in quarantine bear, and puts the rows that hang on them there too."""
    with connection.cursor() as cursor:
        more = True
        while more:
            cursor.execute(UNBORNE)
            cursor.execute(HELD)
            cursor.execute(HOLD)
            more = cursor.rowcount > 0
            cursor.execute("DROP TABLE hanging")


# The numbers lead to the identifier's person from now on, unless they lead to somebody.
REFER = """
INSERT INTO people_identity (program_id, person_id, scheme, digest, created_at)
SELECT %(program)s, brought.person_id, %(own)s, link.reference, %(at)s
FROM staged_link link JOIN staged_person brought ON brought.unit = link.person AND brought.is_identified
WHERE link.person_id IS NULL
ORDER BY link.reference
ON CONFLICT (program_id, scheme, digest) DO NOTHING
"""
# Whoever said that two are not one is not overruled by the same numbers again, nor of anybody who is counted as either.
ONE_PERSON = """
CREATE TEMPORARY TABLE staged_pair AS
WITH pair AS (
    SELECT DISTINCT link.person_id, link.counted AS one, brought.person_id AS other_id,
           coalesce(stands_for_id, brought.person_id) AS other
    FROM staged_link link JOIN staged_person brought ON brought.unit = link.person AND brought.is_identified
    LEFT JOIN people_alias ON people_alias.person_id = brought.person_id
    WHERE link.counted <> coalesce(stands_for_id, brought.person_id)
), undone AS (
    SELECT coalesce(one.stands_for_id, undone.person_id) AS one, coalesce(other.stands_for_id, undone.into_id) AS other
    FROM people_merge undone
    LEFT JOIN people_alias one ON one.person_id = undone.person_id
    LEFT JOIN people_alias other ON other.person_id = undone.into_id
    WHERE undone.program_id = %(program)s AND undone.undone_at IS NOT NULL
), separated AS (
    SELECT one, other FROM undone UNION ALL SELECT other, one FROM undone
)
SELECT person_id, other_id, jsonb_build_object('return', %(return)s::bigint) AS evidence
FROM pair WHERE NOT EXISTS (
    SELECT FROM separated WHERE separated.one = pair.one AND separated.other = pair.other
)
"""


def merge_persons_of_file(program: Program, partner: Partner, *, return_id: int, at: datetime) -> int:
    """Merges persons whom the file shows to have one identifier; answers how many merges were added."""
    given: dict[str, Any] = {"program": program.pk, "own": partners_own(partner), "at": at, "return": return_id}
    with connection.cursor() as cursor:
        cursor.execute(REFER, given)
        cursor.execute(ONE_PERSON, given)
        merged = merge_staged(program, table="staged_pair", at=at) if cursor.rowcount else 0
        cursor.execute("DROP TABLE staged_pair")
    return merged
