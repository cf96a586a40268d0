"""Queries that every request makes, with their SQL made once: making it costs several times what asking costs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)
N = TypeVar("N", bound=models.Model)
Row = Sequence[Any]


def prepared() -> CursorWrapper:
    """A cursor for a statement that is asked again and again: the server plans it once for each connection."""
    return connection.prepared()  # type: ignore[attr-defined, no-any-return]  # config/connection


class Statement(NamedTuple):
    """SQL with its parameters, the stand-ins among them, and what makes rows into models."""

    sql: str
    params: list[Any]
    compiler: Any
    names: list[str]  # of the model's own columns, which come first
    converters: dict[int, Any]
    populators: list[Any]  # of the related models

    @property
    def width(self) -> int:
        return len(self.compiler.select)

    def read(self, rows: Iterable[Row]) -> Iterator[models.Model]:
        model, own = self.compiler.klass_info["model"], len(self.names)
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            found = model.from_db("default", self.names, row[:own])
            for populator in self.populators:
                populator.populate(row, found)
            yield found


class Compiled(Generic[M]):
    """A QuerySet that is asked again and again with other values.

    `build` makes it from stand-ins, one for each value and of its type; they must reach the SQL as parameters as they
    are. Answers what the QuerySet would, `select_related` included.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *stand_ins: object) -> None:
        self.build, self.stand_ins = build, stand_ins

    @cached_property
    def made(self) -> Statement:
        compiler = self.build(*self.stand_ins).query.get_compiler("default")
        sql, params = compiler.as_sql()
        if any(sum(stand_in is param for param in params) == 0 for stand_in in self.stand_ins):
            raise ValueError(f"A stand-in does not reach the SQL as it is: {params}")
        populators = get_related_populators(compiler.klass_info, compiler.select, "default")  # type: ignore[call-arg]
        own = compiler.select[: compiler.klass_info["select_fields"][-1] + 1]
        names = [column[0].target.attname for column in own]
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Statement(sql, list(params), compiler, names, converters, populators)

    def given(self, values: Iterable[object]) -> list[Any]:
        """The statement's parameters with these values."""
        instead = dict(zip(map(id, self.stand_ins), values, strict=True))
        return [instead.get(id(param), param) for param in self.made.params]

    def __call__(self, *values: object) -> Iterator[M]:
        with prepared() as cursor:
            cursor.execute(self.made.sql, self.given(values))
            rows = cursor.fetchall()
        return self.made.read(rows)  # type: ignore[return-value]


class Joined(Generic[M, N]):
    """Two of them as one statement: what the first finds, at most one row, with what the second finds for it.

    The second has one stand-in; `column` is what the first finds for it, a name that is once among its columns.
    """

    def __init__(self, first: Compiled[M], second: Compiled[N], column: str) -> None:
        self.first, self.second, self.column = first, second, column

    @cached_property
    def made(self) -> tuple[str, list[Any]]:
        """The SQL, and the parameters of the second statement."""
        pieces, (stand_in,) = self.second.made.sql.split("%s"), self.second.stand_ins
        params = self.second.made.params
        marks = [f"one.{self.column}" if param is stand_in else "%s" for param in params]
        second = "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))
        sql = f"SELECT * FROM ({self.first.made.sql}) AS one LEFT JOIN LATERAL ({second}) AS many ON true"  # noqa: S608
        return sql, [param for param in params if param is not stand_in]

    def __call__(self, *values: object) -> tuple[M | None, list[N]]:
        sql, params = self.made
        with prepared() as cursor:
            cursor.execute(sql, [*self.first.given(values), *params])
            rows = cursor.fetchall()
        if not rows:
            return None, []
        width, key = self.first.made.width, self.second.made.compiler.klass_info["model"]._meta.pk.attname
        at = width + self.second.made.names.index(key)
        [one] = self.first.made.read([rows[0][:width]])
        return one, list(self.second.made.read([row[width:] for row in rows if row[at] is not None]))  # type: ignore[arg-type, return-value]
