"""Which questions an attempt asks, and in which order their choices stand."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypedDict

from courses.catalogue.questions.texts import Kind

SHUFFLED = (Kind.ONE, Kind.SEVERAL, Kind.MATCHING, Kind.ORDERING)


class Drawn(TypedDict):
    """A question as it was drawn: `order` are the positions of its choices as they are shown."""

    key: str
    order: list[int]


def drawn_keys(draw: int | dict[str, int] | None, pool_of: Mapping[str, str], chance: Random) -> list[str]:
    """The keys of the questions that are asked: drawn without replacement, in the order of the course."""
    if isinstance(draw, dict):
        chosen = {key for name, number in draw.items() for key in sampled(keys_in(pool_of, name), number, chance)}
    else:
        chosen = set(sampled(list(pool_of), len(pool_of) if draw is None else draw, chance))
    return [key for key in pool_of if key in chosen]


def keys_in(pool_of: Mapping[str, str], name: str) -> list[str]:
    return [key for key, pool in pool_of.items() if pool == name]


def sampled(keys: Sequence[str], number: int, chance: Random) -> list[str]:
    return chance.sample(keys, min(number, len(keys)))


def shown_order(kind: str, size: int, chance: Random) -> list[int]:
    """The positions of the choices as they are shown; an ordering never stands in the right order already."""
    order = list(range(size))
    if kind not in SHUFFLED or size < 2:
        return order
    chance.shuffle(order)
    while kind == Kind.ORDERING and order == sorted(order):
        chance.shuffle(order)
    return order
