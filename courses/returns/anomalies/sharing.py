"""One phone, account or e-mail address of several persons."""

from typing import Any

from django.db import connection

from people.keys import identity_keys
from programs.models import Program

SHARED_COLUMNS = ("account", "email", "phone")
# Values of more rows and known persons than may share one are few; only of these are the persons told apart.
SHARED = """
WITH counted AS MATERIALIZED (
    SELECT {column} AS value, count(*) AS rows FROM staged
    WHERE {column} IS NOT NULL AND evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate') GROUP BY 1
), known AS MATERIALIZED (
    SELECT said.{column} AS value, coalesce(stands_for_id, said.person_id) AS person
    FROM counted JOIN people_particulars said ON said.program_id = %(program)s AND said.{column} = counted.value
        AND (said.partner_id = %(partner)s OR NOT %(is_trial)s)
    LEFT JOIN people_alias ON people_alias.person_id = said.person_id
), many AS MATERIALIZED (
    SELECT value FROM counted
    LEFT JOIN (SELECT value, count(*) AS persons FROM known GROUP BY value) others USING (value)
    WHERE rows + coalesce(persons, 0) > %(most)s
), people AS (
    SELECT value, coalesce(int8send(coalesce(stands_for_id, brought.person_id)), brought.unit) AS who
    FROM many JOIN staged ON staged.{column} = many.value
    JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
    LEFT JOIN people_alias ON people_alias.person_id = brought.person_id
    WHERE evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
    UNION
    SELECT value, int8send(person) FROM many JOIN known USING (value)
), shared AS MATERIALIZED (
    SELECT value, count(*) AS persons FROM people GROUP BY value HAVING count(*) > %(most)s
)
INSERT INTO staged_flag
SELECT number, %(place)s, 'shared', '{column}-' || left(encode(sha256(%(salt)s || value), 'hex'), 12), persons,
       jsonb_build_object('column', '{column}', 'persons', persons)
FROM staged JOIN shared ON shared.value = staged.{column}
WHERE outcome = 'accepted' AND evidence > 0
"""


def flag_shared(program: Program, column: str, most: int, given: dict[str, Any]) -> None:
    """Flags rows whose value of the column more than `most` persons have, of this file and the program's together.

    Whoever was merged is one person. The group is a mark of the value that leads back to nothing once its salt is gone.
    A dry run changes nothing and can be asked again and again, so it looks at the partner's own persons alone: nobody
    learns by it what other partners' persons have.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARED.format(column=column), given | {"most": most, "salt": identity_keys(program).salt})
