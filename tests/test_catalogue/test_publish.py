from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.catalogue.folders import CourseText, read_course
from courses.catalogue.models import Course, CourseVersion, Lesson, Question
from courses.catalogue.operations import CourseRefusedError, Outcome, publish_course
from programs.models import Partner, Program
from tests.factories import NOW, CourseFactory, PartnerFactory, ProgramFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(folder: Path) -> CourseText:
    return read_course(folder)


@pytest.fixture
def program() -> Program:
    return ProgramFactory.create()


def test_publishing_stores_rendered_lessons_and_questions(program: Program, text: CourseText) -> None:
    assert publish_course(program, text, at=NOW) == Outcome.PUBLISHED
    course = Course.objects.of(program).taken_here().get()
    assert (course.code, course.tags, course.partner) == ("first", ["skills"], Partner.objects.own_courses_of(program))
    assert Lesson.objects.get(version__course=course).html == "<p>Some <em>text</em>.</p>\n"
    assert Question.objects.get(version__course=course).right == [1]


def test_publishing_twice_changes_nothing(program: Program, text: CourseText) -> None:
    publish_course(program, text, at=NOW)
    assert publish_course(program, text, at=NOW + timedelta(days=1)) == Outcome.UNCHANGED
    assert CourseVersion.objects.get().published_at == NOW


def test_other_lessons_make_another_version_and_keep_the_first(program: Program, text: CourseText) -> None:
    publish_course(program, text, at=NOW)
    other = replace(text, lessons=[replace(text.lessons[0], markdown="New text.\n")])
    assert publish_course(program, other, at=NOW) == Outcome.PUBLISHED
    assert [version.lessons.get().html for version in CourseVersion.objects.order_by("number")] == [
        "<p>Some <em>text</em>.</p>\n",
        "<p>New text.</p>\n",
    ]


def test_another_title_is_taken_over_without_another_version(program: Program, text: CourseText) -> None:
    publish_course(program, text, at=NOW)
    assert publish_course(program, replace(text, title="Better"), at=NOW) == Outcome.DESCRIBED
    assert Course.objects.get().title == "Better"
    assert CourseVersion.objects.count() == 1


def test_other_tags_are_refused(program: Program, text: CourseText) -> None:
    publish_course(program, text, at=NOW)
    with pytest.raises(CourseRefusedError, match="tags of first are skills and never change"):
        publish_course(program, replace(text, tags=["other"]), at=NOW)


def test_code_of_a_partners_course_is_refused(program: Program, text: CourseText) -> None:
    CourseFactory.create(program=program, code="first", partner=PartnerFactory.create(program=program, name="Mill"))
    with pytest.raises(CourseRefusedError, match="The code first belongs to a course of Mill"):
        publish_course(program, text, at=NOW)


def test_command_loads_the_shipped_courses_into_every_program(capsys: pytest.CaptureFixture[str]) -> None:
    programs = [ProgramFactory.create(), ProgramFactory.create()]
    call_command("load_courses")
    for program in programs:
        assert Course.objects.of(program).taken_here().get().code == "ai-first-steps"
    assert capsys.readouterr().out.count("ai-first-steps: published") == 2
    call_command("load_courses")
    assert capsys.readouterr().out.count("ai-first-steps: nothing changed") == 2


def test_command_can_be_kept_to_one_program(folder: Path) -> None:
    chosen, other = ProgramFactory.create(), ProgramFactory.create()
    call_command("load_courses", folder, program=chosen.code)
    assert list(Course.objects.values_list("program", "code")) == [(chosen.pk, "first")]
    assert not Course.objects.of(other).exists()


def test_command_names_every_fault_and_changes_nothing(program: Program, folder: Path) -> None:
    (folder / "01-one.md").write_text("no front matter")
    (folder / "assessment.yaml").unlink()
    with pytest.raises(CommandError) as refusal:
        call_command("load_courses", folder)
    assert "first/01-one.md, line 1" in str(refusal.value)
    assert "first/assessment.yaml: is missing" in str(refusal.value)
    assert "Nothing was changed. Faults to mend: 2." in str(refusal.value)
    assert not Course.objects.exists()


def test_command_changes_no_program_if_one_refuses(text: CourseText, folder: Path) -> None:
    ProgramFactory.create(code="a")
    publish_course(ProgramFactory.create(code="b"), replace(text, tags=["other"]), at=NOW)
    with pytest.raises(CommandError, match=r"never change.*Nothing was changed"):
        call_command("load_courses", folder)
    assert not Course.objects.filter(program__code="a").exists()


def test_command_says_what_to_do_without_programs_or_with_a_wrong_name(folder: Path) -> None:
    with pytest.raises(CommandError, match="There is no program yet"):
        call_command("load_courses", folder)
    ProgramFactory.create(code="rur")
    with pytest.raises(CommandError, match=r"There is no program xx. Programs: rur\."):
        call_command("load_courses", folder, program="xx")
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_courses", folder / "missing")
