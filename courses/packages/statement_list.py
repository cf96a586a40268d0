"""The statements of a registration, as a unit asks for them (xAPI 1.0.3 Communication 2.1.3)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from courses.packages.learners import registration
from courses.packages.models import Launch, PackageStatement
from courses.packages.units import actor_of
from courses.statements.checks import is_uuid
from courses.statements.mentions import identifier_of
from courses.statements.questions import Question, question_in
from courses.statements.refusals import RefusedError

BEFORE = "before"  # the number of the statement at which the page before ended
KNOWN = frozenset(
    {
        *("statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "since", "until", "limit"),
        *("ascending", "format", "attachments", "related_agents", "related_activities", BEFORE),
    }
)


def statement_list(launch: Launch, params: Mapping[str, str], path: str) -> dict[str, Any]:
    """One statement by its id, or a page of them with the address of the next. Raises `RefusedError`."""
    if unknown := params.keys() - KNOWN:
        raise RefusedError(f"No such parameter here: {', '.join(sorted(unknown))[:200]}.")
    mine = PackageStatement.objects.filter(state__enrolment=launch.state.enrolment_id)
    if "statementId" in params:
        return one_statement(mine, params["statementId"])
    if "voidedStatementId" in params:
        raise RefusedError("There is no such statement.", status=404)
    question = question_in({name: value for name, value in params.items() if name != BEFORE})
    found = list(chosen(mine, launch, question, params)[: question.limit + 1])
    page = found[: question.limit]
    is_more = len(found) > len(page)
    more = f"{path}?{urlencode({**params, BEFORE: page[-1].pk})}" if is_more else ""
    return {"statements": [shown(row) for row in page], "more": more}


def one_statement(mine: QuerySet[PackageStatement], number: str) -> dict[str, Any]:
    if not is_uuid(number):
        raise RefusedError("statementId must be a UUID.")
    row = mine.filter(statement_id=number).first()
    if row is None:
        raise RefusedError("There is no such statement.", status=404)
    return shown(row)


def chosen(
    mine: QuerySet[PackageStatement], launch: Launch, question: Question, params: Mapping[str, str]
) -> QuerySet[PackageStatement]:
    enrolment = launch.state.enrolment
    if question.agent not in (None, identifier_of(actor_of(enrolment))):
        return mine.none()
    if question.registration not in (None, str(registration(enrolment))):
        return mine.none()
    if question.verb:
        mine = mine.filter(verb=question.verb)
    if question.activity:
        mine = mine.filter(statement__object__id=question.activity)
    if question.since:
        mine = mine.filter(stored_at__gt=question.since)
    if question.until:
        mine = mine.filter(stored_at__lte=question.until)
    if re.fullmatch(r"[0-9]{1,18}", before := params.get(BEFORE, "")):
        mine = mine.filter(pk__gt=before) if question.ascending else mine.filter(pk__lt=before)
    return mine.order_by("pk" if question.ascending else "-pk")


def shown(row: PackageStatement) -> dict[str, Any]:
    stored = row.stored_at.isoformat().replace("+00:00", "Z")
    authority = {"objectType": "Agent", "account": {"homePage": settings.SITE_URL, "name": "uplift"}}
    return {"version": "1.0.3", "timestamp": stored, **row.statement, "stored": stored, "authority": authority}
