from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.questions.answers import Answer, fault_of, is_given, is_right, number_in, plain
from courses.catalogue.questions.drawing import drawn_keys, shown_order
from courses.catalogue.questions.texts import Kind

CHOICES = {"en": {"choices": ["a", "b", "c"]}}
MATCHES = {"en": {"choices": ["a", "b"], "matches": ["x", "y", "z"]}}
WORDS = {"en": {"accepts": ["Source"]}, "hi": {"accepts": ["स्रोत"]}}
KILOGRAMS = {"en": {"unit": "kg"}, "hi": {"unit": "किलो"}}
HALF = {"value": "0.5", "tolerance": "0.1"}


@pytest.mark.parametrize(
    ("kind", "right", "texts", "answer", "expected"),
    [
        (Kind.ONE, [1], CHOICES, [1], True),
        (Kind.ONE, [1], CHOICES, [0], False),
        (Kind.SEVERAL, [0, 2], CHOICES, [2, 0], True),
        (Kind.SEVERAL, [0, 2], CHOICES, [0], False),
        (Kind.SEVERAL, [0, 2], CHOICES, [0, 1, 2], False),
        (Kind.TRUE_FALSE, True, {"en": {}}, [0], True),
        (Kind.TRUE_FALSE, True, {"en": {}}, [1], False),
        (Kind.TRUE_FALSE, False, {"en": {}}, [1], True),
        (Kind.MATCHING, None, MATCHES, [0, 1], True),
        (Kind.MATCHING, None, MATCHES, [0, 2], False),
        (Kind.ORDERING, None, CHOICES, [0, 1, 2], True),
        (Kind.ORDERING, None, CHOICES, [1, 0, 2], False),
        (Kind.NUMBER, HALF, {"en": {}}, "0.6", True),
        (Kind.NUMBER, HALF, {"en": {}}, "0.61", False),
        (Kind.NUMBER, HALF, {"en": {}}, "0,5", True),
        (Kind.NUMBER, HALF, KILOGRAMS, "०.५ किलो", True),
        (Kind.NUMBER, HALF, KILOGRAMS, ".5kg", True),
        (Kind.TEXT, None, WORDS, " SOURCE. ", True),
        (Kind.TEXT, None, WORDS, "“source”", True),
        (Kind.TEXT, None, WORDS, "स्रोत।", True),
        (Kind.TEXT, None, WORDS, "sauce", False),
    ],
)
def test_an_answer_is_right_or_not(kind: str, right: Any, texts: Any, answer: Answer, expected: bool) -> None:
    assert fault_of(kind, texts, answer) == ""
    assert is_right(kind, right, texts, answer) is expected


@pytest.mark.parametrize(
    ("kind", "texts", "answer", "fault"),
    [
        (Kind.ONE, CHOICES, None, "Choose an answer."),
        (Kind.ONE, CHOICES, [3], "Choose from the answers on this page."),
        (Kind.ONE, CHOICES, "0", "Choose from the answers on this page."),
        (Kind.ONE, CHOICES, [0, 1], "Choose one answer only."),
        (Kind.SEVERAL, CHOICES, [], "Choose at least one answer."),
        (Kind.SEVERAL, CHOICES, [0, 0], "Choose from the answers on this page."),
        (Kind.TRUE_FALSE, {"en": {}}, [2], "Choose from the answers on this page."),
        (Kind.MATCHING, MATCHES, [0, -1], "Choose a match for each line."),
        (Kind.MATCHING, MATCHES, [0], "Choose from the answers on this page."),
        (Kind.MATCHING, MATCHES, [0, 3], "Choose from the answers on this page."),
        (Kind.ORDERING, CHOICES, [0, -1, 1], "Give every line its place."),
        (Kind.ORDERING, CHOICES, [0, 0, 1], "Give every place once."),
        (Kind.ORDERING, CHOICES, [0, 1], "Choose from the answers on this page."),
        (Kind.NUMBER, {"en": {}}, " ", "Give a number."),
        (Kind.NUMBER, {"en": {}}, "half", "Give a number, such as 12 or 0.5."),
        (Kind.NUMBER, {"en": {}}, [1], "Write at most 500 characters."),
        (Kind.TEXT, WORDS, "", "Write an answer."),
        (Kind.TEXT, WORDS, "x" * 501, "Write at most 500 characters."),
    ],
)
def test_what_keeps_an_answer_from_being_judged(kind: str, texts: Any, answer: Answer | None, fault: str) -> None:
    assert fault_of(kind, texts, answer) == fault


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"), (" 1,500 ", "1500"), ("1,50,00,000", "15000000"), ("1 500", "1500"), ("3,5", "3.5"),
        ("1,500.25", "1500.25"), ("−4", "-4"), ("+4", "4"), ("40 %", "40"), (".5", "0.5"), ("5.", "5"), ("४२", "42"),
        ("௪௨", "42"), ("４２", "42"),
        ("", None), ("1.2.3", None), ("1,2,3", None), ("1e5", None), ("abc", None), ("0x10", None), ("NaN", None),
        ("Infinity", None), ("9" * 19, None), ("½", None), ("²", "2"),
        ("0,125", "0.125"), ("00,125", "0.125"), ("1'500", "1500"), ("1’50", None), ("١٫٥", "1.5"), ("١٬٥٠٠", "1500"),
        ("٥٪", "5"), ("\u200f١٢\u200f", "12"), ("\u202a5\u202c", "5"), ("१,५०,०००", "150000"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, number: str | None) -> None:
    assert number_in(text) == (None if number is None else Decimal(number))


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    number_in(text)
    plain(text)
    is_given(Kind.TEXT, text)


def test_drawing_takes_each_pool_its_number_without_repeating() -> None:
    pool_of = {f"{pool}{n}": pool for pool in "abc" for n in range(10)}
    for seed in range(50):
        drawn = drawn_keys({"a": 2, "b": 3}, pool_of, Random(seed))
        assert [key[0] for key in drawn] == ["a", "a", "b", "b", "b"]
        assert len(set(drawn)) == 5


def test_without_a_number_all_are_asked_in_their_order() -> None:
    assert drawn_keys(None, {"x": "", "y": "p"}, Random(1)) == ["x", "y"]


def test_every_question_is_drawn_about_as_often() -> None:
    pool_of = {str(n): "" for n in range(20)}
    chance = Random(7)
    times = [key for _ in range(2000) for key in drawn_keys(5, pool_of, chance)]
    assert all(400 <= times.count(key) <= 600 for key in pool_of)


def test_choices_are_shuffled_and_an_ordering_never_stands_right() -> None:
    orders = [shown_order(Kind.ORDERING, 3, Random(seed)) for seed in range(50)]
    assert all(sorted(order) == [0, 1, 2] != order for order in orders)
    assert len({tuple(shown_order(Kind.ONE, 4, Random(seed))) for seed in range(200)}) == 24
    assert shown_order(Kind.TRUE_FALSE, 2, Random(1)) == [0, 1]


@pytest.mark.parametrize(
    ("text", "unit"), [("5 m²", "m²"), ("5 µg", "µg"), ("5 °C", "℃"), ("₹5", "₹"), ("RM 5", "RM"), ("5％", "")]
)
def test_a_unit_may_stand_before_or_behind_however_it_is_encoded(text: str, unit: str) -> None:
    assert number_in(text, unit) == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("café", "cafe\u0301"), ("नही\u0902", "नहीं"), ("क\u094d\u200dष", "क्ष"), ("می\u200cخواهم", "میخواهم"),
        ("\u200fسلام", "سلام"), ("سلام؟", "سلام"), ("co\u00adop", "coop"), ("e\u2011mail", "e-mail"), ("«foo».", "foo"),
        ("„foo“", "foo"), ('"foo".', "foo"), ("「源」。", "源"), ("ＡＩ", "ai"),
    ],
)  # fmt: skip
def test_a_text_is_the_same_however_a_keyboard_writes_it(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize("answer", ["?", "!", '"', "'", "।"])
def test_a_sign_that_is_the_answer_is_not_taken_for_another(answer: str) -> None:
    assert not is_right(Kind.TEXT, None, {"en": {"accepts": ["."]}}, answer)
    assert is_right(Kind.TEXT, None, {"en": {"accepts": [answer]}}, answer)
