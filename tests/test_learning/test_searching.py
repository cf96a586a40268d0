from time import monotonic

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from courses.catalogue.models import Course
from courses.catalogue.operations import retire_course
from courses.learning.searching import GOOD_ENOUGH, likeness, plain, search
from programs.models import Program
from tests.database import copied
from tests.factories import NOW, CourseVersionFactory, ProgramFactory
from tests.test_learning.cast import Learner


def make_program() -> None:
    call_command("load_courses", program=ProgramFactory.create().code, verbosity=0)


@pytest.fixture
def program(db: None) -> Program:
    copied(make_program)
    return Program.objects.get()


def codes(program: Program, query: str, language: str = "en") -> list[str]:
    return [found.course.code for found in search(program, query, language=language)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("AI foundations", "ai-foundations"),
        ("ai fundations", "ai-foundations"),
        ("foundtions for wrok", "ai-foundations"),
        ("publik servise", "ai-public-service"),
        ("PUBLIC", "ai-public-service"),
        ("bussiness", "ai-small-business"),
        ("smal busines", "ai-small-business"),
    ],
)
def test_a_course_is_found_however_it_is_spelt(program: Program, query: str, first: str) -> None:
    assert codes(program, query)[0] == first


@pytest.mark.parametrize("query", ["", "   ", "\0", "zebra quartz", "x", "🦓", "%_';--", "a" * 10_000, "\u202e\u202d"])
def test_nothing_is_found_for_what_nothing_is_like(program: Program, query: str) -> None:
    assert codes(program, query) == []


def test_a_course_is_found_by_its_title_in_any_language(program: Program) -> None:
    course = Course.objects.get(program=program, code="ai-foundations")
    for language, words in course.translations.items():
        assert codes(program, words["title"], language)[0] == "ai-foundations", language


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("智能", "工作中的人工智能基础"), ("人工 智能", "工作中的人工智能基础"), ("人工只能", "工作中的人工智能基础"),
        ("人工智慧", "工作中的人工智能基础"), ("ai", "工作中的AI基础"), ("ai基础", "工作中的AI基础"),
        ("基礎", "人工知能の基礎"),
        ("ए आई", "एआई की बुनियाद"), ("बुनीयाद", "एआई की बुनियाद"), ("நுண்ணறிவு", "செயற்கை நுண்ணறிவின் அடிப்படைகள்"),
        ("செயற்க்கை", "செயற்கை நுண்ணறிவின் அடிப்படைகள்"), ("kerja", "Asas AI untuk pekerjaan"),
        ("ذكاء", "الذكاء الاصطناعي"), ("A.I.", "AI foundations"), ("data base", "Database design"),
    ],
)  # fmt: skip
def test_a_part_of_what_is_written_together_is_found_and_what_is_set_apart_too(query: str, title: str) -> None:
    assert likeness(plain(query), plain(title)) >= GOOD_ENOUGH


@pytest.mark.parametrize("query", ["数据库", "农业", "社会", "健康", "教育", "图书馆管理"])
def test_other_words_without_spaces_are_not_found(query: str) -> None:
    assert likeness(plain(query), plain("工作中的人工智能基础")) < GOOD_ENOUGH


def test_a_title_that_changes_in_another_language_is_found_at_once(program: Program) -> None:
    course = Course.objects.get(program=program, code="ai-foundations")
    assert codes(program, "telescopes", "cy") == []
    words = {"title": "Telescopes", "summary": "Telescopes"}
    Course.objects.filter(pk=course.pk).update(translations={**course.translations, "cy": words})
    assert codes(program, "telescopes", "cy") == [course.code]


def test_a_query_that_grows_when_it_is_spelt_out_takes_no_longer(program: Program) -> None:
    started = monotonic()
    for query in ("﷽" * 200, "㍿" * 200, "a b c d " * 25):
        codes(program, query)
    assert monotonic() - started < 3


def test_a_retired_course_is_not_found(program: Program) -> None:
    retire_course(Course.objects.get(program=program, code="ai-small-business"), at=NOW)
    assert "ai-small-business" not in codes(program, "small business")


def test_a_new_version_and_a_new_title_are_found_at_once(program: Program) -> None:
    assert codes(program, "telescopes") == []
    version = CourseVersionFactory.create(program=program)
    Course.objects.filter(pk=version.course.pk).update(title="Telescopes")
    assert codes(program, "telescops") == [version.course.code]


def test_searching_takes_three_queries_at_most(
    program: Program, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        codes(program, "anything")
    with django_assert_max_num_queries(2):
        codes(program, "something else")


@given(st.text(), st.text())
def test_likeness_is_of_a_hundred(one: str, other: str) -> None:
    assert 0 <= likeness(plain(one), plain(other)) <= 100


def test_the_page_shows_what_was_found_and_what_was_asked(learner: Learner) -> None:
    page = learner.client.get(f"{learner.path('learn')}search/", {"q": "A corse"}).content.decode()
    assert learner.path("course") in page
    assert "1 course found for “A corse”." in page


@pytest.mark.parametrize("query", ["", "\0", "<script>alert(1)</script>", "x" * 5000, "%00"])
def test_the_page_bears_any_query(learner: Learner, query: str) -> None:
    response = learner.client.get(f"{learner.path('learn')}search/", {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
