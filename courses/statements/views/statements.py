"""The statement resource: xAPI 1.0.3 Communication 2.1, IEEE 9274.1.1 section 4.1.6.1."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date

from courses.statements import formats
from courses.statements.checks import InvalidError, check_statements
from courses.statements.door import Asked, json_response, resource
from courses.statements.multipart import (
    attachments_in,
    check_attachments,
    media_type,
    message_of,
    statements_and_attachments,
)
from courses.statements.operations import store_statements
from courses.statements.questions import (
    KNOWN,
    WITH_ID,
    Format,
    format_in,
    question_in,
    refuse_unknown,
    sealed,
    truth_in,
    unsealed,
    uuid_in,
)
from courses.statements.reading import (
    attachments_of,
    consistent_through,
    moment_text,
    page_of,
    statement_with_id,
)
from courses.statements.reading_json import read_json
from courses.statements.refusals import RefusedError
from courses.statements.signatures import check_signatures

THROUGH = "X-Experience-API-Consistent-Through"


def post(asked: Asked) -> HttpResponse:
    refuse_unknown(asked.params, frozenset())
    value, attachments = sent(asked)
    statements = value if type(value) is list else [value]
    return json_response(store(asked, statements, attachments))


def put(asked: Asked) -> HttpResponse:
    refuse_unknown(asked.params, frozenset({"statementId"}))
    number = uuid_in(asked.params, "statementId")
    if number is None:
        raise RefusedError("Say the statementId.")
    value, attachments = sent(asked)
    if type(value) is not dict:
        raise RefusedError("PUT stores one statement.")
    if str(value.setdefault("id", asked.params["statementId"])).lower() != number:
        raise RefusedError("The statement has another id than the statementId says.")
    store(asked, [value], attachments)
    return HttpResponse(status=204)


def sent(asked: Asked) -> tuple[Any, dict[str, bytes]]:
    """The JSON that came, and the bytes of attachments with it."""
    kind = media_type(asked.content_type)
    if kind == "application/json":
        return read_json(asked.body()), {}
    if kind == "multipart/mixed":
        statements, attachments = statements_and_attachments(asked.body(), asked.content_type)
        return read_json(statements), attachments
    raise RefusedError("Send statements as application/json or multipart/mixed.")


def store(asked: Asked, statements: list[Any], attachments: dict[str, bytes]) -> list[str]:
    try:
        check_statements(statements, asked.edition)
    except InvalidError as error:
        raise RefusedError(str(error)) from error
    check_attachments(statements, attachments)
    if attachments:
        for statement in statements:
            check_signatures(statement, attachments)
    return store_statements(asked.token, statements, edition=asked.edition, attachments=attachments)


def get(asked: Asked) -> HttpResponse:
    """How far the answer can be trusted to be complete is said with every answer, even a refusal."""
    through = consistent_through(asked.partner)
    try:
        single = asked.params.keys() & {"statementId", "voidedStatementId"}
        response = one(asked) if single else many(asked, through=through)
    except RefusedError as refusal:
        refusal.headers[THROUGH] = moment_text(through)
        raise
    response.headers[THROUGH] = moment_text(through)
    return response


def one(asked: Asked) -> HttpResponse:
    refuse_unknown(asked.params, WITH_ID)
    standing, voided = (uuid_in(asked.params, name) for name in ("statementId", "voidedStatementId"))
    if standing and voided:
        raise RefusedError("Ask for a statementId or a voidedStatementId, not for both.")
    found = statement_with_id(asked.partner, standing or voided or "", voided=bool(voided))
    if found is None:
        raise RefusedError("There is no such statement.", status=404)
    shown = written(asked, format_in(asked.params))(found.shown())
    response = answer(asked, shown, [shown], with_attachments=truth_in(asked.params, "attachments"))
    response.headers["Last-Modified"] = http_date(found.stored_at.timestamp())
    return response


def many(asked: Asked, *, through: datetime) -> HttpResponse:
    if "more" in asked.params:
        refuse_unknown(asked.params, frozenset({"more"}))
        question, params = unsealed(asked.partner.pk, asked.params["more"])
    else:
        refuse_unknown(asked.params, KNOWN)
        question, params = question_in(asked.params), dict(asked.params)
    rows, is_more = page_of(asked.partner, question, through=through)
    write = written(asked, question.format)
    statements = [write(row.shown()) for row in rows]
    more = ""
    if is_more:
        seal = sealed(asked.partner.pk, params, (rows[-1].stored_at, rows[-1].id))
        more = f"{reverse('xapi-statements')}?more={quote(seal)}"
    result = {"statements": statements, "more": more}
    return answer(asked, result, statements, with_attachments=question.attachments)


def written(asked: Asked, format: Format) -> formats.Change:
    if format == "canonical":
        return formats.canonical(formats.languages_asked(asked.headers.get("accept-language", "")))
    return formats.ids if format == "ids" else formats.exact


def answer(
    asked: Asked, value: object, statements: Iterable[dict[str, Any]], *, with_attachments: bool
) -> HttpResponse:
    if not with_attachments:
        return json_response(value)
    kinds = {row["sha2"].lower(): row["contentType"] for row in attachments_in(statements)}
    contents = attachments_of(asked.partner, kinds)
    content, content_type = message_of(value, {sha2: (kinds[sha2], contents[sha2]) for sha2 in contents})
    return HttpResponse(content, content_type=content_type)


statements = resource(GET=get, PUT=put, POST=post)
