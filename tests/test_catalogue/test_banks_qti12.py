"""QTI 1.2 as Common Cartridge, Canvas and Blackboard write it: what is right is found by judging answers."""
# ruff: noqa: E501 - samples of XML read better in one line

import time

import pytest

from courses.catalogue.banks.errors import BankRefusedError
from courses.catalogue.banks.qti12 import read_qti12
from courses.catalogue.questions.texts import Kind
from courses.catalogue.sections import Fault
from tests.test_catalogue.banks import only, read, said, words


def text(said: str, kind: str = "text/html") -> str:
    return f'<material><mattext texttype="{kind}"><![CDATA[{said}]]></mattext></material>'


def labels(names: dict[str, str]) -> str:
    return "".join(f'<response_label ident="{key}">{text(said)}</response_label>' for key, said in names.items())


def lid(names: dict[str, str], *, ident: str = "r1", cardinality: str = "Single", before: str = "") -> str:
    render = f"<render_choice>{labels(names)}</render_choice>"
    return f'<response_lid ident="{ident}" rcardinality="{cardinality}">{before}{render}</response_lid>'


def equal(value: str, ident: str = "r1", case: str = "") -> str:
    return f'<varequal respident="{ident}"{case}>{value}</varequal>'


def when(condition: str, *effects: str, go_on: str = "No") -> str:
    return (
        f'<respcondition continue="{go_on}"><conditionvar>{condition}</conditionvar>{"".join(effects)}</respcondition>'
    )


def score(points: str = "100", action: str = "Set") -> str:
    return f'<setvar action="{action}" varname="SCORE">{points}</setvar>'


def shows(ident: str) -> str:
    return f'<displayfeedback feedbacktype="Response" linkrefid="{ident}"/>'


def told(ident: str, words: str) -> str:
    return f'<itemfeedback ident="{ident}"><flow_mat>{text(words)}</flow_mat></itemfeedback>'


def item(presentation: str, processing: str, *, profile: str = "", after: str = "", meta: str = "") -> str:
    fields = {"cc_profile": profile} if profile else {}
    known = "".join(
        f"<qtimetadatafield><fieldlabel>{key}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for key, value in fields.items()
    )
    outcomes = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
    rules = f"<resprocessing>{outcomes}{processing}</resprocessing>" if processing else ""
    return f"""<item ident="i1" title="Title"><itemmetadata><qtimetadata>{known}{meta}</qtimetadata></itemmetadata>
    <presentation>{presentation}</presentation>{rules}{after}</item>"""


def assessment(*items: str, section: str = 'ident="root_section"') -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
<assessment ident="a1" title="Quiz"><section {section}>{"".join(items)}</section></assessment></questestinterop>"""


ABC = {"1": "a", "2": "<p>b</p>", "3": "c"}
PROMPT = text("<p>Which <b>one</b>?</p>")
FIB = (
    '<response_str ident="r1" rcardinality="Single"><render_fib><response_label ident="x"/></render_fib></response_str>'
)
DECIMAL = FIB.replace("<render_fib>", '<render_fib fibtype="Decimal">')


def test_one_of_several_choices_with_feedback_as_canvas_writes_it() -> None:
    processing = (
        when("<other/>", shows("general_fb"), go_on="Yes")
        + "".join(when(equal(key), shows(f"{key}_fb"), go_on="Yes") for key in ABC)
        + when(equal("2"), score(), shows("correct_fb"))
        + when("<other/>", shows("general_incorrect_fb"), go_on="Yes")
    )
    after = told("general_fb", "Because.") + told("correct_fb", "Right!") + told("general_incorrect_fb", "Wrong.")
    bank = read(assessment(item(PROMPT + lid(ABC), processing, after=after + told("3_fb", "Not <i>c</i>."))))
    assert (only(bank).kind, only(bank).right) == (Kind.ONE, [1])
    assert (words(bank).prompt, words(bank).choices) == ("Which **one**?", ["a", "b", "c"])
    assert words(bank).choice_feedback == ["Wrong.", "Right!", "Wrong.\n\nNot *c*."]
    assert words(bank).feedback == "Because."
    assert said(bank) == []


def test_all_that_is_right_and_nothing_else_as_canvas_writes_it() -> None:
    condition = f"<and>{equal('1')}<not>{equal('2')}</not>{equal('3')}</and>"
    bank = read(assessment(item(PROMPT + lid(ABC, cardinality="Multiple"), when(condition, score()))))
    assert (only(bank).kind, only(bank).right, said(bank)) == (Kind.SEVERAL, [0, 2], [])


def test_points_that_add_up_are_a_whole_and_its_parts() -> None:
    processing = when(equal("1"), score("50", "Add"), go_on="Yes") + when(equal("3"), score("50", "Add"), go_on="Yes")
    processing += when(equal("2"), score("20", "Subtract"), go_on="Yes")
    bank = read(assessment(item(PROMPT + lid(ABC, cardinality="Multiple"), processing)))
    assert (only(bank).right, said(bank)) == ([0, 2], ["loses what a part of the right choices earns"])


def test_true_and_false_of_a_common_cartridge() -> None:
    shown = PROMPT + lid({"t": "True", "f": "False"})
    bank = read(assessment(item(shown, when(equal("f"), score()), profile="cc.true_false.v0p1")))
    assert (only(bank).kind, only(bank).right) == (Kind.TRUE_FALSE, False)


@pytest.mark.parametrize(
    "processing",
    [
        when(equal("Blank") + equal("Space"), score()),
        when(f"<or>{equal('Blank')}{equal('Space')}</or>", score()),
        when(equal("Blank"), score()) + when(equal("Space"), score()),
    ],
)
def test_accepted_texts(processing: str) -> None:
    bank = read(assessment(item(PROMPT + FIB, processing, profile="cc.fib.v0p1")))
    assert (only(bank).kind, words(bank).accepts, said(bank)) == (Kind.TEXT, ["Blank", "Space"], [])


def test_a_text_that_is_compared_with_its_capitals_is_named() -> None:
    bank = read(assessment(item(PROMPT + FIB, when(equal("Ohm", case=' case="Yes"'), score()))))
    assert said(bank) == ["loses that capitals make a difference"]


@pytest.mark.parametrize(
    ("condition", "value", "tolerance"),
    [
        (
            f"<or>{equal('12.0')}<and><vargte respident='r1'>12</vargte><varlte respident='r1'>12</varlte></and></or>",
            "12",
            "0",
        ),
        ("<vargte respident='r1'>1.0</vargte><varlte respident='r1'>22.0</varlte>", "11.5", "10.5"),
        (equal("-3.50"), "-3.5", "0"),
    ],
)
def test_numbers_and_ranges(condition: str, value: str, tolerance: str) -> None:
    bank = read(assessment(item(PROMPT + DECIMAL, when(condition, score()))))
    assert (only(bank).kind, only(bank).right) == (Kind.NUMBER, {"value": value, "tolerance": tolerance})


def test_a_gap_stands_within_a_sentence() -> None:
    shown = text("The sun", "text/plain") + FIB + text("in the east.", "text/plain")
    assert words(read(assessment(item(shown, when(equal("rises"), score()))))).prompt == "The sun _____ in the east."
    spaced = text("The sun ", "text/plain") + FIB + text(" in the east.", "text/plain")
    assert words(read(assessment(item(spaced, when(equal("rises"), score()))))).prompt == "The sun _____ in the east."


def test_matching_as_canvas_writes_it() -> None:
    rights = {"x": "mammal", "y": "amphibian", "z": "insect"}
    shown = PROMPT + lid(rights, ident="a", before=text("cat")) + lid(rights, ident="b", before=text("frog"))
    processing = when(equal("x", "a"), score("50", "Add")) + when(equal("y", "b"), score("50", "Add"))
    bank = read(assessment(item(shown, processing)))
    assert only(bank).kind == Kind.MATCHING
    assert (words(bank).choices, words(bank).matches) == (["cat", "frog"], ["mammal", "amphibian", "insect"])


def test_matching_within_one_flow() -> None:
    rights = {"x": "mammal", "y": "amphibian"}
    inner = PROMPT + lid(rights, ident="a", before=text("cat")) + lid(rights, ident="b", before=text("frog"))
    processing = when(equal("y", "b"), score("50", "Add"), go_on="Yes") + when(equal("x", "a"), score("50", "Add"))
    bank = read(assessment(item(f"<flow>{inner}</flow>", processing)))
    assert words(bank).prompt == "Which **one**?"
    assert (words(bank).choices, words(bank).matches) == (["cat", "frog"], ["mammal", "amphibian"])


def blackboard(flow: str) -> str:
    return f'<flow class="Block">{flow}</flow>'


def formatted(words: str) -> str:
    return f"""<flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension>
    <mat_formattedtext type="HTML"><![CDATA[{words}]]></mat_formattedtext></mat_extension></material></flow>"""


def test_matching_as_blackboard_writes_it() -> None:
    def left(name: str, ident: str, keys: str) -> str:
        empty = "".join(f'<response_label ident="{key}"/>' for key in keys)
        render = f'<render_choice><flow_label class="Block">{empty}</flow_label></render_choice>'
        asked = f'<response_lid ident="{ident}" rcardinality="Single">{render}</response_lid>'
        return blackboard(formatted(name) + asked)

    rights = "".join(blackboard(formatted(name)) for name in ("insect", "mammal", "amphibian"))
    shown = blackboard(
        f'<flow class="QUESTION_BLOCK">{formatted("Match the <b>animals</b>.")}</flow>'
        f'<flow class="RESPONSE_BLOCK">{left("cat", "L1", "abc")}{left("frog", "L2", "def")}</flow>'
        f'<flow class="RIGHT_MATCH_BLOCK">{rights}</flow>'
    )
    processing = f"""<respcondition><conditionvar>{equal("b", "L1")}</conditionvar>{shows("correct")}</respcondition>
    <respcondition><conditionvar>{equal("f", "L2")}</conditionvar>{shows("correct")}</respcondition>
    <respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE">0.0</setvar></respcondition>"""
    source = item(shown, processing).replace(
        "</itemmetadata>", "<bbmd_questiontype>Matching</bbmd_questiontype></itemmetadata>"
    )
    bank = read(assessment(source))
    assert words(bank).prompt == "Match the **animals**."
    assert (words(bank).choices, words(bank).matches) == (["cat", "frog"], ["mammal", "amphibian", "insect"])


def test_choices_as_blackboard_writes_them() -> None:
    names = "".join(
        f'<flow_label class="Block"><response_label ident="{key}"><flow_mat>{formatted(key)}</flow_mat></response_label></flow_label>'
        for key in ("red", "yellow")
    )
    shown = blackboard(
        f'<flow class="QUESTION_BLOCK">{formatted("Which?")}</flow><flow class="RESPONSE_BLOCK">'
        f'<response_lid ident="response" rcardinality="Single"><render_choice>{names}</render_choice></response_lid></flow>'
    )
    processing = f"""<respcondition title="correct"><conditionvar>{equal("yellow", "response", ' case="No"')}</conditionvar>
    <setvar variablename="SCORE" action="Set">SCORE.max</setvar>{shows("correct")}</respcondition>
    <respcondition title="incorrect"><conditionvar><other/></conditionvar><setvar variablename="SCORE">0.0</setvar>
    {shows("incorrect")}</respcondition>"""
    bank = read(assessment(item(shown, processing, after=told("correct", "Yes!") + told("incorrect", ""))))
    assert (only(bank).right, words(bank).choices, words(bank).choice_feedback) == (
        [1],
        ["red", "yellow"],
        ["", "Yes!"],
    )


def test_an_order_with_a_document_type_of_its_own() -> None:
    shown = f"""<flow>{text("Sort")}<response_lid ident="r1" rcardinality="Ordered"><render_extension><ims_render_object>
    {labels(ABC)}</ims_render_object></render_extension></response_lid></flow>"""
    source = assessment(item(shown, when(equal("3") + equal("1") + equal("2"), score("5", "Add"))))
    typed = source.replace(
        "\n", '\n<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd" [\n<!ELEMENT x (y+)>\n]>\n', 1
    )
    bank = read(typed)
    assert (only(bank).kind, words(bank).choices) == (Kind.ORDERING, ["c", "a", "b"])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (item("", ""), "it asks nothing"),
        (item(PROMPT + FIB, "", profile="cc.essay.v0p1"), "it is an essay: nothing says what is right"),
        (item(PROMPT + FIB, when("<other/>")), "no answer earns anything"),
        (item(PROMPT + lid(ABC), when(equal("1"), score()) + when(equal("2"), score())),
         "one is to be chosen, and each of several is wholly right"),
        (item(PROMPT + lid(ABC), when(equal("9"), score())), "no answer earns anything"),
        (item(PROMPT + FIB + FIB.replace("r1", "r2"), when(equal("a"), score())), "it asks 2 things at once"),
        (item(PROMPT + FIB, when('<varsubstring respident="r1">a</varsubstring>', score())),
         "an answer is right that holds a part of the right one"),
        (item(PROMPT + lid(ABC), when('<durequal respident="r1">5</durequal>', score())),
         "it is scored in a way that is not known here (<durequal>)"),
        (item(PROMPT + lid(ABC), when(equal("1"), score("2", "Multiply"))), "it is scored in a way that is not known here (Multiply)"),
        (item(PROMPT + lid({"1": "a", "2": ""}), when(equal("1"), score())), "one of its choices is empty"),
        (item(PROMPT + DECIMAL, when(equal("1"), score()) + when(equal("2"), score())), "more than one range of numbers is right"),
        (item(PROMPT + lid(ABC, ident="a", before=text("x")) + lid({"7": "q"}, ident="b", before=text("y")), when(equal("1", "a"), score())),
         "it asks 2 things at once"),
        (item(PROMPT + lid(ABC, ident="a", before=text("x")) + lid(ABC, ident="b", before=text("y")), when(equal("1", "a"), score())),
         "a text on the left does not have exactly one on the right"),
        (item(PROMPT + '<response_xy ident="r1"/>', when(equal("1"), score())), "its kind is not known here (response_xy)"),
    ],
)  # fmt: skip
def test_what_a_course_cannot_ask_is_left_out_with_its_reason(source: str, reason: str) -> None:
    bank = read(assessment(source))
    assert said(bank) == [f"is left out: {reason}"]
    assert (bank.found, bank.questions) == (1, [])


def field(label: str, entry: str) -> str:
    return f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry></qtimetadatafield>"


def test_parts_that_are_dropped_are_named() -> None:
    shown = PROMPT + '<material><matvideo uri="v.mp4"/></material>' + lid(ABC)
    meta = field("points_possible", "5.0") + field("qmd_levelofdifficulty", "hard")
    after = '<itemfeedback ident="h"><hint><hintmaterial><material><mattext>Think.</mattext></material></hintmaterial></hint></itemfeedback>'
    source = assessment(item(shown, when(equal("1"), score()), meta=meta, after=after))
    source = source.replace("<section", f"<qtimetadata>{field('cc_maxattempts', '1')}</qtimetadata><section")
    assert said(read(source)) == [
        "loses a video",
        "loses points_possible (5.0)",
        "loses qmd_levelofdifficulty (hard)",
        "loses a hint",
        "cc_maxattempts (1) of the assessment is left out",
    ]


def test_a_solution_is_feedback_for_all() -> None:
    after = (
        '<itemfeedback ident="s"><solution><solutionmaterial>'
        + text("So.")
        + "</solutionmaterial></solution></itemfeedback>"
    )
    assert words(read(assessment(item(PROMPT + lid(ABC), when(equal("1"), score()), after=after)))).feedback == "So."


def test_sections_and_categories_become_pools() -> None:
    one = item(PROMPT + lid(ABC), when(equal("1"), score()))
    own = one.replace("</qtimetadata>", field("cc_question_category", "Doors") + "</qtimetadata>")
    bank = read(assessment(one, own, section='ident="s1" title="Fire safety"'))
    assert [question.pool for question in bank.questions] == ["fire-safety", "doors"]
    assert only(read(assessment(one))).pool == ""


def test_a_cartridge_gets_questions_and_faults() -> None:
    faults: list[Fault] = []
    shown = text('See <img src="$IMS-CC-FILEBASE$/a.png" alt="A">') + lid(ABC)
    source = assessment(item(shown, when(equal("1"), score())), item(PROMPT + FIB, ""))
    paths = {"$IMS-CC-FILEBASE$/a.png": "package/a.png"}
    questions = read_qti12(source.encode(), faults, name="quiz.xml", language="cy", held=paths.get)
    assert [question.words["cy"].prompt for question in questions] == ["See ![A](package/a.png)"]
    assert [(fault.file, fault.message) for fault in faults] == [
        ("quiz.xml", "has no general feedback; write one"),
        ("quiz.xml", "is left out: it is an essay: nothing says what is right"),
    ]
    with pytest.raises(BankRefusedError, match=r"is not QTI 1\.2"):
        read_qti12(b"<quiz/>", faults)


def test_several_documents_share_the_time_that_reading_may_take() -> None:
    source = assessment(item(PROMPT + lid(ABC), when(equal("2"), score()))).encode()
    assert len(read_qti12(source, [], started=time.thread_time())) == 1
    with pytest.raises(BankRefusedError, match="takes more than 30 seconds"):
        read_qti12(source, [], started=time.thread_time() - 31)
