"""When two statements are one, and a statement as cells."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.statements.cells import cell_at
from courses.statements.comparing import say_the_same
from courses.statements.mentions import key_of, mentions
from courses.statements.reading_json import read_json
from tests.test_statements.lms import ANNA, BEN, COURSE, SOME_ID, TEAM, full, new_id, small

SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (full(), dict(reversed(full().items()))),
    (small(timestamp="2026-11-20T10:00:00Z"), small(timestamp="2026-11-20T15:30:00.000+05:30")),
    (small(timestamp="2026-11-20T10:00:00Z"), small(timestamp="2026-11-20T10:00:00")),
    (small(timestamp="2026-11-20T10:00:00Z"), small()),
    (small(stored="2026-11-20T10:00:00Z", authority=BEN, version="1.0.3"), small()),
    (small(result={"duration": "PT0.12S"}), small(result={"duration": "PT0.1299S"})),
    (small(result={"duration": "PT0.12S"}), small(result={"duration": "PT0,129S"})),
    (small(timestamp="2026-11-20T10:00:00.5Z"), small(timestamp="2026-11-20 05:00:00.500-05:00")),
    (small(context={"registration": SOME_ID}), small(context={"registration": SOME_ID.upper()})),
    (small(attachments=[{"sha2": "ab" * 32}]), small(attachments=[{"sha2": "AB" * 32}])),
    (small(actor=TEAM | {"member": [ANNA, BEN]}), small(actor=TEAM | {"member": [BEN, ANNA]})),
    (small(verb={"id": "a:b", "display": {"en": "x"}}), small(verb={"id": "a:b"})),
    (small(object={"id": COURSE, "definition": {"name": {"en": "x"}}}), small()),
    (
        small(context={"contextActivities": {"parent": {"id": "a:b"}}}),
        small(context={"contextActivities": {"parent": [{"id": "a:b"}]}}),
    ),
]
DIFFERENT = [
    (small(), small(actor=BEN)),
    (small(), small(result={})),
    (small(timestamp="2026-11-20T10:00:00Z"), small(timestamp="2026-11-20T10:00:01Z")),
    (small(result={"duration": "PT0.12S"}), small(result={"duration": "PT0.13S"})),
    (
        small(object={"id": "https://academy.example/courses/AbCd"}),
        small(object={"id": "https://academy.example/courses/abcd"}),
    ),
    (small(result={"extensions": {"a:b": [1, 2]}}), small(result={"extensions": {"a:b": [2, 1]}})),
    (
        small(result={"extensions": {"a:b": {"member": [1, 2]}}}),
        small(result={"extensions": {"a:b": {"member": [2, 1]}}}),
    ),
    (small(result={"extensions": {"a:b": True}}), small(result={"extensions": {"a:b": 1}})),
    (small(actor=TEAM | {"member": [ANNA]}), small(actor=TEAM | {"member": [BEN]})),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_order_precision_and_what_may_change_later_make_no_difference(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert say_the_same(one, other)
    assert say_the_same(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_was_said_makes_a_difference(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not say_the_same(one, other)


def test_comparing_changes_neither() -> None:
    one, other = full(), full()
    say_the_same(one, other)
    assert one == other == full()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.text())
def test_any_path_of_any_value_is_a_cell_of_text(value: Any, path: str) -> None:
    for each in (path, f"context.extensions.a:b.{path}", "context.extensions.a:b"):
        assert isinstance(cell_at({"context": {"extensions": {"a:b": value}}}, each), str)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_json_is_read_as_it_is_however_it_is_written(value: Any, ascii_only: bool, indent: int | None) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert read_json(written) == value


@given(VALUES)
def test_a_statement_is_the_same_as_its_copy(value: Any) -> None:
    statement = small(result={"extensions": {"https://academy.example/x": value}})
    assert say_the_same(statement, deepcopy(statement))


def test_the_nearest_mention_counts() -> None:
    statement = small(context={"instructor": ANNA, "contextActivities": {"parent": [{"id": COURSE}]}})
    assert mentions(statement) == [
        ("verb", statement["verb"]["id"]),
        ("agent", "account https://academy.example anna"),
        ("activity", COURSE),
    ]


def test_keys_differ_by_partner_relation_and_identifier() -> None:
    keys = {key_of(partner, relation, word) for partner in (1, 11) for relation in ("a", "b") for word in ("x", "y")}
    assert len(keys) == 8
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert len({key_of(1, "a", new_id()) for _ in range(1000)}) == 1000
