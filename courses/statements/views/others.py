"""What is known of an activity or an agent, and about the record store itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from courses.statements.checks import edition_of
from courses.statements.checks.actors import IDENTIFIERS
from courses.statements.door import VERSION, Asked, json_response, problem, read_rest, resource, without_content
from courses.statements.mentions import ACTIVITY, AGENT, RELATED_ACTIVITY, RELATED_AGENT, identifier_of
from courses.statements.questions import agent_object_in, iri_in, refuse_unknown
from courses.statements.reading import mentioning
from courses.statements.refusals import RefusedError

SERVED_FIRST = ["1.0.0", "1.0.1", "1.0.2", "1.0.3"]
NEWEST = 100  # statements that are looked through for what they say of an activity or an agent


def about(request: HttpRequest) -> HttpResponse:
    """Which versions are served. For everybody: it says nothing of anybody, and a client asks before it knows more.

    A client that speaks 1.0.x hears of no later version: its specification knows none.
    """
    edition = edition_of(request.headers.get(VERSION, ""))
    if request.method in ("GET", "HEAD"):
        later = [] if edition == "1.0.3" else ["2.0.0"]
        response = json_response({"version": [*SERVED_FIRST, *later], "extensions": {}})
    else:
        response = problem(
            RefusedError(f"{request.method} is no method of this resource.", status=405), {"GET": activity}
        )
    read_rest(request)
    response.headers[VERSION] = edition or "1.0.3"
    return without_content(response) if request.method == "HEAD" else response


def activity(asked: Asked) -> HttpResponse:
    """The activity with all that the newest statements say of it; if they say nothing, its id alone."""
    refuse_unknown(asked.params, frozenset({"activityId"}))
    number = iri_in(asked.params, "activityId")
    if number is None:
        raise RefusedError("Say the activityId.")
    statements = mentioning(asked.partner, (ACTIVITY, RELATED_ACTIVITY), number, most=NEWEST)
    described = [row for row in every_object(statements) if row.get("id") == number and "definition" in row]
    definition = dict[str, Any]()
    for row in reversed(described):
        definition = together(definition, row["definition"])
    return json_response({"objectType": "Activity", "id": number} | ({"definition": definition} if definition else {}))


def together(older: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """Both definitions as one: texts by language and extensions add up, for the rest the newer one holds."""
    sums = {name: older.get(name, {}) | newer[name] for name in ("name", "description", "extensions") if name in newer}
    return older | newer | sums


def agent(asked: Asked) -> HttpResponse:
    """The agent as a Person object: the identifier that was asked for, and every name that goes with it."""
    refuse_unknown(asked.params, frozenset({"agent"}))
    given = agent_object_in(asked.params)
    identifier = identifier_of(given) or ""
    statements = mentioning(asked.partner, (AGENT, RELATED_AGENT), identifier, most=NEWEST)
    known = [given, *(row for row in every_object(statements) if IDENTIFIERS & row.keys())]
    names = dict.fromkeys(row["name"] for row in known if "name" in row and identifier_of(row) == identifier)
    person = {"objectType": "Person"} | {name: [given[name]] for name in IDENTIFIERS & given.keys()}
    return json_response(person | ({"name": list(names)} if names else {}))


def every_object(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """All objects inside the value, but not those in extensions, which mean nothing to us."""
    if type(value) is list:
        return [found for item in value for found in every_object(item)]
    if type(value) is not dict:
        return []
    return [value, *(found for name, item in value.items() if name != "extensions" for found in every_object(item))]


activities = resource(GET=activity)
agents = resource(GET=agent)
