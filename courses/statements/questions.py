"""What a client asks of the statements, by the parameters of its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.core import signing

from .checks import InvalidError, identified, is_iri, is_uuid
from .mentions import identifier_of
from .moments import is_moment, utc
from .reading_json import read_json
from .refusals import RefusedError

Format = Literal["exact", "ids", "canonical"]
FORMATS: dict[str, Format] = {"exact": "exact", "ids": "ids", "canonical": "canonical"}
PAGE = 500  # statements of one answer at most
DAY = len("2026-03-01T")  # of a moment: the day, and what stands before the time
KNOWN = frozenset(
    {
        *("statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities"),
        *("related_agents", "since", "until", "limit", "format", "attachments", "ascending"),
    }
)
WITH_ID = frozenset({"statementId", "voidedStatementId", "format", "attachments"})


@dataclass(frozen=True)
class Question:
    """Which statements, how many, in which order and how. `after` is where the page before ended."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = PAGE
    ascending: bool = False
    format: Format = "exact"
    attachments: bool = False
    after: tuple[datetime, int] | None = None


def question_in(params: Mapping[str, str]) -> Question:
    """Raises `RefusedError` for a parameter whose value is none."""
    return Question(
        agent=agent_in(params),
        verb=iri_in(params, "verb"),
        activity=iri_in(params, "activity"),
        registration=uuid_in(params, "registration"),
        related_agents=truth_in(params, "related_agents"),
        related_activities=truth_in(params, "related_activities"),
        since=moment_in(params, "since"),
        until=moment_in(params, "until"),
        limit=limit_in(params),
        ascending=truth_in(params, "ascending"),
        format=format_in(params),
        attachments=truth_in(params, "attachments"),
    )


def refuse_unknown(params: Mapping[str, str], known: frozenset[str]) -> None:
    if unknown := params.keys() - known:
        names = ", ".join(sorted(unknown))[:200]
        raise RefusedError(f"No such parameter here: {names}. There are: {', '.join(sorted(known)) or 'none'}.")


def agent_in(params: Mapping[str, str], name: str = "agent") -> str | None:
    """By what the agent or group of the parameter is known."""
    return identifier_of(agent_object_in(params, name)) if name in params else None


def agent_object_in(params: Mapping[str, str], name: str = "agent") -> dict[str, Any]:
    if name not in params:
        raise RefusedError(f"Say {name}, as JSON.")
    value = read_json(params[name].encode())
    try:
        identified(value)
    except InvalidError as error:
        raise RefusedError(str(error.at(name))) from error
    agent: dict[str, Any] = value
    return agent


def iri_in(params: Mapping[str, str], name: str) -> str | None:
    value = params.get(name)
    if value is not None and not is_iri(value):
        raise RefusedError(f"{name} must be an IRI with a scheme.")
    return value


def uuid_in(params: Mapping[str, str], name: str) -> str | None:
    value = params.get(name)
    if value is not None and not is_uuid(value):
        raise RefusedError(f"{name} must be a UUID.")
    return value.lower() if value else None


def registration_in(params: Mapping[str, str]) -> UUID | None:
    value = uuid_in(params, "registration")
    return UUID(value) if value else None


def truth_in(params: Mapping[str, str], name: str) -> bool:
    value = params.get(name, "false")
    if value not in ("true", "false"):
        raise RefusedError(f"{name} must be true or false.")
    return value == "true"


def moment_in(params: Mapping[str, str], name: str) -> datetime | None:
    value = params.get(name)
    if value is None:
        return None
    value = value[:DAY] + value[DAY:].replace(" ", "+")  # a plus sign that was not escaped in the address
    if not is_moment(value):
        raise RefusedError(f"{name} must be a moment, such as 2026-03-01T09:30:00Z.")
    return utc(value)


def limit_in(params: Mapping[str, str]) -> int:
    """How many statements a page may have; 0 means as many as we give."""
    value = params.get("limit", "0")
    if not (value.isascii() and value.isdigit()):
        raise RefusedError("limit must be a whole number, not negative.")
    return min(int(value[:9]) or PAGE, PAGE)


def format_in(params: Mapping[str, str]) -> Format:
    value = params.get("format", "exact")
    if value not in FORMATS:
        raise RefusedError(f"format must be one of: {', '.join(FORMATS)}.")
    return FORMATS[value]


def sealed(partner: int, params: Mapping[str, str], after: tuple[datetime, int]) -> str:
    """The rest of a question, for a link to the next page. It serves nobody but this partner."""
    moment, number = after
    said = {"params": dict(params), "after": [moment.isoformat(), number]}
    return signing.dumps(said, salt=salt(partner), compress=True)


def unsealed(partner: int, seal: str) -> tuple[Question, dict[str, str]]:
    """The question and its parameters. Raises `RefusedError` for a link that we did not make for this partner."""
    try:
        said = signing.loads(seal, salt=salt(partner))
    except signing.BadSignature as error:
        raise RefusedError("This link leads to no page of yours. Ask again from the beginning.") from error
    moment, number = said["after"]
    question = question_in(said["params"])
    return Question(**vars(question) | {"after": (datetime.fromisoformat(moment), number)}), said["params"]


def salt(partner: int) -> str:
    return f"courses.statements.more.{partner}"
