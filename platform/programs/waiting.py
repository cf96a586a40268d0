"""How much waits for somebody behind a link of the header. Packages further up say what is counted, each when it
starts; it is asked together with the roles, in one statement, and only for the roles that can do something about it."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from psycopg.sql import Literal

from accounts.compiled import Compiled, Statement
from programs.models import Membership


class Waiting(NamedTuple):
    """For which roles it is counted, the number for a membership (its program and user as `OuterRef`), none for
    nothing; and the number in words."""

    roles: tuple[str, ...]
    counted: Callable[[], Subquery]
    says: Callable[[int], str]


WAITING: dict[str, Waiting] = {}  # by the URL name of the page, as programs.navigation.PAGES names it


def with_waiting(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """The memberships, each with the numbers of what waits for its user there."""
    return memberships.annotate(**{noted(page): counted(waiting) for page, waiting in WAITING.items()})


def noted(page: str) -> str:
    return f"waiting_{page}"


def counted(waiting: Waiting) -> Case:
    """Nothing is looked for where the role is another: the database comes to a case's value only if it holds."""
    value = Coalesce(waiting.counted(), Value(0))
    return Case(When(role__in=waiting.roles, then=value), default=Value(0), output_field=IntegerField())


def waiting_behind(page: str, memberships: Iterable[Membership]) -> int:
    """How much waits behind the page, for who has these memberships of one program; 0 if it was not asked."""
    return max((getattr(one, noted(page), 0) for one in memberships), default=0)


class Noting(NamedTuple):
    """Fills the numbers of a membership from its row, as Django's populators fill related rows."""

    places: dict[str, int]

    def populate(self, row: tuple[Any, ...], membership: Membership) -> None:
        for name, place in self.places.items():
            setattr(membership, name, row[place])


class CompiledWithWaiting(Compiled[Membership]):
    """`Compiled`, which by itself leaves aside what is annotated. What never changes stands in the SQL: every page
    asks, and each parameter is put into words anew each time."""

    @cached_property
    def made(self) -> Statement:
        made = super().made
        marks = ["%s" if any(param is one for one in self.stand_ins) else written(param) for param in made.params]
        pieces = zip(made.sql.split("%s"), [*marks, ""], strict=True)
        places = dict(made.compiler.annotation_col_map)
        return made._replace(
            sql="".join(piece + mark for piece, mark in pieces),
            params=[param for param, mark in zip(made.params, marks, strict=True) if mark == "%s"],
            converters={place: one for place, one in made.converters.items() if place not in places.values()},
            populators=[*made.populators, Noting(places)],
        )


def written(constant: object) -> str:
    """As SQL; only what the code says itself."""
    return str(int(constant)) if isinstance(constant, int) else Literal(str(constant)).as_string()
