"""Revoking or restoring many achievements of one partner that somebody else has chosen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from courses.achievements.models import Achievement
from programs.models import Program

from .marking import mark_sql

COPIED = (
    "program_id", "person_id", "course_id", "partner_id", "evidence", "achieved_on", "source", "source_id",
    "source_row", "region", "sector", "employer", "employer_size", "age_band", "occupation",
)  # fmt: skip


def change_chosen(
    program: Program,
    *,
    chosen: str,
    given: Mapping[str, Any],
    kind: Achievement.Kind,
    reason: str,
    recorded_at: datetime,
    only_revoked_because: str = "",
) -> dict[int, int]:
    """Adds a later fact for each chosen achievement that it changes, and marks their people dirty.

    `chosen` is a SELECT of the numbers of achievements with the parameters `given`. What is revoked is not revoked
    again, and what stands is not restored; with `only_revoked_because` only what was last revoked for such a reason
    (a pattern of LIKE) is restored. Answers by level of evidence how many changed. Call it inside the transaction that
    decides on them, which holds the partner's row.
    """
    columns = ", ".join(f"fact.{name}" for name in COPIED)
    parameters = {
        **given, "kind": kind, "reason": reason, "at": recorded_at, "program": program.pk,
        "pattern": only_revoked_because or "%",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH chosen (id) AS MATERIALIZED ({chosen}), last AS (
                SELECT fact.id, later.kind, coalesce(later.turn, 0) + 1 AS turn, later.reason
                FROM chosen JOIN achievements_achievement fact ON fact.id = chosen.id AND fact.kind = 'achieved'
                LEFT JOIN LATERAL (
                    SELECT kind, turn, reason FROM achievements_achievement
                    WHERE refers_to_id = fact.id ORDER BY turn DESC LIMIT 1
                ) later ON true
            ), added AS (
                INSERT INTO achievements_achievement
                    (refers_to_id, turn, fact_key, kind, reason, recorded_at, {", ".join(COPIED)})
                SELECT fact.id, last.turn,
                       substr(sha256('later'::bytea || '\\x00'::bytea || fact.id::text::bytea || '\\x00'::bytea
                                     || last.turn::text::bytea), 1, 16),
                       %(kind)s, %(reason)s, %(at)s, {columns}
                FROM last JOIN achievements_achievement fact ON fact.id = last.id
                WHERE CASE WHEN %(kind)s = 'revoked' THEN last.kind IS DISTINCT FROM 'revoked'
                           ELSE last.kind = 'revoked' AND last.reason LIKE %(pattern)s END
                ON CONFLICT DO NOTHING
                RETURNING person_id, evidence
            ), marked AS (
                {mark_sql("SELECT person_id FROM added")}
            )
            SELECT evidence, count(*) FROM added GROUP BY evidence
            """,  # noqa: S608 - names of our own columns, and our own SQL
            parameters,
        )
        return dict(cursor.fetchall())
