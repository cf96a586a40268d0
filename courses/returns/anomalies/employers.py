"""Employers with more learners than employees, and dormant employers that wake."""

from typing import Any

from django.db import connection

YEAR = 365  # days of which learners are compared with employees: over several years people leave and others come
# Every spelling of an employer in the file with what its rows say, and the `firm` by which spellings are one and by
# which the register is searched. The rows of a firm are the most people whom the file can name.
NAMES = """
CREATE TEMPORARY TABLE staged_employer AS
WITH said AS (
    SELECT employer, employer_size, count(*) AS rows, max(employees) AS employees, min(achieved_on) AS first_on,
           max(achieved_on) AS last_on
    FROM staged WHERE employer <> '' AND evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
    GROUP BY employer, employer_size
)
SELECT employer, lower(regexp_replace(btrim(employer), '\\s+', ' ', 'g')) AS firm, sum(rows)::bigint AS rows,
       max(employees) AS employees, min(first_on) AS first_on, max(last_on) AS last_on,
       CASE WHEN bool_and(size.most IS NOT NULL) THEN max(size.most) END AS most
FROM said LEFT JOIN programs_code size
    ON size.program_id = %(program)s AND size.kind = 'employer_size' AND size.code = employer_size
GROUP BY employer;
CREATE TEMPORARY TABLE staged_register AS
SELECT firm, max(employees) AS employees,
       CASE WHEN bool_and(dormant_since IS NOT NULL) THEN max(dormant_since) END AS since
FROM (
    SELECT DISTINCT firm, register.id, register.employees, dormant_since FROM staged_employer
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.name) = firm
    UNION
    SELECT DISTINCT firm, register.id, register.employees, dormant_since FROM staged_employer
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.code) = firm
) found GROUP BY firm;
ANALYZE staged_employer, staged_register
"""
# The people of the firms of `{firms}` in the file.
PEOPLE = """
    SELECT firm, achieved_on, coalesce(int8send(coalesce(stands_for_id, brought.person_id)), brought.unit) AS who
    FROM {firms} firms JOIN staged_employer USING (firm) JOIN staged USING (employer)
    JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
    LEFT JOIN people_alias ON people_alias.person_id = brought.person_id
    WHERE staged.evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
"""
# What the partner reported of them before.
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
FROM found JOIN staged_employer USING (firm) JOIN staged USING (employer)
WHERE outcome = 'accepted' AND staged.evidence > 0 AND staged.achieved_on >= found.from_day
"""
# The register knows best. Of what the partner itself says, the number and the size band, the smaller one holds.
CROWDED = f"""
WITH known AS MATERIALIZED ({KNOWN}), before AS (
    SELECT firm, count(*) AS rows FROM known GROUP BY firm
), stated AS (
    SELECT firm, sum(rows) AS rows, max(employees) AS employees, max(last_on) AS last_on,
           CASE WHEN bool_and(most IS NOT NULL) THEN max(most) END AS most
    FROM staged_employer GROUP BY firm
), sized AS (
    SELECT firm, coalesce(register.employees, least(stated.employees, most)) AS employees, last_on,
           stated.rows + coalesce(before.rows, 0) AS rows,
           CASE WHEN register.employees IS NOT NULL THEN 'register'
                WHEN stated.employees <= coalesce(most, stated.employees) THEN 'reported' ELSE 'size' END AS said_by
    FROM stated LEFT JOIN staged_register register USING (firm) LEFT JOIN before USING (firm)
), many AS MATERIALIZED (
    SELECT * FROM sized WHERE rows >= %(learners)s AND rows * 100 > employees * %(percent)s::bigint
), people AS (
    SELECT firm, who FROM ({PEOPLE.format(firms="many")}) file JOIN many USING (firm)
    WHERE achieved_on > last_on - {YEAR}
    UNION
    SELECT firm, who FROM known JOIN many USING (firm) WHERE achieved_on > last_on - {YEAR}
), found AS MATERIALIZED (
    SELECT firm, count(*) AS learners, '-infinity'::date AS from_day,
           jsonb_build_object('employees', employees, 'said_by', said_by) AS evidence
    FROM people JOIN many USING (firm) GROUP BY firm, employees, said_by
    HAVING count(*) >= %(learners)s AND count(*) * 100 > employees * %(percent)s::bigint
)
{FLAG.format(rule="crowded")}
"""  # noqa: S608 - our own SQL
DORMANT = f"""
WITH firms AS (
    SELECT firm, min(first_on) AS first_on FROM staged_employer GROUP BY firm HAVING sum(rows) >= %(learners)s
), last AS (
    SELECT firm, max(achieved_on) AS last_on FROM ({KNOWN}) known GROUP BY firm
), asleep AS MATERIALIZED (
    SELECT firm, since AS from_day, jsonb_build_object('dormant_since', since) AS evidence
    FROM firms JOIN staged_register USING (firm) WHERE since IS NOT NULL
    UNION ALL
    SELECT firm, first_on, jsonb_build_object('last_known_on', last_on)
    FROM firms JOIN last USING (firm) LEFT JOIN staged_register register USING (firm)
    WHERE register.since IS NULL AND first_on > last_on + %(days)s
), found AS MATERIALIZED (
    SELECT firm, from_day, evidence, count(DISTINCT who) AS learners
    FROM asleep JOIN ({PEOPLE.format(firms="asleep")}) file USING (firm) WHERE file.achieved_on >= from_day
    GROUP BY firm, from_day, evidence HAVING count(DISTINCT who) >= %(learners)s
)
{FLAG.format(rule="dormant")}
"""  # noqa: S608 - our own SQL


def name_employers(given: dict[str, Any]) -> None:
    """Makes `staged_employer` and `staged_register`, which the two rules read."""
    _run(NAMES, given)


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
        cursor.execute(statement, given)
