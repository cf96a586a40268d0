"""Finding statements: by question, in the order in which they were stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import connection

from programs.models import Partner

from .mentions import ACTIVITY, AGENT, REGISTRATION, RELATED_ACTIVITY, RELATED_AGENT, VERB, key_of
from .models import Attachment, Statement
from .moments import written_in_utc
from .operations.storing import WRITING
from .questions import Question

# OFFSET 0 keeps this a look-up for each row of the page: the planner does not know that a page is small.
NOT_VOIDED = """
    (found.is_voiding OR NOT EXISTS (
        SELECT FROM statements_statement AS taking_back
        WHERE taking_back.partner_id = found.partner_id AND taking_back.refers_to = found.statement_id
            AND taking_back.is_voiding
        OFFSET 0
    ))
"""
# Whatever matches is found with all that refers to it, however far removed, even where it has been voided itself.
PAGE = """
    WITH RECURSIVE referring AS (
        SELECT above.id, above.statement_id FROM statements_statement AS above
        JOIN statements_statement AS found ON found.partner_id = above.partner_id
            AND found.statement_id = above.refers_to
        WHERE above.partner_id = %(partner)s AND above.refers_to IS NOT NULL AND {matches}
        UNION
        SELECT above.id, above.statement_id FROM referring
        JOIN statements_statement AS above ON above.partner_id = %(partner)s
            AND above.refers_to = referring.statement_id
    )
    (SELECT {columns} FROM statements_statement AS found WHERE {within} AND {matches} {order})
    UNION ALL
    (SELECT {columns} FROM statements_statement AS found
     WHERE {within} AND id IN (SELECT id FROM referring) AND NOT ({matches}) {order})
    {order}
"""
ALL = "SELECT {columns} FROM statements_statement AS found WHERE {within} {order}"
COLUMNS = "id, statement_id, stored_at, said, token_id"
# A statement that is being stored was given its moment after its transaction took the lock, and after that one began.
CONSISTENT_THROUGH = """
    WITH now AS MATERIALIZED (SELECT clock_timestamp() AS moment)
    SELECT least(now.moment, (
        SELECT min(activity.xact_start) FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
        WHERE held.locktype = 'advisory' AND held.classid = %s AND held.objid = %s AND held.granted
            AND held.pid <> pg_backend_pid()
            AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )) FROM now
"""


class Found(NamedTuple):
    id: int
    statement_id: object
    stored_at: datetime
    said: str
    token_id: int

    def shown(self) -> dict[str, Any]:
        """The statement as it is given back: with the moment and the authority by which we have it."""
        said = in_utc(orjson.loads(self.said))
        stored = moment_text(self.stored_at)
        return {"timestamp": stored} | said | {"stored": stored, "authority": authority_of(self.token_id)}


def in_utc(said: dict[str, Any]) -> dict[str, Any]:
    """The statement with its moments in UTC; what was sent keeps the zone in which it was sent."""
    if "timestamp" in said:
        said["timestamp"] = written_in_utc(said["timestamp"])
    if said["object"].get("objectType") == "SubStatement":
        in_utc(said["object"])
    return said


def moment_text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def authority_of(token: int) -> dict[str, Any]:
    """Who vouches for a statement: the token with which it came, as an account of this installation."""
    return {"objectType": "Agent", "account": {"homePage": settings.SITE_URL, "name": f"token-{token}"}}


def token_of_authority(identifier: str | None) -> int:
    """The number of the token that the identifier stands for as an authority; 0 for any other agent."""
    number = (identifier or "").removeprefix(f"account {settings.SITE_URL} token-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def consistent_through(partner: Partner) -> datetime:
    """Every statement of the partner that was or will be stored before this moment can be found now."""
    with connection.cursor() as cursor:
        cursor.execute(CONSISTENT_THROUGH, [WRITING, partner.pk])
        (moment,) = cursor.fetchone()
    found: datetime = moment
    return found


def page_of(partner: Partner, question: Question, *, through: datetime) -> tuple[list[Found], bool]:
    """The statements of one page, and whether there are more. A page that ascends ends at `through`."""
    matches, keys = matching(partner.pk, question)
    params = {
        "partner": partner.pk,
        "since": question.since,
        "until": question.until,
        "through": through,
        "moment": question.after[0] if question.after else None,
        "id": question.after[1] if question.after else None,
        "most": question.limit + 1,
        "token": token_of_authority(question.agent),
        **keys,
    }
    direction = "" if question.ascending else "DESC"
    order = f"ORDER BY stored_at {direction}, id {direction} LIMIT %(most)s"
    query = PAGE if matches else ALL
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(columns=COLUMNS, within=within(question), matches=matches, order=order),
            params,
        )
        rows = [Found(*row) for row in cursor.fetchall()]
    return rows[: question.limit], len(rows) > question.limit


def within(question: Question) -> str:
    """Conditions that every statement of the page meets, whatever it refers to."""
    conditions = ["found.partner_id = %(partner)s", NOT_VOIDED]
    if question.since:
        conditions.append("found.stored_at > %(since)s")
    if question.until:
        conditions.append("found.stored_at <= %(until)s")
    if question.ascending:
        conditions.append("found.stored_at < %(through)s")
    if question.after:
        sign = ">" if question.ascending else "<"
        conditions.append(f"(found.stored_at, found.id) {sign} (%(moment)s, %(id)s)")
    return " AND ".join(conditions)


def matching(partner: int, question: Question) -> tuple[str, dict[str, list[int]]]:
    """Conditions that a statement meets, or another one to which it refers; empty where all statements do."""
    exact, conditions, keys = list[int](), list[str](), dict[str, list[int]]()
    asked = [
        (question.agent, [AGENT, RELATED_AGENT] if question.related_agents else [AGENT]),
        (question.activity, [ACTIVITY, RELATED_ACTIVITY] if question.related_activities else [ACTIVITY]),
        (question.verb, [VERB]),
        (question.registration, [REGISTRATION]),
    ]
    for identifier, relations in asked:
        if identifier is None:
            continue
        alternatives = [key_of(partner, relation, identifier) for relation in relations]
        if len(alternatives) == 1:
            exact += alternatives
        else:
            keys[relations[0]] = alternatives
            or_authority = " OR found.token_id = %(token)s" if relations[0] == AGENT else ""
            conditions.append(f"(found.keys && %({relations[0]})s::bigint[]{or_authority})")
    if exact:
        keys["exact"] = exact
        conditions.append("found.keys @> %(exact)s::bigint[]")
    return " AND ".join(conditions), keys


def statement_with_id(partner: Partner, number: str, *, voided: bool) -> Found | None:
    """The statement of this id, if it has been voided or not, as asked."""
    rows = Statement.objects.of_partner(partner).with_id(number)
    rows = rows.voided() if voided else rows.standing()
    row = rows.values_list("id", "statement_id", "stored_at", "said", "token_id").first()
    return Found(*row) if row else None


def mentioning(partner: Partner, relations: Iterable[str], identifier: str, *, most: int) -> list[dict[str, Any]]:
    """The newest statements that mention the agent or activity in any of the relations, as they were sent."""
    keys = [key_of(partner.pk, relation, identifier) for relation in relations]
    rows = Statement.objects.of_partner(partner).filter(keys__overlap=keys).order_by("-id")[:most]
    return [row.as_sent() for row in rows]


def attachments_of(partner: Partner, hashes: Iterable[str]) -> dict[str, bytes]:
    """The bytes that we have, by their hash."""
    rows = Attachment.objects.of_partner(partner).filter(sha2__in=list(hashes))
    return {sha2: bytes(content) for sha2, content in rows.values_list("sha2", "content")}
