"""The record store of one session of cmi5: xAPI 1.0.3 and 2.0, for the unit that was launched and nobody else."""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.packages.models import Launch
from courses.packages.models.state import digest
from courses.packages.operations import SupersededError
from courses.packages.operations.exchanging import fetch_secret, store_statements
from courses.packages.statement_list import statement_list
from courses.packages.views.documents import ACTIVITY, AGENT, STATE, handlers_of, own_agent
from courses.packages.views.launch import address_of, of_launch, played
from courses.packages.views.unit import Handler, Unit
from courses.statements.checks import InvalidError, check_statements, edition_of
from courses.statements.door import VERSION, Call, call_of, json_response, problem, without_content
from courses.statements.reading_json import read_json
from courses.statements.refusals import RefusedError

LARGEST = 2_000_000  # bytes of a request
MOST_AT_ONCE = 100


@require_POST
@of_launch
def fetch(request: HttpRequest, launch: Launch) -> HttpResponse:
    """What the unit authenticates with, once; the status is 200 all the same where it was fetched before (8.2.3)."""
    secret = fetch_secret(launch)
    if secret is None:
        return JsonResponse({"error-code": "1", "error-text": "The token was fetched before, or the session ended."})
    return JsonResponse({"auth-token": secret})


@of_launch
def resource(request: HttpRequest, launch: Launch, resource: str) -> HttpResponseBase:
    """One of the resources of xAPI."""
    name = resource.strip("/")
    if name == "about":
        return json_response({"version": ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"], "extensions": {}})
    handlers = RESOURCES.get(name)
    if handlers is None:
        raise Http404
    version = "1.0.3"
    try:
        call = call_of(request, handlers)
        version = edition_of(call.headers.get(VERSION.lower(), "")) or version
        response = handlers[call.method](admitted(call, launch, address_of(request)))
    except RefusedError as refusal:
        response = problem(refusal, handlers)
    except SupersededError:
        response = problem(RefusedError("The unit was launched again elsewhere.", status=403), handlers)
    response.headers[VERSION] = version
    return without_content(response) if request.method == "HEAD" else response


def admitted(call: Call, launch: Launch, base: str) -> Unit:
    """Raises `RefusedError`: 401 without the secret of the session, 400 for a version that nothing here serves."""
    scheme, _, secret = call.headers.get("authorization", "").partition(" ")
    is_right = bool(launch.secret_hash) and hmac.compare_digest(digest(secret.strip()), launch.secret_hash)
    if scheme.lower() != "basic" or not is_right:
        raise RefusedError("Send the token that was fetched, as Basic authentication.", status=401)
    edition = edition_of(call.headers.get(VERSION.lower(), ""))
    if edition is None:
        raise RefusedError(f"Say the version of xAPI in the header {VERSION}: 1.0.3 or 2.0.0.")
    return Unit(call, launch, played(launch)[1], edition, base)


def post_statements(unit: Unit) -> HttpResponse:
    sent = read_json(body(unit))
    ids = stored(unit, sent if isinstance(sent, list) else [sent])
    return json_response([str(number) for number in ids])


def put_statement(unit: Unit) -> HttpResponse:
    sent, number = read_json(body(unit)), unit.params.get("statementId", "")
    if not isinstance(sent, dict) or str(sent.setdefault("id", number)).lower() != number.lower():
        raise RefusedError("The statementId must be the id of the statement.")
    stored(unit, [sent])
    return HttpResponse(status=204)


def body(unit: Unit) -> bytes:
    if unit.call.content_type.split(";")[0].strip().lower() != "application/json":
        raise RefusedError("Send application/json; attachments are not taken.")
    content = unit.call.body()
    if len(content) > LARGEST:
        raise RefusedError(f"A request may have {LARGEST} bytes.", status=413)
    return content


def stored(unit: Unit, statements: list[Any]) -> list[UUID]:
    if len(statements) > MOST_AT_ONCE:
        raise RefusedError(f"Send at most {MOST_AT_ONCE} statements at a time.", status=413)
    try:
        check_statements(statements, unit.edition)
    except InvalidError as error:
        raise RefusedError(str(error)) from error
    if any(statement.get("attachments") for statement in statements):
        raise RefusedError("Attachments are not taken.")
    return store_statements(unit.launch, unit.item, statements, at=timezone.now())


def get_statements(unit: Unit) -> HttpResponse:
    path = f"/{unit.base.removeprefix(settings.PACKAGES_URL).strip('/')}/xapi/statements"
    return json_response(
        statement_list(unit.launch, unit.params, path), headers={"X-Experience-API-Consistent-Through": now()}
    )


def now() -> str:
    return timezone.now().isoformat().replace("+00:00", "Z")


def get_activity(unit: Unit) -> HttpResponse:
    if "activityId" not in unit.params:
        raise RefusedError("Say the activityId.")
    return json_response({"objectType": "Activity", "id": unit.params["activityId"]})


def get_agent(unit: Unit) -> HttpResponse:
    agent = own_agent(unit)
    return json_response({"objectType": "Person", "account": [agent["account"]]})


RESOURCES: Mapping[str, Mapping[str, Handler]] = {
    "statements": {"GET": get_statements, "POST": post_statements, "PUT": put_statement},
    "activities/state": handlers_of(STATE),
    "agents/profile": handlers_of(AGENT),
    "activities/profile": handlers_of(ACTIVITY),
    "activities": {"GET": get_activity},
    "agents": {"GET": get_agent},
}
