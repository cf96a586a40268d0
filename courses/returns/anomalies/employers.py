"""Employers with more learners than employees, and dormant employers that wake."""

from typing import Any

from django.db import connection

YEAR = 365  # days of which learners are compared with employees: over several years people leave and others come
# Every spelling of an employer in the file, and by what they are one. The register is searched by that, too.
NAMES = """
CREATE TEMPORARY TABLE staged_employer AS
SELECT employer, lower(regexp_replace(btrim(employer), '\\s+', ' ', 'g')) AS firm FROM (
    SELECT DISTINCT employer FROM staged WHERE employer <> '' AND evidence > 0
) named;
CREATE TEMPORARY TABLE staged_register AS
SELECT firm, max(employees) AS employees,
       CASE WHEN bool_and(dormant_since IS NOT NULL) THEN max(dormant_since) END AS since
FROM (
    SELECT DISTINCT firm, register.* FROM staged_employer
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.name) = firm
    UNION
    SELECT DISTINCT firm, register.* FROM staged_employer
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.code) = firm
) found GROUP BY firm;
ANALYZE staged_employer, staged_register
"""
DROP = "DROP TABLE IF EXISTS staged_employer, staged_register"
PEOPLE = """
    SELECT firm, achieved_on, coalesce(int8send(coalesce(stands_for_id, brought.person_id)), brought.unit) AS who
    FROM staged JOIN staged_employer USING (employer)
    JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
    LEFT JOIN people_alias ON people_alias.person_id = brought.person_id
    WHERE evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
"""
KNOWN = """
    SELECT firm, achieved_on, int8send(coalesce(stands_for_id, known.person_id)) AS who
    FROM achievements_achievement known JOIN staged_employer USING (employer)
    LEFT JOIN people_alias ON people_alias.person_id = known.person_id
    WHERE partner_id = %(partner)s AND kind = 'achieved' AND (source, source_id) <> ('return', %(return)s)
"""
FLAG = """
INSERT INTO staged_flag
SELECT number, %(place)s, '{rule}', 'employer-' || left(encode(sha256(convert_to(firm, 'UTF8')), 'hex'), 12), 0,
       jsonb_build_object('employer', staged.employer, 'learners', found.learners) || found.evidence
FROM staged JOIN staged_employer USING (employer) JOIN found USING (firm)
WHERE outcome = 'accepted' AND staged.evidence > 0 AND staged.achieved_on >= found.from_day
"""
# The register knows best. Of what the partner itself says, the number and the size band, the smaller one holds.
CROWDED = f"""
WITH stated AS (
    SELECT firm, max(employees) AS employees, max(achieved_on) AS last_on,
           CASE WHEN bool_and(size.most IS NOT NULL) THEN max(size.most) END AS most
    FROM staged JOIN staged_employer USING (employer)
    LEFT JOIN programs_code size ON size.program_id = %(program)s AND size.kind = 'employer_size'
        AND size.code = staged.employer_size
    WHERE evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate') GROUP BY firm
), sized AS MATERIALIZED (
    SELECT firm, coalesce(register.employees, least(stated.employees, most)) AS employees, last_on,
           CASE WHEN register.employees IS NOT NULL THEN 'register'
                WHEN stated.employees <= coalesce(most, stated.employees) THEN 'reported' ELSE 'size' END AS said_by
    FROM stated LEFT JOIN staged_register register USING (firm)
    WHERE coalesce(register.employees, stated.employees, most) IS NOT NULL
), people AS (
    SELECT firm, who FROM ({PEOPLE}) file JOIN sized USING (firm) WHERE achieved_on > last_on - {YEAR}
    UNION
    SELECT firm, who FROM ({KNOWN}) known JOIN sized USING (firm) WHERE achieved_on > last_on - {YEAR}
), found AS MATERIALIZED (
    SELECT firm, count(*) AS learners, '-infinity'::date AS from_day,
           jsonb_build_object('employees', employees, 'said_by', said_by) AS evidence
    FROM people JOIN sized USING (firm) GROUP BY firm, employees, said_by
    HAVING count(*) >= %(learners)s AND count(*) * 100 > employees * %(percent)s::bigint
)
{FLAG.format(rule="crowded")}
"""  # noqa: S608 - our own SQL
DORMANT = f"""
WITH file AS MATERIALIZED ({PEOPLE}), last AS (
    SELECT firm, max(achieved_on) AS last_on FROM ({KNOWN}) known GROUP BY firm
), asleep AS (
    SELECT firm, since AS from_day, jsonb_build_object('dormant_since', since) AS evidence
    FROM staged_register WHERE since IS NOT NULL
    UNION ALL
    SELECT firm, min(achieved_on), jsonb_build_object('last_known_on', last_on)
    FROM file JOIN last USING (firm) LEFT JOIN staged_register register USING (firm) WHERE register.since IS NULL
    GROUP BY firm, last_on HAVING min(achieved_on) > last_on + %(days)s
), found AS MATERIALIZED (
    SELECT firm, from_day, evidence, count(DISTINCT who) AS learners FROM asleep JOIN file USING (firm)
    WHERE file.achieved_on >= from_day
    GROUP BY firm, from_day, evidence HAVING count(DISTINCT who) >= %(learners)s
)
{FLAG.format(rule="dormant")}
"""  # noqa: S608 - our own SQL


def flag_crowded(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags rows of an employer with more learners in twelve months than `percent` of its employees.

    Its people are those of the file and those whom the partner has reported before. How many work there the register
    says, else the rows themselves, by number or by the upper end of the size band.
    """
    _run(CROWDED, given | parameters)


def flag_dormant(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags rows of an employer that was dormant, if at least `learners` come at once.

    It was if the register says so on the day of the row, or if the partner's last known achievement there lies more
    than `days` before the first of the file.
    """
    _run(DORMANT, given | parameters)


def _run(statement: str, given: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(NAMES, given)
        cursor.execute(statement, given)
        cursor.execute(DROP)
