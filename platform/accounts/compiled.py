"""Queries that every request makes, with their SQL made once: making it costs several times what asking costs."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


def prepared() -> CursorWrapper:
    """A cursor for a statement that is asked again and again: the server plans it once for each connection."""
    return connection.prepared()  # type: ignore[attr-defined, no-any-return]  # config/connection


class Compiled(Generic[M]):
    """A QuerySet that is asked again and again with other values.

    `build` makes it from stand-ins, one for each value and of its type; they must reach the SQL as parameters as they
    are. Answers what the QuerySet would, `select_related` included.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *stand_ins: object) -> None:
        self.build, self.stand_ins = build, stand_ins

    @cached_property
    def made(self) -> tuple[str, list[Any], Any, dict[int, Any], list[Any]]:
        """SQL, its parameters with the stand-ins among them, the compiler, converters, and what fills related rows."""
        compiler = self.build(*self.stand_ins).query.get_compiler("default")
        sql, params = compiler.as_sql()
        if any(sum(stand_in is param for param in params) == 0 for stand_in in self.stand_ins):
            raise ValueError(f"A stand-in does not reach the SQL as it is: {params}")
        populators = get_related_populators(compiler.klass_info, compiler.select, "default")  # type: ignore[call-arg]
        last = compiler.klass_info["select_fields"][-1] + 1
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return sql, list(params), (compiler, last), converters, populators

    def __call__(self, *values: object) -> Iterator[M]:
        sql, params, (compiler, last), converters, populators = self.made
        given: dict[int, Any] = dict(zip(map(id, self.stand_ins), values, strict=True))
        with prepared() as cursor:
            cursor.execute(sql, [given.get(id(param), param) for param in params])
            rows = cursor.fetchall()
        select, model = compiler.select, compiler.klass_info["model"]
        names = [column[0].target.attname for column in select[:last]]
        for row in compiler.apply_converters(rows, converters) if converters else rows:
            found = model.from_db("default", names, row[:last])
            for populator in populators:
                populator.populate(row, found)
            yield found
