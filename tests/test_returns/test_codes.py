"""Codes in another case, with other spaces, or by their names; what may mean several is asked for."""

import pytest

from courses.achievements.models import Achievement
from courses.returns.checking.vocabulary import Vocabulary
from programs.models import Code
from tests.factories import CourseFactory, PartnerFactory
from tests.test_returns.school import School, counts, quarantined, row


@pytest.fixture
def bare(school: School) -> School:
    """The profile has no words of its own: cells are the program's codes."""
    for name in ("course", "region"):
        school.profile.definition[name].pop("values")
    school.profile.save()
    return school


@pytest.mark.parametrize(
    ("column", "cell"), [("course", "DIGGING"), ("result", "pass"), ("result", " PASS "), ("region", "uPPer")]
)
def test_a_word_in_another_case_means_the_same(school: School, column: str, cell: str) -> None:
    sent = school.report(row("1", **{column: cell}))
    assert counts(sent) == (1, 1, 0, 0)
    assert sent.notes == [f"in {column}, codes were read without regard to case and spaces"]


def test_however_a_course_is_written_it_is_one_record(school: School) -> None:
    assert counts(school.report(row("1"), row("1", course="digging"), row("1", course="DIGGING "))) == (3, 1, 2, 0)
    assert counts(school.report(row("1", course="diGGing"))) == (1, 0, 1, 0)


def test_a_code_is_known_by_its_name_in_any_language_of_the_program(bare: School) -> None:
    north = Code.objects.of(bare.program, "region").get(code="N")
    north.names = {"en": "The  North", "de": "Der Norden"}
    north.save()
    names = ["N", "n", "the north", "DER NORDEN"]
    rows = [row(number, course="digging", region=name) for number, name in enumerate(names)]
    sent = bare.report(*rows)
    assert (counts(sent), quarantined(sent)) == ((4, 4, 0, 0), [])
    assert set(Achievement.objects.values_list("region", flat=True)) == {"N"}
    assert sent.notes == [
        "in region, codes were read without regard to case and spaces",
        "in region, the names of codes were read as the codes",
    ]


def test_a_course_is_known_by_its_title(bare: School) -> None:
    CourseFactory(program=bare.program, code="dig-2", title="Digging for two")
    sent = bare.report(row("1", course="digging for  two", region=""))
    assert (counts(sent), quarantined(sent)) == ((1, 1, 0, 0), [])
    assert Achievement.objects.get().course.code == "dig-2"


def test_a_title_that_two_courses_have_is_asked_for(bare: School) -> None:
    for code in ("dig-2", "dig-3"):
        CourseFactory(program=bare.program, code=code, title="Digging deep")
    [(_, column, value, reason)] = quarantined(bare.report(row("1", course="Digging deep", region="")))
    assert (column, value) == ("course", "Digging deep")
    assert reason == "may mean several codes: write the one that is meant as it stands in the list"


def test_a_title_of_another_partners_course_names_none_of_ours(bare: School) -> None:
    other = PartnerFactory(program=bare.program)
    CourseFactory(program=bare.program, code="ours", title="Digging deep")
    CourseFactory(program=bare.program, code="theirs", title="Digging deep", partner=other)
    assert counts(bare.report(row("1", course="Digging deep", region=""))) == (1, 1, 0, 0)


def test_a_word_of_the_profile_goes_before_the_name_of_a_code() -> None:
    words = Vocabulary("region", {"North": "S", "Upper": "N"}, [("North", "N"), ("Top", "N")])
    assert [words.meaning(cell, "region") for cell in ("North", "north", "Upper", "top")] == ["S", "S", "N", "N"]


def test_words_that_differ_in_case_alone_are_told_apart() -> None:
    words = Vocabulary("region", {"aa": "1", "AA": "2"})
    assert [words.meaning(cell, "region") for cell in ("aa", "AA")] == ["1", "2"]
    assert words.notes == set()


def test_the_order_of_words_makes_no_difference() -> None:
    spellings = {"Digging": "digging", "DIGGING": "digging"}
    for codes in (spellings, dict(reversed(spellings.items()))):
        assert Vocabulary("course", codes).word("dIGGING") == "DIGGING"
