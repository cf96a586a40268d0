"""GIFT: what is right is what Moodle takes for right."""
# ruff: noqa: E501 - samples of XML read better in one line

import base64

import pytest

from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.questions.texts import Kind
from tests.test_catalogue.banks import PNG, only, read, said, words
from tests.test_catalogue.moodle import TWINS


@pytest.mark.parametrize(
    ("gift", "kind", "right"),
    [
        ("Q {=a ~b ~c}", Kind.ONE, [0]),
        ("Q {~a =b ~c}", Kind.ONE, [1]),
        ("Q {~%50%a ~%50%b ~c}", Kind.SEVERAL, [0, 1]),
        ("Q {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}", Kind.SEVERAL, [0, 1, 2]),
        ("Q {~%100%a ~b}", Kind.SEVERAL, [0]),
        ("Q {T}", Kind.TRUE_FALSE, True),
        ("Q {TRUE}", Kind.TRUE_FALSE, True),
        ("Q {F}", Kind.TRUE_FALSE, False),
        ("Q {false}", Kind.TRUE_FALSE, False),
        ("Q {#5}", Kind.NUMBER, {"value": "5", "tolerance": "0"}),
        ("Q {#-1.50:0.25}", Kind.NUMBER, {"value": "-1.5", "tolerance": "0.25"}),
        ("Q {#1..4}", Kind.NUMBER, {"value": "2.5", "tolerance": "1.5"}),
        ("Q {#=3:1}", Kind.NUMBER, {"value": "3", "tolerance": "1"}),
        ("Q {#1e3}", Kind.NUMBER, {"value": "1000", "tolerance": "0"}),
        ("Q {=a =b}", Kind.TEXT, None),
        ("Q {a}", Kind.TEXT, None),
        ("Q {=a->1 =b->2}", Kind.MATCHING, None),
        ("Q {>2 VERTICAL\nfirst\nsecond}", Kind.ORDERING, None),
    ],
)
def test_each_kind_keeps_what_is_right(gift: str, kind: Kind, right: object) -> None:
    question = only(read(gift))
    assert (question.kind, question.right, words(read(gift)).prompt) == (kind, right, "Q")


@pytest.mark.parametrize(
    ("gift", "reason"),
    [
        ("Q {}", "it is an essay: nothing says what is right"),
        ("Just a text\n\nQ {T}", "it has no answers: it is a description"),
        ("Q {=a =%50%b*} R {T}", "it has more than one set of answers"),
        ("Q {=a*}", "a right answer holds *, which stands for anything"),
        ("Q {=a ~b =c}", "one is to be chosen, and each of several is wholly right"),
        ("Q {~%50%a ~b}", "several are to be chosen, and what is right makes up 50 %, not 100 %"),
        ("Q {#=1 =2}", "2 different numbers or ranges of numbers are right"),
        ("Q {#3,5}", "'3,5' is not a number that a course can hold"),
        ("Q {#many}", "'many' is not a number that a course can hold"),
        ("Q {#1e99}", "'1e99' is not a number that a course can hold"),
        ("Q {=a -> =b -> 2}", "one of its texts on the right is empty"),
        ("Q {=a->1 =b->1}", "two of its texts on the right are the same"),
        ("Q {=a->1 =b}", "one of its pairs has no -> between its two sides"),
        ("Q {=a ~a}", "two of its choices are the same"),
        ("Q {=a}{=b}", "it has more than one set of answers"),
        ("Q }=a{\n\nR {T}", "its braces do not match"),
        ("Q {=" + " ~".join("abcdefghijk") + "}", "2 to 10 choices are allowed, and it has 11"),
        ("{=a ~b}", "it has no text"),
        (
            "Q {=a =%0%A}",
            TWINS,
        ),
    ],
)
def test_what_a_course_cannot_ask_is_left_out_with_its_reason(gift: str, reason: str) -> None:
    bank = read(gift)
    assert f"is left out: {reason}" in said(bank)
    assert bank.found == len(bank.questions) + 1


def test_parts_that_are_dropped_are_named() -> None:
    bank = read("Q {=a#fine =%50%b#nearly =%0%*#no}\n\n// [tag:x] [tag:y]\nR {~%50%a ~%50%b ~%-10%c}\n\nS {#1:1~#no}")
    assert said(bank) == [
        "loses that 'b' earns 50 %",
        "loses the feedback for the answer 'a'",
        "loses the feedback for the answer 'b'",
        "loses the feedback for the answer '*'",
        "loses what a part of the right choices earns (50 %, 50 %, -10 %)",
        "loses the tags (x, y)",
        "loses the feedback for wrong numbers",
    ]


def test_a_fault_names_the_file_the_line_and_the_question() -> None:
    bank = read("// a comment\n\n::Pi:: What\nis it? {}\n", name="my.gift")
    assert (
        str(bank.left_out[0])
        == 'my.gift, line 3, question "Pi": is left out: it is an essay: nothing says what is right'
    )


def test_signs_after_a_backslash_mean_themselves() -> None:
    bank = read(r"::a\:b:: What is \{x\} \= \~ \# \\ \: here? {=\=1 ~\~2 ~\#3 ~\{4\} ~5\\6}")
    assert words(bank).prompt == r"What is {x} = ~ # \ : here?"
    assert words(bank).choices == ["=1", "~2", "#3", "{4}", "5\\6"]


def test_a_gap_stands_where_the_answers_stood() -> None:
    assert words(read("The sun {=rises ~sets} in the east.")).prompt == "The sun _____ in the east."
    assert words(read("The sun rises in the {=east ~west}")).prompt == "The sun rises in the"


def test_feedback_goes_to_its_choice_and_to_everybody() -> None:
    bank = read("Q {=a#yes ~b#no ~c####Because.}")
    assert words(bank).choice_feedback == ["yes", "no", ""]
    assert words(bank).feedback == "Because."


def test_feedback_of_true_and_false_goes_to_what_was_answered() -> None:
    assert words(read("Q {T#wrong#right}")).choice_feedback == ["right", "wrong"]
    assert words(read("Q {F#wrong#right####all}")).choice_feedback == ["wrong", "right"]


def test_each_text_may_have_its_own_format() -> None:
    bank = read("[html]A <b>bold</b>\nword {=[markdown]*a* ~[plain]*b* ~[moodle]c<i>d</i> ~<b>e</b>#[plain]<b>}")
    assert words(bank).prompt == "A **bold** word"
    assert words(bank).choices == ["*a*", "\\*b\\*", "c*d*", "**e**"]
    assert words(bank).choice_feedback[3] == "<b>"


def test_plain_text_keeps_its_lines_and_what_only_looks_like_html() -> None:
    assert words(read("If x<y and a>b\nthen? {T}")).prompt == "If x<y and a>b\\\nthen?"


def test_matching_may_have_texts_that_match_nothing() -> None:
    bank = read("Q {=a -> 1 =b->2 = -> 3}")
    assert (words(bank).choices, words(bank).matches) == (["a", "b"], ["1", "2", "3"])


def test_categories_become_pools() -> None:
    bank = read(
        "$CATEGORY: $course$/top/Safety//Fire/Doors\n\nQ {T}\n\n$CATEGORY: Other/Doors\nR {T}\n\n$CATEGORY: $x$/top\n\nS {T}"
    )
    assert [question.pool for question in bank.questions] == ["doors", "doors-2", ""]


def test_keys_come_from_identifiers_titles_and_texts_and_are_never_twice() -> None:
    bank = read(
        "// [id:My Id]\n::A:: a {T}\n\n::A:: b {T}\n\n::A:: c {T}\n\nWhat is it? {T}\n\n::नमस्ते:: d {T}\n\n::?:: ! {T}"
    )
    keys = [question.key for question in bank.questions]
    assert keys[:4] == ["my-id", "a", "a-2", "what-is-it"]
    assert keys[4]
    assert keys[5] == "question"


def test_a_brace_may_hold_empty_lines() -> None:
    bank = read("One {\n=a\n\n~b\n}\n\nTwo {=c ~d}")
    assert [question.words["en"].choices for question in bank.questions] == [["a", "b"], ["c", "d"]]


def test_a_brace_that_stays_open_takes_no_other_question_along() -> None:
    bank = read("One {=a\n\n::Two:: b {T}\n\n::Three:: c {F}")
    assert [question.key for question in bank.questions] == ["two", "three"]
    assert said(bank) == ["is left out: its braces do not match"]


def test_a_title_begins_another_question_without_an_empty_line() -> None:
    assert len(read("::A:: a {T}\n// next\n::B:: b {F}\n").questions) == 2


def test_a_picture_may_lie_in_its_address() -> None:
    bank = read(f'[html]See <img alt="A point" src\\="data:image/png;base64,{base64.b64encode(PNG).decode()}"> {{T}}')
    assert words(bank).prompt == "See ![A point](pictures/picture.png)"
    assert bank.pictures == {"pictures/picture.png": PNG}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_scripts_of_the_world_survive(encoding: str) -> None:
    bank = read("::क:: नमस्ते दुनिया {=வணக்கம் ~你好 ~שלום}".encode(encoding))
    assert words(bank).prompt == "नमस्ते दुनिया"
    assert words(bank).choices == ["வணக்கம்", "你好", "שלום"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is no question bank"),
        (b"just some text", "is no question bank"),
        ("Grüße {T}".encode("latin-1"), "line 1, is not UTF-8"),
        (b"Q {T}\n\n\0", "line 3, holds a NUL character"),
        (b"// only {a comment}", "holds no question"),
        (b"%PDF-1.7", "is no question bank"),
    ],
)
def test_what_is_no_bank_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BankRefusedError, match=says):
        read(data)
