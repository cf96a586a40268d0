"""The questions of a Common Cartridge become the assessment of the course."""

from collections.abc import Mapping
from dataclasses import replace

from courses.catalogue.folders import CourseText, read_course
from courses.catalogue.questions.texts import Kind
from courses.packages.importing import ImportedPackage, import_package
from tests.test_packages.making import ABOUT, PAGE, archive_of
from tests.test_packages.test_manifests import cartridge

ITEM = """<item ident="{key}" title="{key}"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>cc_profile</fieldlabel><fieldentry>cc.multiple_choice.v0p1</fieldentry></qtimetadatafield></qtimetadata>
</itemmetadata><presentation><material><mattext texttype="text/html">{prompt}</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="a"><material><mattext>Run</mattext></material></response_label>
<response_label ident="b"><material><mattext>Walk</mattext></material></response_label>
</render_choice></response_lid></presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0"
varname="SCORE" vartype="Decimal"/></outcomes><respcondition><conditionvar><varequal respident="r">b</varequal>
</conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item>"""
ESSAY = """<item ident="essay"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_profile</fieldlabel>
<fieldentry>cc.essay.v0p1</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext>
Write.</mattext></material><response_str ident="r"><render_fib/></response_str></presentation></item>"""


def qti(*items: str) -> str:
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="A" title="Quiz">'
        f'<section ident="root_section">{"".join(items)}</section></assessment></questestinterop>'
    )


def question(key: str, prompt: str = "What in a fire?") -> str:
    return ITEM.format(key=key, prompt=prompt)


def taken(quiz: str, bank: str = "", more: Mapping[str, bytes] = {}) -> tuple[ImportedPackage, CourseText]:
    files = cartridge() | {"quiz.xml": quiz, "bank.xml": bank or qti(question("q9"))} | dict(more)
    made = import_package(archive_of(files), ABOUT)
    return made, read_course(made)


def test_the_questions_of_a_cartridge_are_asked_natively() -> None:
    made, course = taken(qti(question("q1"), question("q2"), ESSAY))
    assert course.assessment
    assert course.assessment.pass_mark == 80
    assert [one.pool for one in course.assessment.questions] == ["item-6", "item-6", "b"]
    first = course.assessment.questions[0]
    assert (first.kind, first.right, first.words["en"].choices) == (Kind.ONE, [1], ["Run", "Walk"])
    assert first.words["en"].feedback == "✓ Walk"
    assert any("essay" in str(fault).lower() for fault in made.left_out)


def test_the_same_key_in_two_banks_is_two_questions() -> None:
    _, course = taken(qti(question("q1"), question("q2")), qti(question("q1"), question("q1-2")))
    assert course.assessment
    keys = [one.key for one in course.assessment.questions]
    assert len(keys) == len(set(keys)) == 4


def test_many_questions_are_drawn_from() -> None:
    _, course = taken(qti(*(question(f"q{number}", f"Question {number}?") for number in range(120))))
    assert course.assessment
    assert (course.assessment.draw, len(course.assessment.questions)) == (20, 121)


def test_pictures_of_questions_come_along() -> None:
    shown = '&lt;p&gt;&lt;img src="$IMS-CC-FILEBASE$/Fire%20exit.png" alt="The exit"&gt; What is this?&lt;/p&gt;'
    made, course = taken(
        qti(question("q1", shown)), more={"web_resources/Fire exit.png": b"\x89PNG\r\n\x1a\n" + bytes(30)}
    )
    assert course.assessment
    assert "![The exit](pictures/fire-exit.png)" in course.assessment.questions[0].words["en"].prompt
    assert made.read("pictures/fire-exit.png") == made.read("package/web_resources/Fire exit.png")


def test_a_bank_that_is_none_is_named_and_the_rest_is_taken() -> None:
    made, course = taken("<!DOCTYPE x><x/>")
    assert course.assessment
    assert len(course.assessment.questions) == 1
    assert any("quiz.xml" in str(fault) or "Item 6" in str(fault) for fault in made.left_out)


def test_a_bank_without_a_question_is_named() -> None:
    made, _ = taken("<questestinterop/>")
    assert any("there are none in their file" in str(fault) for fault in made.left_out)


def test_a_cartridge_without_questions_has_no_assessment() -> None:
    files = {name: data for name, data in cartridge().items() if name not in ("quiz.xml", "bank.xml")}
    made = import_package(archive_of(files), replace(ABOUT, pass_mark=50))
    assert read_course(made).assessment is None
    assert made.read("package/pages/one.html") == PAGE
