"""Agents and groups (xAPI 1.0.3 Data 2.4.2): who did something, or with whom."""

import re
from typing import Any

from .values import Check, InvalidError, array, iri, one_of, shape, text

_MBOX = re.compile(r"mailto:[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+").fullmatch
_SHA1 = re.compile(r"[0-9a-fA-F]{40}").fullmatch

IDENTIFIERS = frozenset({"mbox", "mbox_sha1sum", "openid", "account"})  # the inverse functional ones


def mbox(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _MBOX(value) is None:
        raise InvalidError("must be an e-mail address as mailto:name@example.org.")


def mbox_sha1sum(value: Any) -> None:  # noqa: ANN401
    if type(value) is not str or _SHA1(value) is None:
        raise InvalidError("must be the SHA-1 of a mailto IRI, 40 hexadecimal digits.")


account = shape({"homePage": iri, "name": text}, required=("homePage", "name"))
_AGENT: dict[str, Check] = {
    "objectType": one_of("Agent"),
    "name": text,
    "mbox": mbox,
    "mbox_sha1sum": mbox_sha1sum,
    "openid": iri,
    "account": account,
}
_agent = shape(_AGENT)


def identifiers(value: dict[str, Any]) -> int:
    """How many inverse functional identifiers there are."""
    return len(IDENTIFIERS & value.keys())


def agent(value: Any) -> None:  # noqa: ANN401
    _agent(value)
    if identifiers(value) != 1:
        raise InvalidError("must have exactly one of: mbox, mbox_sha1sum, openid, account.")


_group = shape(_AGENT | {"objectType": one_of("Group"), "member": array(agent)}, required=("objectType",))


def group(value: Any) -> None:  # noqa: ANN401
    _group(value)
    known = identifiers(value)
    if known > 1:
        raise InvalidError("must have at most one of: mbox, mbox_sha1sum, openid, account.")
    if known == 0 and not value.get("member"):
        raise InvalidError("must have members, or one of: mbox, mbox_sha1sum, openid, account.")


def actor(value: Any) -> None:  # noqa: ANN401
    if type(value) is dict and value.get("objectType") == "Group":
        group(value)
    else:
        agent(value)


def identified(value: Any) -> None:  # noqa: ANN401
    """An agent or a group that can be known again, as a question names one."""
    actor(value)
    if identifiers(value) != 1:
        raise InvalidError("must have exactly one of: mbox, mbox_sha1sum, openid, account.")


def authority(value: Any) -> None:  # noqa: ANN401
    """An agent, or a group of the two by which OAuth knows an application and its user."""
    actor(value)
    if value.get("objectType") == "Group" and (identifiers(value) or len(value["member"]) != 2):
        raise InvalidError("must be an agent, or a group of exactly two agents without an identifier of its own.")
