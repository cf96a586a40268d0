"""A call by a unit of cmi5."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from courses.packages.models import Launch
from courses.packages.outcomes import PlayedItem
from courses.statements.checks import Edition
from courses.statements.door import Call


@dataclass(frozen=True)
class Unit:
    """The unit that was launched, and what it asks; `base` is the address of its launch."""

    call: Call
    launch: Launch
    item: PlayedItem
    edition: Edition
    base: str

    @property
    def params(self) -> Mapping[str, str]:
        return self.call.params


Handler = Callable[[Unit], HttpResponse]
