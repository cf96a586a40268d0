"""Storing statements: all of a request or none, each once, in one statement of SQL."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from django.db import connection, transaction

from courses.statements.checks import VOIDED, Edition
from courses.statements.comparing import say_the_same
from courses.statements.mentions import keys_of, reference_in
from courses.statements.models import Attachment, Statement
from courses.statements.refusals import RefusedError
from programs.models import ApiToken

WRITING = 1_481_458_000  # the first half of the lock that says that statements of a partner are being stored
SEPARATOR = "\x1e"  # stands in no JSON: there it is escaped

# Whoever stores shares the partner's lock and takes the moment after it: see `reading.consistent_through`. Rows go in
# by their ids, so that two clients who send the same statements in another order never wait for each other in a circle.
STORE = """
    WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%(writing)s, %(partner)s)),
    door AS MATERIALIZED (SELECT clock_timestamp() AS stored_at FROM lock),
    sent AS MATERIALIZED (
        SELECT nextval('statements_statement_id_seq') AS id, row.*
        FROM unnest(
            string_to_array(%(numbers)s, %(separator)s)::uuid[], string_to_array(%(said)s, %(separator)s),
            string_to_array(%(keys)s, %(separator)s), string_to_array(%(refers)s, %(separator)s, ''),
            string_to_array(%(voiding)s, %(separator)s)::boolean[]
        ) AS row (statement_id, said, keys, refers_to, is_voiding)
    ),
    added AS (
        INSERT INTO statements_statement (
            id, program_id, partner_id, token_id, statement_id, stored_at, said, refers_to, is_voiding, keys
        )
        SELECT id, %(program)s, %(partner)s, %(token)s, statement_id, stored_at, said, refers_to::uuid, is_voiding,
            keys::bigint[]
        FROM sent, door ORDER BY statement_id
        ON CONFLICT (program_id, partner_id, statement_id) DO NOTHING
        RETURNING id, statement_id, stored_at
    ),
    arrival AS (
        INSERT INTO statements_arrival (program_id, partner_id, stored_at, statements)
        SELECT %(program)s, %(partner)s, min(stored_at), array_agg(id ORDER BY id) FROM added HAVING count(*) > 0
    )
    SELECT statement_id::text FROM added
"""


class Row(NamedTuple):
    number: str
    said: str
    keys: str
    refers: str
    voiding: str


def store_statements(
    token: ApiToken, statements: list[dict[str, Any]], *, edition: Edition, attachments: Mapping[str, bytes]
) -> list[str]:
    """Stores checked statements for the token's partner and gives back their ids, in order.

    `attachments` are the bytes that came along, by their hash. A statement that is there already is not stored again.
    The dictionaries are filled in. Raises `RefusedError` (409) where another statement has an id, and stores nothing.
    """
    partner = token.partner_id
    assert partner is not None, "only the token of a partner has the scopes of statements"
    rows = [row_of(partner, statement, edition) for statement in statements]
    if rows:
        with transaction.atomic():
            known = added_by(token, rows)
            if len(known) < len(rows):
                refuse_others(token, [row for row in rows if row.number not in known])
            keep_attachments(token, attachments)
    return [statement["id"] for statement in statements]


def row_of(partner: int, statement: dict[str, Any], edition: Edition) -> Row:
    """Fills in what is missing, takes out what we say ourselves, and writes it down."""
    number = statement.setdefault("id", "") or str(uuid4())
    statement["id"] = number
    statement.setdefault("version", "1.0.0" if edition == "1.0.3" else "2.0.0")
    statement.pop("stored", None)
    statement.pop("authority", None)
    make_lists(statement)
    if statement["object"].get("objectType") == "SubStatement":
        make_lists(statement["object"])
    reference = reference_in(statement, voided=VOIDED)
    return Row(
        number.lower(),
        orjson.dumps(statement).decode(),
        "{" + ",".join(map(str, keys_of(partner, statement))) + "}",
        reference.statement_id if reference else "",
        "t" if reference and reference.is_voiding else "f",
    )


def make_lists(statement: dict[str, Any]) -> None:
    """Context activities are given back as lists, even where one stood alone."""
    context = statement.get("context")
    if context and "contextActivities" in context:
        activities = context["contextActivities"]
        for name, value in activities.items():
            if type(value) is dict:
                activities[name] = [value]


def added_by(token: ApiToken, rows: list[Row]) -> set[str]:
    """Adds the rows that are not there yet and says which those were."""
    numbers, said, keys, refers, voiding = (SEPARATOR.join(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            {
                "writing": WRITING,
                "separator": SEPARATOR,
                "program": token.program_id,
                "partner": token.partner_id,
                "token": token.pk,
                "numbers": numbers,
                "said": said,
                "keys": keys,
                "refers": refers,
                "voiding": voiding,
            },
        )
        return {number for (number,) in cursor.fetchall()}


def refuse_others(token: ApiToken, rows: Iterable[Row]) -> None:
    """Raises `RefusedError` unless each row says the same as the statement of its id that is stored."""
    sent = {row.number: row for row in rows}
    stored = Statement.objects.filter(program=token.program_id, partner=token.partner_id, statement_id__in=list(sent))
    for number, said in stored.values_list("statement_id", "said"):
        if not say_the_same(orjson.loads(said), orjson.loads(sent[str(number)].said)):
            raise RefusedError(f"Another statement has the id {number}; a statement never changes.", status=409)


def keep_attachments(token: ApiToken, attachments: Mapping[str, bytes]) -> None:
    Attachment.objects.bulk_create(
        [
            Attachment(program_id=token.program_id, partner=token.partner, sha2=sha2, content=content)
            for sha2, content in sorted(attachments.items())
        ],
        ignore_conflicts=True,
    )
