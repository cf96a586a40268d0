"""The rules in their turn, and what they come to: each flagged row goes to quarantine with the rules that hold it."""

import json
from typing import Any

from django.db import connection

from courses.returns.checking.placeholders import PLACES
from courses.returns.models import AnomalyRule, Return
from courses.returns.profiles import Definition

from . import employers, speed
from .parameters import Rules
from .sharing import SHARED_COLUMNS, flag_shared

Kind = AnomalyRule.Kind
# What a partner reads beside a row that waits. It names the rule and no threshold.
REASONS: dict[str, str] = {
    Kind.DORMANT: "waits for a decision: many learners at once of an employer that was dormant",
    Kind.CROWDED: "waits for a decision: the employer has more learners than people who work for it",
    Kind.SHARED: "waits for a decision: several people have the same phone, e-mail address or account",
    Kind.PLACEHOLDER: "waits for a decision: a placeholder stands where a person's own value is wanted",
    Kind.FAST: "waits for a decision: completed faster than the course can be taken",
    Kind.FULL_DAY: "waits for a decision: one person completed more courses on one day than it has hours",
    Kind.NIGHT: "waits for a decision: most rows of one day were completed at night",
}
# `place` is the gravity of the rule; of two groups of one rule the one with the greater weight is named.
FLAGGED = """
INSERT INTO staged_flagged
WITH first AS (
    SELECT DISTINCT ON (number, place) * FROM staged_flag ORDER BY number, place, weight DESC, "group"
)
SELECT number, (array_agg(rule ORDER BY place))[1] AS rule, (array_agg("group" ORDER BY place))[1] AS "group",
       array_to_string((array_agg(rule ORDER BY place))[2:], ' ') AS also, jsonb_object_agg(rule, evidence) AS evidence
FROM first GROUP BY number
"""
QUARANTINED = """
UPDATE staged SET outcome = 'quarantined', reason = %(reasons)s::jsonb ->> flagged.rule FROM staged_flagged flagged
WHERE staged.number = flagged.number AND staged.outcome = 'accepted'
"""
PLACEHOLDERS = """
INSERT INTO staged_flag
SELECT number, %(place)s, 'placeholder', array_to_string(named.columns, '-'), 0,
       jsonb_build_object('columns', named.columns)
FROM staged CROSS JOIN LATERAL (
    SELECT array_agg(name ORDER BY bit) AS columns FROM unnest(%(columns)s::text[]) WITH ORDINALITY known (name, bit)
    WHERE suspect & (1 << (bit::integer - 1)) <> 0
) named
WHERE suspect <> 0 AND outcome = 'accepted' AND evidence > 0
"""


def flag_rows(definition: Definition, loading: Return, rules: Rules) -> int:
    """Puts every row that a rule flags in quarantine; answers how many.

    The rules look at the whole file and at what is known of the program's persons and the partner's employers, so
    that the order of rows makes no difference. A rule of which the file says nothing costs nothing. What an earlier
    attempt at this return has recorded is seen as part of the file, and stays.
    """
    given: dict[str, Any] = {
        "program": loading.program_id, "partner": loading.partner_id, "return": loading.pk,
        "is_trial": loading.is_trial,
    }  # fmt: skip
    if _names_employers(definition) and {Kind.CROWDED, Kind.DORMANT} & set(rules):
        employers.name_employers(given)
    with connection.cursor() as cursor:
        for place, kind in enumerate(Kind.values):
            if kind in rules:
                _flag(loading, kind, definition, rules[kind], given | {"place": place})
        cursor.execute("SELECT EXISTS (SELECT FROM staged_flag)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FLAGGED)
        cursor.execute(QUARANTINED, {"reasons": json.dumps(REASONS)})
        return int(cursor.rowcount)


def _flag(
    loading: Return, kind: str, definition: Definition, parameters: dict[str, Any], given: dict[str, Any]
) -> None:
    names_employers = _names_employers(definition)
    if kind == Kind.SHARED:
        for name in (name for name in SHARED_COLUMNS if name in definition.particulars):
            flag_shared(loading.program, name, parameters[name], given)
    elif kind == Kind.PLACEHOLDER:
        _run(PLACEHOLDERS, given | {"columns": list(PLACES)})
    elif kind == Kind.FAST and (definition.minutes or definition.started):
        speed.flag_fast(parameters, given)
    elif kind == Kind.FULL_DAY:
        speed.flag_full_days(parameters, given)
    elif kind == Kind.NIGHT and ("%H" in definition.day.format or _has_times()):
        speed.flag_nights(parameters, given)
    elif kind == Kind.CROWDED and names_employers:
        employers.flag_crowded(parameters, given)
    elif kind == Kind.DORMANT and names_employers:
        employers.flag_dormant(parameters, given)


def _names_employers(definition: Definition) -> bool:
    return "employer" in definition.describing or bool(definition.constants.get("employer"))


def _has_times() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staged WHERE finished_at IS NOT NULL)")
        return bool(cursor.fetchone()[0])


def _run(statement: str, given: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
