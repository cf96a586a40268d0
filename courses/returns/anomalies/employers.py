"""Employers with more learners than employees, and dormant employers that wake."""

from typing import Any

from django.db import connection

YEAR = 365  # days of which learners are compared with employees: over several years people leave and others come
# A firm is known again whatever the case, the spaces and the punctuation of its name.
FOLDED = """
    coalesce(
        nullif(btrim(regexp_replace(lower({name}), '[[:space:].,;:"“”„`´‘’''()/-]+', ' ', 'g')), ''), lower({name})
    )
"""
# Every spelling of an employer in the file with what its rows say, and the `firm` by which spellings are one. The
# register is searched for the firm, and for each spelling as it stands. The rows of a firm are the most people whom the
# file can name.
NAMES = f"""
CREATE TEMPORARY TABLE staged_employer AS
WITH said AS (
    SELECT employer, employer_size, count(*) AS rows, max(employees) AS employees, min(achieved_on) AS first_on,
           max(achieved_on) AS last_on
    FROM staged WHERE employer <> '' AND evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
    GROUP BY employer, employer_size
)
SELECT employer, {FOLDED.format(name="employer")} AS firm, sum(rows)::bigint AS rows,
       max(employees) AS employees, min(first_on) AS first_on, max(last_on) AS last_on,
       CASE WHEN bool_and(size.most IS NOT NULL) THEN max(size.most) END AS most
FROM said LEFT JOIN programs_code size
    ON size.program_id = %(program)s AND size.kind = 'employer_size' AND size.code = employer_size
GROUP BY employer;
CREATE TEMPORARY TABLE staged_register AS
WITH searched AS (
    SELECT firm, firm AS word FROM staged_employer
    UNION SELECT firm, lower(regexp_replace(btrim(employer), '\\s+', ' ', 'g')) FROM staged_employer
)
SELECT firm, max(employees) AS employees,
       CASE WHEN bool_and(dormant_since IS NOT NULL) THEN max(dormant_since) END AS since
FROM (
    SELECT DISTINCT firm, register.id, register.employees, dormant_since FROM searched
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.name) = word
    UNION
    SELECT DISTINCT firm, register.id, register.employees, dormant_since FROM searched
    JOIN programs_employer register ON program_id = %(program)s AND lower(register.code) = word
) found GROUP BY firm;
ANALYZE staged_employer, staged_register
"""  # noqa: S608 - our own SQL
# What the partner reported of the firms before, in whatever spelling, and nobody has revoked.
BEFORE = f"""
CREATE TEMPORARY TABLE staged_before AS
WITH reported AS (
    SELECT DISTINCT employer FROM achievements_achievement
    WHERE partner_id = %(partner)s AND kind = 'achieved' AND employer <> ''
), spelled AS (
    SELECT employer, firm FROM (SELECT employer, {FOLDED.format(name="employer")} AS firm FROM reported) folded
    WHERE firm IN (SELECT firm FROM staged_employer)
), revoked AS (
    SELECT refers_to_id FROM (
        SELECT DISTINCT ON (refers_to_id) refers_to_id, kind FROM achievements_achievement
        WHERE partner_id = %(partner)s AND kind <> 'achieved' ORDER BY refers_to_id, turn DESC
    ) later WHERE kind = 'revoked'
)
SELECT firm, achieved_on, person_id FROM achievements_achievement known JOIN spelled USING (employer)
WHERE partner_id = %(partner)s AND kind = 'achieved' AND (source, source_id) <> ('return', %(return)s)
  AND NOT EXISTS (SELECT FROM revoked WHERE refers_to_id = known.id);
ANALYZE staged_before
"""  # noqa: S608 - our own SQL
# The people of the firms of `{firms}` in the file.
PEOPLE = """
    SELECT firm, achieved_on, coalesce(int8send(coalesce(stands_for_id, brought.person_id)), brought.unit) AS who
    FROM {firms} firms JOIN staged_employer USING (firm) JOIN staged USING (employer)
    JOIN staged_person brought ON brought.unit = coalesce(staged.person, staged.reference)
    LEFT JOIN people_alias ON people_alias.person_id = brought.person_id
    WHERE staged.evidence > 0 AND outcome IN ('accepted', 'recorded', 'duplicate')
"""
# The people of those firms whom the partner reported before.
PEOPLE_BEFORE = """
    SELECT firm, achieved_on, int8send(coalesce(stands_for_id, known.person_id)) AS who
    FROM {firms} firms JOIN staged_before known USING (firm)
    LEFT JOIN people_alias ON people_alias.person_id = known.person_id
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
WITH before AS (
    SELECT firm, count(*) AS rows FROM staged_before GROUP BY firm
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
    SELECT firm, who FROM ({PEOPLE_BEFORE.format(firms="many")}) known JOIN many USING (firm)
    WHERE achieved_on > last_on - {YEAR}
), found AS MATERIALIZED (
    SELECT firm, count(*) AS learners, '-infinity'::date AS from_day,
           jsonb_build_object('employees', employees, 'said_by', said_by) AS evidence
    FROM people JOIN many USING (firm) GROUP BY firm, employees, said_by
    HAVING count(*) >= %(learners)s AND count(*) * 100 > employees * %(percent)s::bigint
)
{FLAG.format(rule="crowded")}
"""  # noqa: S608 - our own SQL
# A firm wakes on the day after the last silence of all that is known of it and all that the file says, within the
# year. It is awake once many are in the books since that day: somebody has let them in.
DORMANT = f"""
WITH before AS (
    SELECT firm, count(*) AS rows, min(achieved_on) AS first_on, max(achieved_on) AS last_on
    FROM staged_before GROUP BY firm
), firms AS (
    SELECT firm, least(min(stated.first_on), min(before.first_on)) AS first_on,
           greatest(max(stated.last_on), max(before.last_on)) AS last_on
    FROM staged_employer stated LEFT JOIN before USING (firm)
    GROUP BY firm HAVING sum(stated.rows) + coalesce(max(before.rows), 0) >= %(learners)s
), spanning AS MATERIALIZED (
    SELECT firm, last_on FROM firms LEFT JOIN staged_register register USING (firm)
    WHERE register.since IS NULL AND last_on - first_on > %(days)s
), registered AS MATERIALIZED (
    SELECT firm, since FROM firms JOIN staged_register USING (firm) WHERE since IS NOT NULL
), looked_at AS MATERIALIZED (
    SELECT firm FROM spanning UNION ALL SELECT firm FROM registered
), people AS MATERIALIZED (
    SELECT firm, achieved_on, who, false AS is_known FROM ({PEOPLE.format(firms="looked_at")}) file
    UNION ALL
    SELECT firm, achieved_on, who, true FROM ({PEOPLE_BEFORE.format(firms="looked_at")}) known
), days AS (
    SELECT firm, achieved_on, lag(achieved_on) OVER (PARTITION BY firm ORDER BY achieved_on) AS last_known_on
    FROM (SELECT DISTINCT firm, achieved_on FROM people JOIN spanning USING (firm)) days
), woke AS (
    SELECT DISTINCT ON (firm) * FROM days WHERE achieved_on - last_known_on > %(days)s
    ORDER BY firm, achieved_on DESC
), asleep AS (
    SELECT firm, since AS from_day, jsonb_build_object('dormant_since', since) AS evidence, true AS is_registered
    FROM registered
    UNION ALL
    SELECT firm, achieved_on, jsonb_build_object('last_known_on', last_known_on), false
    FROM woke JOIN spanning USING (firm) WHERE achieved_on > last_on - {YEAR}
), found AS MATERIALIZED (
    SELECT firm, from_day, evidence, count(DISTINCT who) AS learners
    FROM asleep JOIN people USING (firm) WHERE achieved_on >= from_day
    GROUP BY firm, from_day, evidence, is_registered
    HAVING count(DISTINCT who) >= %(learners)s
       AND (is_registered OR count(DISTINCT who) FILTER (WHERE is_known) < %(learners)s)
)
{FLAG.format(rule="dormant")}
"""  # noqa: S608 - our own SQL


def name_employers(given: dict[str, Any]) -> None:
    """Makes `staged_employer`, `staged_register` and `staged_before`, which the two rules read."""
    _run(NAMES, given)
    _run(BEFORE, given)


def flag_crowded(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags rows of an employer with more learners in twelve months than `percent` of its employees.

    Its people are those of the file and those whom the partner has reported before. How many work there the register
    says, else the rows themselves, by number or by the upper end of the size band.
    """
    _run(CROWDED, given | parameters)


def flag_dormant(parameters: dict[str, Any], given: dict[str, Any]) -> None:
    """Flags rows of an employer that was dormant, if at least `learners` come at once.

    It was if the register says so on the day of the row, or if more than `days` lie between two days of which the
    partner reported something there. Who comes is counted over all that it reported since then, so that many in one
    file and few in each of many are the same. By the register it stays dormant until that is corrected; otherwise it is
    awake once so many are in the books, or a year after it woke.
    """
    _run(DORMANT, given | parameters)


def _run(statement: str, given: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
