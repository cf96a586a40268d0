"""Activities, references and the parts that statements and sub-statements share (xAPI 1.0.3 Data 2.4)."""

import re
from typing import Any

from .actors import actor, agent, group
from .values import (
    Check,
    InvalidError,
    array,
    boolean,
    duration,
    extensions,
    iri,
    language_map,
    language_tag,
    number,
    one_of,
    shape,
    text,
    uuid,
    whole_number,
)

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

verb = shape({"id": iri, "display": language_map}, required=("id",))
statement_ref = shape({"objectType": one_of("StatementRef"), "id": uuid}, required=("objectType", "id"))

_component = shape({"id": text, "description": language_map}, required=("id",))
_components = array(_component)


def interaction_components(value: Any) -> None:  # noqa: ANN401
    _components(value)
    if len({component["id"] for component in value}) != len(value):
        raise InvalidError("must have each id once.")


COMPONENTS = ("choices", "scale", "source", "target", "steps")
_definition = shape(
    {
        "name": language_map,
        "description": language_map,
        "type": iri,
        "moreInfo": iri,
        "extensions": extensions,
        "interactionType": one_of(
            *("true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert"),
            *("numeric", "other"),
        ),
        "correctResponsesPattern": array(text),
        **dict.fromkeys(COMPONENTS, interaction_components),
    }
)


def definition(value: Any) -> None:  # noqa: ANN401
    _definition(value)
    if "interactionType" not in value and any(name in value for name in ("correctResponsesPattern", *COMPONENTS)):
        raise InvalidError("must have an interactionType, as it describes an interaction.")


activity = shape({"objectType": one_of("Activity"), "id": iri, "definition": definition}, required=("id",))


def context_activity_list(value: Any) -> None:  # noqa: ANN401
    """One activity or a list of them."""
    if type(value) is list:
        _activities(value)
    else:
        activity(value)


_activities = array(activity)
context_activities = shape(dict.fromkeys(("parent", "grouping", "category", "other"), context_activity_list))

_score = shape(dict.fromkeys(("scaled", "raw", "min", "max"), number))


def score(value: Any) -> None:  # noqa: ANN401
    _score(value)
    if not -1 <= value.get("scaled", 0) <= 1:
        raise InvalidError("must be from -1 to 1.").at("scaled")
    low, high, raw = value.get("min"), value.get("max"), value.get("raw")
    if low is not None and high is not None and low >= high:
        raise InvalidError("must be below max.").at("min")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise InvalidError("must be from min to max.").at("raw")


result = shape(
    {
        "score": score,
        "success": boolean,
        "completion": boolean,
        "response": text,
        "duration": duration,
        "extensions": extensions,
    }
)

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+\-]+/[\w!#$&^.+\-]+(?:[ \t]*;[^\x00-\x1f\x7f]*)?", re.ASCII).fullmatch
_SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})").fullmatch


def media_type(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _MEDIA_TYPE(value) is None:
        raise InvalidError("must be a media type, such as text/plain.")


def sha2(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _SHA2(value) is None:
        raise InvalidError("must be a SHA-2 in hexadecimal digits.")


_attachment = shape(
    {
        "usageType": iri,
        "display": language_map,
        "description": language_map,
        "contentType": media_type,
        "length": whole_number,
        "sha2": sha2,
        "fileUrl": iri,
    },
    required=("usageType", "display", "contentType", "length", "sha2"),
)


def attachment(value: Any) -> None:  # noqa: ANN401
    _attachment(value)
    if value["usageType"] == SIGNATURE and value["contentType"] != "application/octet-stream":
        raise InvalidError("must be application/octet-stream for a signature.").at("contentType")


attachments = array(attachment)
_relevant = array(iri)


def relevant_types(value: Any) -> None:  # noqa: ANN401
    _relevant(value)
    if not value:
        raise InvalidError("must not be empty.")


_CONTEXT: dict[str, Check] = {
    "registration": uuid,
    "instructor": actor,
    "team": group,
    "contextActivities": context_activities,
    "revision": text,
    "platform": text,
    "language": language_tag,
    "statement": statement_ref,
    "extensions": extensions,
}
_CONTEXT_AGENT = {"objectType": one_of("contextAgent"), "agent": agent, "relevantTypes": relevant_types}
_CONTEXT_GROUP = {"objectType": one_of("contextGroup"), "group": group, "relevantTypes": relevant_types}
context_1 = shape(_CONTEXT)
context_2 = shape(
    _CONTEXT
    | {
        "contextAgents": array(shape(_CONTEXT_AGENT, required=("objectType", "agent"))),
        "contextGroups": array(shape(_CONTEXT_GROUP, required=("objectType", "group"))),
    }
)
