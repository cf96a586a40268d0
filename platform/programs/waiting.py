"""How much waits for somebody behind a link of the header. Packages further up say at their start how it is counted."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from programs.models import Membership


class Waiting(NamedTuple):
    """For which roles it is counted; how much there is for who has a membership; and the number in words."""

    roles: tuple[str, ...]
    counted: Callable[[Membership], int]
    says: Callable[[int], str]


class Said(NamedTuple):
    number: int
    words: str


WAITING: dict[str, Waiting] = {}  # by the URL name of the page, as programs.navigation.PAGES names it


def said_behind(page: str, memberships: Iterable[Membership]) -> Said | None:
    """What waits behind the page for who has these memberships of one program; `None` if nothing does."""
    waiting = WAITING.get(page)
    theirs = [one for one in memberships if waiting and one.role in waiting.roles]
    number = waiting.counted(theirs[0]) if waiting and theirs else 0
    return Said(number, waiting.says(number)) if waiting and number else None
