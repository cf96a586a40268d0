"""Questions in Moodle XML: what each kind of them becomes, and what is left out by name."""
# ruff: noqa: E501 - samples of XML read better in one line

import pytest

from courses.catalogue.questions.texts import Kind
from tests.test_catalogue.banks import only, read, said, words
from tests.test_catalogue.moodle import ONE, TWINS, answer, number, question, quiz

COVERED = "a right answer earns less than it says, because one before it fits too"


def test_one_of_several_choices() -> None:
    bank = read(quiz(question("multichoice", f"<single>true</single>{ONE}")))
    assert (only(bank).kind, only(bank).right) == (Kind.ONE, [1])
    assert words(bank).choices == ["a", "b"]
    assert (words(bank).choice_feedback, words(bank).feedback) == (["no", "yes"], "Because.")
    assert said(bank) == []


@pytest.mark.parametrize("weights", [("50", "50", "0"), ("33.33333", "66.66667", "-100"), ("100", "0", "0")])
def test_several_choices_are_right_where_their_weights_make_up_the_whole(weights: tuple[str, str, str]) -> None:
    answers = "".join(answer(name, weight) for name, weight in zip("abc", weights, strict=True))
    bank = read(quiz(question("multichoice", f"<single>false</single>{answers}")))
    assert only(bank).kind == Kind.SEVERAL
    assert only(bank).right == [place for place, weight in enumerate(weights) if float(weight) > 0]


@pytest.mark.parametrize("kind", ["multichoiceset", "oumultiresponse"])
def test_question_types_that_are_right_as_a_whole(kind: str) -> None:
    bank = read(quiz(question(kind, answer("a", "100") + answer("b", "100") + answer("c", "0"))))
    assert (only(bank).kind, only(bank).right) == (Kind.SEVERAL, [0, 1])


@pytest.mark.parametrize(
    ("answers", "right", "feedback"),
    [
        (answer("true", "100", "yes") + answer("false", "0", "no"), True, ["yes", "no"]),
        (answer("true", "0", "no") + answer("false", "100", "yes"), False, ["no", "yes"]),
        (answer("false", "100", "yes") + answer("true", "0", "no"), False, ["no", "yes"]),
        (answer("Wahr", "0", "nein") + answer("Falsch", "100", "ja"), False, ["nein", "ja"]),
    ],
)
def test_true_and_false_in_any_order_and_language(answers: str, right: bool, feedback: list[str]) -> None:
    bank = read(quiz(question("truefalse", answers)))
    assert (only(bank).kind, only(bank).right, words(bank).choice_feedback) == (Kind.TRUE_FALSE, right, feedback)


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"),
    [
        (number("12.50", "0.25") + answer("*", "0", "no"), "12.5", "0.25"),
        (number("-0.001", ""), "-0.001", "0"),
        (number("1e3", "1E-2"), "1000", "0.01"),
        (number("3", "1") + number("3.0", "1.00"), "3", "1"),
        ('<answer fraction="100">7<tolerance>0</tolerance><feedback><text></text></feedback></answer>', "7", "0"),
    ],
)
def test_numbers_with_their_tolerance(answers: str, value: str, tolerance: str) -> None:
    assert only(read(quiz(question("numerical", answers)))).right == {"value": value, "tolerance": tolerance}


def test_the_unit_of_the_number_as_it_stands_is_kept() -> None:
    units = "<units><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit>"
    units += "<unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units><unitsleft>1</unitsleft>"
    bank = read(quiz(question("numerical", number("3", "0") + units)))
    assert words(bank).unit == "m"
    assert said(bank) == ["loses the unit 'cm'", "has its unit behind the number, in the bank before it"]


def test_short_answers_and_a_star_that_is_meant() -> None:
    bank = read(
        quiz(question("shortanswer", answer("2\\*3", "100") + answer("six", "100.00000") + answer("*", "0", "no")))
    )
    assert words(bank).accepts == ["2*3", "six"]
    assert said(bank) == ["loses the feedback for the answer '*'"]


def test_matching_with_texts_that_match_nothing() -> None:
    pairs = [("<p>cat</p>", "mammal"), ("frog", "a <b>"), ("", "insect"), ("", "")]
    inner = "".join(
        f'<subquestion format="html"><text><![CDATA[{left}]]></text><answer><text><![CDATA[{right}]]></text></answer></subquestion>'
        for left, right in pairs
    )
    bank = read(quiz(question("match", inner)))
    assert words(bank).choices == ["cat", "frog"]
    assert words(bank).matches == ["mammal", "a <b>", "insect"]


def test_ordering_is_in_the_order_of_the_answers() -> None:
    answers = answer("one", "1.0000000", "first") + answer("two", "2.0000000") + answer("three", "3.0000000")
    inner = f"<selecttype>1</selecttype><selectcount>2</selectcount><gradingtype>0</gradingtype>{answers}"
    bank = read(quiz(question("ordering", inner)))
    assert (only(bank).kind, words(bank).choices) == (Kind.ORDERING, ["one", "two", "three"])
    assert said(bank) == [
        "loses the feedback for 'one'",
        "loses that only 2 of the 3 are asked",
        "loses points for a part of the right order",
    ]


@pytest.mark.parametrize(
    ("kind", "inner", "reason"),
    [
        ("essay", "", "it is an essay: nothing says what is right"),
        ("description", "", "it is a description, and asks nothing"),
        ("cloze", "", "it has several gaps of different kinds (cloze)"),
        ("multianswer", "", "it has several gaps of different kinds (cloze)"),
        ("calculatedsimple", "", "its numbers are calculated anew for each learner"),
        ("ddwtos", "", "words are dragged into gaps"),
        ("stack", "", "questions of the type 'stack' are not known here"),
        ("", "", "questions of the type '' are not known here"),
        (
            "multichoice",
            answer("a", "100") + answer("b", "100"),
            "one is to be chosen, and each of several is wholly right",
        ),
        ("multichoice", answer("a", "50") + answer("b", "50"), "one is to be chosen, and none is wholly right"),
        ("multichoice", answer("a", "x"), "'x' is not a number that a course can hold"),
        ("multichoice", answer("a", "100"), "2 to 10 choices are allowed, and it has 1"),
        ("multichoice", answer("a", "100") + answer("<p></p>", "0"), "one of its choices is empty"),
        ("multichoice", answer("a", "100") + answer("x" * 501, "0"), "one of its choices has more than 500 characters"),
        ("truefalse", answer("true", "100") + answer("false", "100"), "it does not say whether true or false is right"),
        ("truefalse", answer("true", "100"), "it does not say whether true or false is right"),
        ("numerical", number("1", "0") + number("2", "0"), "2 different numbers or ranges of numbers are right"),
        ("numerical", number("1", "0", "50"), "it does not say which number is right"),
        ("numerical", answer("*", "100"), "every number is right"),
        (
            "numerical",
            number("1" * 20, "0"),
            "the number 1.11111e+19 has more than 15 digits before or after the point",
        ),
        ("shortanswer", answer("a*", "100"), "a right answer holds *, which stands for anything"),
        ("shortanswer", answer("", "100"), "one of its right answers is empty"),
        ("shortanswer", answer("\u200b", "100"), "one of its right answers is empty"),
        ("shortanswer", answer("5!", "100") + answer("5", "0"), TWINS),
        ("shortanswer", answer("x²", "100") + answer("“x2”", "0"), TWINS),
        ("shortanswer", answer("*apple*", "0") + answer("red apples", "100"), COVERED),
        ("shortanswer", answer("*", "50") + answer("b", "100"), COVERED),
        ("shortanswer", answer("a*b\\*", "0") + answer("axb\\*", "100"), COVERED),
        ("numerical", number("5", "0", "0") + number("5", "1"), COVERED),
        ("numerical", number("42", "5", "50") + number("42", "1"), COVERED),
        ("numerical", answer("*", "0") + number("42", "1"), COVERED),
        ("shortanswer", answer("a", "50"), "it does not say which answer is right"),
        ("ordering", answer("a", "2") + answer("b", "1"), "the numbers of its answers contradict their order"),
        ("match", "<subquestion><text>a</text></subquestion>", "one of its pairs has no text on the right"),
    ],
)
def test_what_a_course_cannot_ask_is_left_out_with_its_reason(kind: str, inner: str, reason: str) -> None:
    bank = read(quiz(question(kind, inner)))
    assert said(bank) == [f"is left out: {reason}"]
    assert (bank.found, bank.questions) == (1, [])
    assert (bank.left_out[0].line, bank.left_out[0].key) == (4, 'question "Name"')


@pytest.mark.parametrize(
    ("kind", "inner"),
    [
        ("shortanswer", answer("red apple", "100") + answer("*apple*", "0") + answer("*", "0")),
        ("shortanswer", answer("*pear*", "0") + answer("apple*x", "0") + answer("red apple", "100")),
        ("shortanswer", "<usecase>1</usecase>" + answer("APPLE", "50") + answer("apple", "100")),
        ("numerical", number("42", "1") + number("42", "5", "50") + answer("*", "0")),
        ("numerical", number("7", "1", "0") + answer("seven", "0") + number("42", "1")),
    ],
)
def test_answers_that_come_after_the_right_one_or_fit_others_change_nothing(kind: str, inner: str) -> None:
    assert len(read(quiz(question(kind, inner))).questions) == 1


def test_parts_that_are_dropped_are_named() -> None:
    extra = """<penalty>0.3333333</penalty><shuffleanswers>0</shuffleanswers>
    <correctfeedback format="html"><text>Right!</text></correctfeedback><shownumcorrect/>
    <hint format="html"><text>Try again</text></hint><hint format="html"><text>Look</text></hint>
    <tags><tag><text>fire</text></tag></tags><newelement>5</newelement>"""
    answers = answer("a", "100") + answer("b", "50") + answer("c", "-25")
    text = (
        quiz(question("multichoice", answers, extra=extra)).replace("<hidden>0", "<hidden>1").replace("1.0000000", "10")
    )
    assert said(read(text)) == [
        "loses that 'b' earns 50 %",
        "loses that 'c' earns -25 %",
        "loses the penalty for wrong tries (0.3333333)",
        "loses that it earns 10 points",
        "is hidden in the bank, and was taken like the others",
        "loses that its choices keep their order",
        "loses the feedback for right answers",
        "loses what is shown after a wrong try (hints: 2)",
        "loses the tags (fire)",
        "loses <newelement>",
    ]


def test_capitals_that_make_a_difference_are_named() -> None:
    bank = read(quiz(question("shortanswer", "<usecase>1</usecase>" + answer("Ohm", "100"))))
    assert said(bank) == ["loses that capitals make a difference"]
    bank = read(quiz(question("shortanswer", "<usecase>1</usecase>" + answer("Ohm", "100") + answer("ohm", "0"))))
    assert bank.questions == []
