"""Items of QTI 2.1, 2.2 and 3.0: what is right is what the item's own scoring says."""
# ruff: noqa: E501 - samples of XML read better in one line

import pytest

from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.questions.texts import Kind
from tests.test_catalogue.banks import only, read, said, words
from tests.test_catalogue.qti_samples import (
    GIVEN,
    MAP,
    MATCH,
    RIGHT,
    as_version_3,
    choices,
    feedback,
    is_choice,
    item,
    mapping,
    modal,
    response,
    rules,
    score,
    when,
)

MANY = "multiple"
SIDES = """<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="0"><prompt>Match</prompt>
<simpleMatchSet><simpleAssociableChoice identifier="A" matchMax="1">cat</simpleAssociableChoice>
<simpleAssociableChoice identifier="B" matchMax="1">frog</simpleAssociableChoice></simpleMatchSet>
<simpleMatchSet><simpleAssociableChoice identifier="X" matchMax="1">mammal</simpleAssociableChoice>
<simpleAssociableChoice identifier="Y" matchMax="1">amphibian</simpleAssociableChoice>
<simpleAssociableChoice identifier="Z" matchMax="1">insect</simpleAssociableChoice></simpleMatchSet></matchInteraction>"""
ORDER = """<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Sort</prompt>
<simpleChoice identifier="A">second</simpleChoice><simpleChoice identifier="B">first</simpleChoice>
<simpleChoice identifier="C">third</simpleChoice></orderInteraction>"""
ENTRY = '<p>Richard was of <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/>.</p>'


def number(value: str, tolerance: str, *, base: str = "float") -> str:
    equal = f'<equal {tolerance}>{GIVEN}<correct identifier="RESPONSE"/></equal>'
    return item(response([value], base=base), ENTRY, rules(when(equal, score(1), otherwise=score(0))))


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "kind", "right"),
    [
        (item(response(["B"]), choices()), Kind.ONE, [1]),
        (item(response(["A", "C"], cardinality=MANY), choices(most=0)), Kind.SEVERAL, [0, 2]),
        (item(response(["A", "C"], cardinality=MANY), choices(most=2)), Kind.SEVERAL, [0, 2]),
        (item(response(["B"], cardinality=MANY), choices(most=1)), Kind.ONE, [1]),
        (item(response(["B"]), choices("AB", inner={"A": "False", "B": "True"})), Kind.TRUE_FALSE, True),
        (item(response(["B"], base="string"), ENTRY), Kind.TEXT, None),
        (item(response(["42"], base="integer"), ENTRY), Kind.NUMBER, {"value": "42", "tolerance": "0"}),
        (number("3.50", 'toleranceMode="absolute" tolerance="0.1 0.1"'), Kind.NUMBER, {"value": "3.5", "tolerance": "0.1"}),
        (number("10", 'toleranceMode="absolute" tolerance="0 2"'), Kind.NUMBER, {"value": "11", "tolerance": "1"}),
        (number("-50", 'toleranceMode="relative" tolerance="10"'), Kind.NUMBER, {"value": "-50", "tolerance": "5"}),
        (number("7", 'toleranceMode="exact"'), Kind.NUMBER, {"value": "7", "tolerance": "0"}),
        (item(response(["A X", "B Y"], cardinality=MANY, base="directedPair"), SIDES), Kind.MATCHING, None),
        (item(response(["B", "A", "C"], cardinality="ordered"), ORDER), Kind.ORDERING, None),
    ],
)  # fmt: skip
def test_each_kind_keeps_what_is_right_in_every_version(version: str, source: str, kind: Kind, right: object) -> None:
    bank = read(source if version == "2" else as_version_3(source))
    assert (only(bank).kind, only(bank).right) == (kind, right)
    assert said(bank) == ["loses that capitals make a difference"] * (kind == Kind.TEXT)


def test_the_prompt_stands_in_the_body_where_the_choices_stood() -> None:
    body = f"<p>Look at this:</p><table><tr><td>a</td><td>b</td></tr></table>{choices()}<p>Take your time.</p>"
    bank = read(item(response(["B"]), body))
    assert words(bank).prompt == "Look at this:\n\n| a | b |\n| --- | --- |\n\nWhich *one*?\n\nTake your time."
    assert words(bank).choices == ["choice A", "choice B", "choice C"]


def test_a_gap_stands_where_a_text_is_to_be_written() -> None:
    assert words(read(item(response(["York"], base="string"), ENTRY))).prompt == "Richard was of _____."


def test_a_list_within_a_sentence_is_a_choice() -> None:
    body = """<p>The sun <inlineChoiceInteraction responseIdentifier="RESPONSE"><inlineChoice identifier="A">sets</inlineChoice>
    <inlineChoice identifier="B">rises</inlineChoice></inlineChoiceInteraction> in the east.</p>"""
    bank = read(item(response(["B"]), body))
    assert (words(bank).prompt, words(bank).choices) == ("The sun _____ in the east.", ["sets", "rises"])
    assert only(bank).right == [1]


def test_matching_and_ordering_come_in_the_right_order() -> None:
    matching = read(item(response(["B Y", "A X"], cardinality=MANY, base="directedPair"), SIDES))
    assert words(matching).choices == ["frog", "cat"]
    assert words(matching).matches == ["amphibian", "mammal", "insect"]
    assert words(read(item(response(["B", "A", "C"], cardinality="ordered"), ORDER))).choices == [
        "first",
        "second",
        "third",
    ]


def test_matching_may_be_said_from_the_other_side() -> None:
    turned = SIDES.replace('identifier="A"', 'identifier="1"').replace('identifier="B"', 'identifier="2"')
    first, second = turned.split("</simpleMatchSet>")[:2]
    sets = first[first.index("<simpleMatchSet>") :], second[second.index("<simpleMatchSet>") :]
    body = f'<matchInteraction responseIdentifier="RESPONSE">{sets[1]}</simpleMatchSet>{sets[0]}</simpleMatchSet></matchInteraction>'
    bank = read(item(response(["X 1", "Y 2"], cardinality=MANY, base="directedPair"), f"<p>Match</p>{body}"))
    assert words(bank).choices == ["cat", "frog"]
    assert words(bank).matches == ["mammal", "amphibian", "insect"]


def test_a_mapping_says_what_is_right_and_what_earns_a_part() -> None:
    scores = mapping({"A": "1", "C": "1", "B": "-1"}, 'lowerBound="0" upperBound="2" defaultValue="-2"')
    bank = read(item(response(["A", "C"], cardinality=MANY, mapping=scores), choices(most=0), MAP))
    assert only(bank).right == [0, 2]
    assert said(bank) == ["loses what a part of the right choices earns"]


def test_a_mapping_alone_is_enough() -> None:
    bank = read(item(response([], mapping=mapping({"A": "0.5", "B": "2"})), choices(), MAP))
    assert only(bank).right == [1]
    assert said(bank) == ["loses that some wrong choices earn a part of the points"]


def test_texts_of_a_mapping_are_accepted_where_they_earn_all() -> None:
    scores = mapping({"York": "1", "Yorkshire": "1", "Lancaster": "0.5", "Kent": "0"})
    bank = read(item(response(["York"], base="string", mapping=scores), ENTRY, MAP))
    assert words(bank).accepts == ["York", "Yorkshire"]
    assert said(bank) == [
        "loses that 'Lancaster' earns a part of the points",
        "loses that capitals make a difference",
    ]


def test_texts_compared_without_capitals_need_no_remark() -> None:
    match = f'<stringMatch caseSensitive="false">{GIVEN}<correct identifier="RESPONSE"/></stringMatch>'
    bank = read(item(response(["York"], base="string"), ENTRY, rules(when(match, score(1)))))
    assert (words(bank).accepts, said(bank)) == (["York"], [])


def test_scoring_by_own_rules_is_followed() -> None:
    own = rules(when(is_choice("C"), score(2), otherwise=when(is_choice("A"), score(1))))
    bank = read(item(response(["C"]), choices(), own))
    assert only(bank).right == [2]
    own = rules(
        when(
            f'<and><member><baseValue baseType="identifier">A</baseValue>{GIVEN}</member><not><member>'
            f'<baseValue baseType="identifier">B</baseValue>{GIVEN}</member></not></and>',
            '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum>'
            "</setOutcomeValue>",
        )
    )
    bank = read(item(response([], cardinality=MANY), choices("AB", most=0), own))
    assert only(bank).right == [0]


def test_numbers_between_bounds_are_a_range() -> None:
    bounds = f'<and><gte>{GIVEN}<baseValue baseType="float">1.5</baseValue></gte><lte>{GIVEN}<baseValue baseType="float">2</baseValue></lte></and>'
    bank = read(item(response([], base="float"), ENTRY, rules(when(bounds, score(1)))))
    assert only(bank).right == {"value": "1.75", "tolerance": "0.25"}


def test_feedback_for_all_and_for_choices() -> None:
    own = rules(
        when(RIGHT, score(1), feedback("YES"), otherwise=feedback("NO")),
        when(is_choice("A"), feedback("A")),
        when(f"<not><isNull>{GIVEN}</isNull></not>", feedback("ALL")),
    )
    after = modal("YES", "Right!") + modal("NO", "Wrong.") + modal("A", "Not <b>A</b>.") + modal("ALL", "Because.")
    bank = read(item(response(["B"]), choices(), own, after=after))
    assert words(bank).choice_feedback == ["Wrong.\n\nNot **A**.", "Right!", "Wrong."]
    assert words(bank).feedback == "Because."
    assert said(bank) == []


def test_feedback_within_choices_is_no_part_of_them() -> None:
    inner = {
        name: f'{name}<feedbackInline outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show"> about {name}</feedbackInline>'
        for name in "AB"
    }
    own = rules(
        when(RIGHT, score(1)),
        f'<setOutcomeValue identifier="FEEDBACK"><multiple>{GIVEN}</multiple></setOutcomeValue>',
    )
    bank = read(item(response(["B"]), choices("AB", inner=inner), own))
    assert words(bank).choices == ["A", "B"]
    assert words(bank).choice_feedback == ["about A", "about B"]


def test_feedback_that_only_some_answers_bring_up_is_named_where_there_are_no_choices() -> None:
    own = rules(when(RIGHT, score(1), feedback("YES"), otherwise=feedback("NO")))
    after = modal("YES", "Right!") + modal("NO", "Wrong.") + modal("NEVER", "Because.", "hide")
    bank = read(item(response(["York"], base="string"), ENTRY, own, after=after))
    assert words(bank).feedback == "Because."
    assert said(bank) == [
        "loses that capitals make a difference",
        "loses feedback that only some answers bring up ('Right!')",
        "loses feedback that only some answers bring up ('Wrong.')",
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (item("", "<p>Text</p>"), "it asks nothing"),
        (item("", choices()), "nothing is declared to be right"),
        (item(response([]), choices()), "no answer earns anything"),
        (item(response(["B"]), choices() + ENTRY), "it asks 2 things at once (choiceInteraction, textEntryInteraction)"),
        (item(response(["x"], base="string"), '<extendedTextInteraction responseIdentifier="RESPONSE"/>'),
         "it is an essay: nothing says what is right"),
        (item(response(["A B"], base="pair"), '<associateInteraction responseIdentifier="RESPONSE"/>'),
         "any text may be paired with any other"),
        (item(response(["x"]), '<customInteraction responseIdentifier="RESPONSE"/>'), "it needs a program of its own"),
        (item(response(["x"]), '<newInteraction responseIdentifier="RESPONSE"/>'), "its kind is not known here (newInteraction)"),
        (item(response(["B"]), choices(), MATCH.replace("match_correct", "own")), "it is scored by rules that are not known here (own)"),
        (item(response(["B"]), choices(), rules(when("<customOperator/>", score(1)))),
         "it is scored in a way that is not known here (<customOperator>)"),
        (item(response(["B"]), choices(), rules("<lookupOutcomeValue/>")),
         "it is scored in a way that is not known here (<lookupOutcomeValue>)"),
        (item(response(["B"]), choices(), rules(when(is_choice("A"), score(1)))), "what it declares to be right is not what earns most"),
        (item(response(["B"]), choices(), rules(when(is_choice("A"), score(1)), when(is_choice("B"), score(1)))),
         "one is to be chosen, and each of several is wholly right"),
        (item(response(["B"], mapping=mapping({"A": "2", "B": "1"})), choices(), MAP), "what it declares to be right is not what earns most"),
        (item(response(["B"]), choices("AA")), "two of its choices have the same identifier, or one has none"),
        (item(response(["A X", "B Y"], cardinality=MANY, base="directedPair",
                       mapping=mapping({"A X": "1", "B Y": "1", "A Z": "1"})), SIDES, MAP), "what it declares to be right is not what earns most"),
        (item(response(["A X", "B Y"], cardinality=MANY, base="directedPair",
                       mapping=mapping({"A X": "1", "B Y": "1", "A Y": "1", "B X": "1"})), SIDES, MAP), "what it declares to be right is not what earns most"),
        (item(response(["A X"], cardinality=MANY, base="directedPair"), SIDES), "not every text on the left has one on the right"),
        (item(response(["A X", "B X"], cardinality=MANY, base="directedPair"), SIDES), "a text belongs to more than one other"),
        (item(response(["A X", "B Q"], cardinality=MANY, base="directedPair"), SIDES), "a right pair names a text that there is not"),
        (item(response([], cardinality=MANY, base="directedPair"), SIDES), "nothing says which pairs are right"),
        (item(response(["B", "A"], cardinality="ordered"), ORDER), "the right order is not one of all its texts"),
        (item(response(["x"], base="file"), ENTRY), "its answer is neither a text nor a number (file)"),
        (item(response(["x"], base="float"), ENTRY), "'x' is not a number that a course can hold"),
        (number("5", 'toleranceMode="absolute" tolerance="1 1" includeLowerBound="false"'),
         "the ends of the range of right numbers are not right themselves, or there are none"),
        (item(response([], base="float"), ENTRY, rules(when(f'<gt>{GIVEN}<baseValue baseType="float">5</baseValue></gt>', score(1)))),
         "the ends of the range of right numbers are not right themselves, or there are none"),
        (item(response([], base="float", mapping=mapping({"1": "1", "2": "1"})), ENTRY, MAP), "more than one range of numbers is right"),
        (item(response(["x"], base="string"), ENTRY, rules(when(f'<stringMatch caseSensitive="true" substring="true">{GIVEN}'
         '<correct identifier="RESPONSE"/></stringMatch>', score(1)))), "an answer is right that holds the right text somewhere"),
        (item(response(["B"]) + '<templateDeclaration identifier="T"/>', choices()), "it is made anew for each learner (template)"),
        (item(response(["B"]), choices()).replace('adaptive="false"', 'adaptive="true"'), "it changes with each try (adaptive)"),
    ],
)  # fmt: skip
def test_what_a_course_cannot_ask_is_left_out_with_its_reason(source: str, reason: str) -> None:
    bank = read(source)
    assert said(bank) == [f"is left out: {reason}"]
    assert (bank.found, bank.questions) == (1, [])
    assert bank.left_out[0].key == 'question "Title"'


def test_parts_that_are_dropped_are_named() -> None:
    body = f'<rubricBlock view="scorer"><p>Be kind.</p></rubricBlock>{choices()}'.replace(
        '<simpleChoice identifier="C"', '<simpleChoice identifier="C" fixed="true"'
    )
    source = item(response(["B"]), body, extra=' xml:lang="fr"').replace(
        'timeDependent="false"', 'timeDependent="true"'
    )
    assert said(read(source)) == [
        "loses a rubric",
        "loses that some choices keep their place",
        "says that its language is fr, and was taken as en",
        "loses that its time is measured",
    ]


def test_a_picture_that_is_not_there_leaves_its_words() -> None:
    body = f'<p><object type="image/png" data="images/desk.png">A desk</object></p>{choices()}'
    bank = read(item(response(["B"]), body))
    assert words(bank).prompt == "A desk\n\nWhich *one*?"
    assert said(bank) == ["loses the picture images/desk.png, which the bank does not hold or which is none"]


def test_what_only_names_questions_is_refused() -> None:
    with pytest.raises(BankRefusedError, match="names questions and holds none"):
        read('<?xml version="1.0"?><assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>')


def test_where_nothing_earns_points_the_declaration_counts() -> None:
    told = rules(when(RIGHT, feedback("YES"), otherwise=feedback("NO")))
    for source, right in [
        (item(response(["B"]), choices(), told, after=modal("YES", "Right!")), [1]),
        (item(response(["A", "C"], cardinality=MANY), choices(most=0), told), [0, 2]),
        (item(response(["5"], base="integer"), ENTRY, told), {"value": "5", "tolerance": "0"}),
        (item(response(["A X", "B Y"], cardinality=MANY, base="directedPair"), SIDES, told), None),
    ]:
        bank = read(source)
        assert only(bank).right == right
        assert said(bank)[0] == "earns no points in the bank; what it declares to be right was taken"


def test_pairs_may_be_declared_as_identifiers_with_lines_around_them() -> None:
    """As several programs write them."""
    values = ["\n      A X\n    ", "\n      B Y\n    "]
    doubled = '<match><mapResponse identifier="RESPONSE"/><baseValue baseType="float">2</baseValue></match>'
    scores = mapping({"A X": "1", "B Y": "1"})
    own = rules(when(doubled, score("\n 4 \n"), otherwise=score(2)))
    bank = read(item(response(values, cardinality=MANY, mapping=scores), SIDES, own))
    assert (words(bank).choices, words(bank).matches) == (["cat", "frog"], ["mammal", "amphibian", "insect"])


def test_scoring_with_numbers_beyond_all_measure_is_left_out() -> None:
    own = '<variable identifier="SCORE"/>'
    squared = f'<setOutcomeValue identifier="SCORE"><product>{own}{own}</product></setOutcomeValue>'
    bank = read(item(response(["B"]), choices(), rules(score("1e30"), squared * 30)))
    assert said(bank) == ["is left out: its scoring cannot be calculated"]


def test_scoring_that_never_ends_is_left_out() -> None:
    condition = "<and>" + is_choice("A") * 5000 + "</and>"
    bank = read(item(response(["A"], cardinality=MANY), choices("ABCDEFGH", most=0), rules(when(condition, score(1)))))
    assert said(bank) == ["is left out: its scoring is too long to follow"]
