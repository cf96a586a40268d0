"""State, agent profile and activity profile of one registration (xAPI 1.0.3 Communication 2.3, 2.6, 2.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from courses.packages.learners import registration
from courses.packages.models import PackageDocument
from courses.packages.operations.exchanging import delete_documents, key_of, write_document
from courses.packages.units import LAUNCH_DATA, PREFERENCES, actor_of, launch_data, preferences
from courses.packages.views.unit import Handler, Unit
from courses.statements.door import json_response
from courses.statements.operations.documents import Precondition, Sent
from courses.statements.questions import agent_object_in, iri_in, moment_in, refuse_unknown, uuid_in
from courses.statements.refusals import RefusedError

LARGEST = 1_000_000  # bytes of a document
LONGEST_NAME = 1_000


@dataclass(frozen=True)
class Resource:
    """A kind of documents, and the parameters by which it is asked for."""

    kind: str
    name: str
    has_activity: bool = True
    has_agent: bool = True


STATE = Resource(PackageDocument.Kind.STATE, "stateId")
AGENT = Resource(PackageDocument.Kind.AGENT, "profileId", has_activity=False)
ACTIVITY = Resource(PackageDocument.Kind.ACTIVITY, "profileId", has_agent=False)


def own_agent(unit: Unit) -> dict[str, Any]:
    """The agent of the parameter, who must be the learner of the launch. Raises `RefusedError`."""
    agent = agent_object_in(unit.params)
    own = actor_of(unit.launch.state.enrolment)
    if agent.get("account") != own["account"]:
        raise RefusedError("The agent must be the actor of the launch.", status=403)
    return own


def activity_in(unit: Unit, resource: Resource) -> str:
    """The activity that the documents belong to. Raises `RefusedError` for parameters of another learner or course."""
    known = {resource.name, "since", "activityId", "agent", "registration"}
    refuse_unknown(unit.params, frozenset(known))
    if resource.has_agent:
        own_agent(unit)
    if (asked := uuid_in(unit.params, "registration")) and asked != str(registration(unit.launch.state.enrolment)):
        raise RefusedError("The registration must be the one of the launch.", status=403)
    activity = iri_in(unit.params, "activityId") if resource.has_activity else ""
    if activity is None:
        raise RefusedError("Say the activityId.")
    return activity[:LONGEST_NAME]


def name_in(unit: Unit, resource: Resource) -> str:
    name = unit.params.get(resource.name, "")
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise RefusedError(f"Say the {resource.name}, in at most {LONGEST_NAME} characters.")
    return name


def own(unit: Unit, resource: Resource, name: str) -> dict[str, Any] | None:
    """The documents that are not kept, but made: launch data, and the preferences of who has set none."""
    if resource is STATE and name == LAUNCH_DATA:
        return launch_data(unit.launch, unit.item, base=unit.base)
    return preferences(unit.launch) if resource is AGENT and name == PREFERENCES else None


def get(resource: Resource, unit: Unit) -> HttpResponse:
    """One document by its name; without a name, the names, or those of what changed after a moment."""
    activity = activity_in(unit, resource)
    rows = PackageDocument.objects.filter(
        enrolment=unit.launch.state.enrolment_id, kind=resource.kind, activity=activity
    )
    if resource.name not in unit.params:
        since = moment_in(unit.params, "since")
        named = rows.filter(changed_at__gt=since) if since else rows
        return json_response(list(named.order_by("pk").values_list("name", flat=True)))
    name = name_in(unit, resource)
    document = rows.filter(key_hash=key_of(resource.kind, activity, name)).first()
    if document is not None:
        headers = {"ETag": document.etag, "Last-Modified": http_date(document.changed_at.timestamp())}
        return HttpResponse(bytes(document.content), content_type=document.content_type, headers=headers)
    made = own(unit, resource, name)
    if made is None:
        raise RefusedError("There is no such document.", status=404)
    return json_response(made)


def write(resource: Resource, merges: bool, unit: Unit) -> HttpResponse:
    activity, name = activity_in(unit, resource), name_in(unit, resource)
    if resource is STATE and name == LAUNCH_DATA:
        raise RefusedError("A unit does not change its launch data.", status=403)
    write_document(
        unit.launch.state.enrolment, resource.kind, activity, name, sent(unit), merges=merges, at=timezone.now(),
        precondition=precondition(unit, must_be_told=resource is not STATE and not merges),
    )  # fmt: skip
    return HttpResponse(status=204)


def sent(unit: Unit) -> Sent:
    content_type, content = unit.call.content_type or "application/octet-stream", unit.call.body()
    if not content_type.isprintable() or len(content_type) > 200:
        raise RefusedError("This is no content type.")
    if len(content) > LARGEST:
        raise RefusedError(f"A document may have {LARGEST} bytes.", status=413)
    return Sent(content_type, content)


def precondition(unit: Unit, *, must_be_told: bool = False) -> Precondition:
    headers = unit.call.headers
    return Precondition(headers.get("if-match", ""), headers.get("if-none-match", ""), must_be_told)


def delete(resource: Resource, unit: Unit) -> HttpResponse:
    activity = activity_in(unit, resource)
    name = name_in(unit, resource) if resource.name in unit.params or resource is not STATE else None
    if resource is STATE and name == LAUNCH_DATA:
        raise RefusedError("A unit does not change its launch data.", status=403)
    delete_documents(unit.launch.state.enrolment, resource.kind, activity, name, precondition=precondition(unit))
    return HttpResponse(status=204)


def handlers_of(resource: Resource) -> Mapping[str, Handler]:
    return {
        "GET": partial(get, resource),
        "PUT": partial(write, resource, False),
        "POST": partial(write, resource, True),
        "DELETE": partial(delete, resource),
    }
