from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from courses.catalogue.folders import FolderFiles, read_course
from courses.catalogue.models import Blob, Course, CourseFile, CourseVersion, Lesson, LessonTranslation, Question
from courses.catalogue.operations import CourseRefusedError, Outcome, offer_course_again, publish_course, retire_course
from programs.models import Partner, Program
from programs.tenancy import ProgramRow
from tests.factories import NOW, CourseFactory, PartnerFactory, ProgramFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return ProgramFactory.create()


def publish(program: Program, folder: Path, at: datetime = NOW) -> Outcome:
    files = FolderFiles(folder)
    return publish_course(program, read_course(files), files, at=at)


def change(file: Path, old: str, new: str) -> None:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def htmls() -> list[str]:
    return [words.blocks[0]["html"] for words in LessonTranslation.objects.order_by("lesson__version__number")]


def test_publishing_stores_rendered_lessons_and_questions(program: Program, folder: Path) -> None:
    assert publish(program, folder) == Outcome.PUBLISHED
    course = Course.objects.of(program).taken_here().get()
    assert (course.code, course.tags, course.partner) == ("first", ["skills"], Partner.objects.own_courses_of(program))
    assert htmls() == ["<p>Some <em>text</em>.</p>\n"]
    question = Question.objects.get(version__course=course)
    assert (question.right, question.texts["en"]["choices"], question.lesson) == ([1], ["this", "that"], None)


def test_the_outline_names_the_lessons_that_are_stored(program: Program, folder: Path) -> None:
    publish(program, folder)
    lesson = Lesson.objects.get()
    assert CourseVersion.objects.get().outline == [
        {"id": lesson.pk, "slug": "one", "minutes": 5, "titles": {"en": "One"}}
    ]


def test_publishing_twice_changes_nothing(program: Program, folder: Path) -> None:
    publish(program, folder)
    assert publish(program, folder, NOW + timedelta(days=1)) == Outcome.UNCHANGED
    assert CourseVersion.objects.get().published_at == NOW


def test_other_lessons_make_another_version_and_keep_the_first(program: Program, folder: Path) -> None:
    publish(program, folder)
    change(folder / "01-one.md", "Some *text*.", "New text.")
    assert publish(program, folder) == Outcome.PUBLISHED
    assert htmls() == ["<p>Some <em>text</em>.</p>\n", "<p>New text.</p>\n"]


def test_another_title_is_in_the_folder_of_the_newest_version_too(program: Program, folder: Path) -> None:
    publish(program, folder)
    change(folder / "course.yaml", '"First"', '"Better"')
    assert publish(program, folder) == Outcome.PUBLISHED
    course = Course.objects.get()
    kept = CourseFile.objects.select_related("blob").get(version=course.newest_version(), path="course.yaml")
    assert course.title == "Better"
    assert b'"Better"' in bytes(kept.blob.data)


def test_another_audience_is_taken_over(program: Program, folder: Path) -> None:
    publish(program, folder)
    change(folder / "course.yaml", "position: 1", 'position: 1\nfor: {sectors: [O], occupations: ["4"]}')
    assert publish(program, folder) == Outcome.PUBLISHED
    assert (Course.objects.get().sectors, Course.objects.get().occupations) == (["O"], ["4"])


def test_a_course_without_an_assessment_is_published_without_one(program: Program, folder: Path) -> None:
    (folder / "assessment.yaml").unlink()
    publish(program, folder)
    assert not CourseVersion.objects.get().has_assessment


def test_other_tags_are_refused(program: Program, folder: Path) -> None:
    publish(program, folder)
    change(folder / "course.yaml", "[skills]", "[other]")
    with pytest.raises(CourseRefusedError, match="tags of first are skills and never change"):
        publish(program, folder)


def test_code_of_a_partners_course_is_refused(program: Program, folder: Path) -> None:
    CourseFactory.create(program=program, code="first", partner=PartnerFactory.create(program=program, name="Mill"))
    with pytest.raises(CourseRefusedError, match="The code first belongs to a course of Mill"):
        publish(program, folder)


def test_every_file_is_kept_byte_for_byte_and_equal_bytes_once(program: Program, folder: Path) -> None:
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "README.md").write_bytes(b"For authors.\r\n")
    publish(program, folder)
    change(folder / "01-one.md", "Some", "Other")
    publish(program, folder)
    kept = CourseFile.objects.filter(version__number=2).select_related("blob")
    assert {file.path: bytes(file.blob.data) for file in kept} == {
        path: (folder / path).read_bytes()
        for path in ("01-one.md", "README.md", "assessment.yaml", "course.yaml", "pictures/a.svg")
    }
    assert Blob.objects.count() == 6  # the lesson twice, the others once


def test_a_file_that_changes_while_it_is_read_is_refused(program: Program, folder: Path) -> None:
    text = read_course(FolderFiles(folder))
    change(folder / "01-one.md", "Some", "Other")
    with pytest.raises(CourseRefusedError, match=r"01-one\.md changed while the course was read"):
        publish_course(program, text, FolderFiles(folder), at=NOW)
    assert not Course.objects.exists()


@pytest.mark.parametrize("model", [CourseVersion, Lesson, LessonTranslation, Question, CourseFile, Blob])
def test_the_database_refuses_to_change_what_was_published(
    program: Program, folder: Path, model: type[ProgramRow]
) -> None:
    publish(program, folder)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.update(program=program)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.all()._raw_delete("default")


def test_a_retired_course_is_not_offered_until_it_is_offered_again(program: Program, folder: Path) -> None:
    publish(program, folder)
    course = Course.objects.get()
    retire_course(course, at=NOW)
    retire_course(course, at=NOW + timedelta(days=1))
    assert (Course.objects.get().retired_at, Course.objects.offered().exists()) == (NOW, False)
    offer_course_again(course)
    assert Course.objects.offered().exists()


def test_command_loads_the_shipped_courses_into_every_program(capsys: pytest.CaptureFixture[str]) -> None:
    programs = [ProgramFactory.create(), ProgramFactory.create()]
    call_command("load_courses")
    for program in programs:
        taken_here = Course.objects.of(program).taken_here().values_list("code", flat=True)
        assert list(taken_here) == ["ai-foundations", "ai-public-service", "ai-small-business"]
    assert capsys.readouterr().out.count(": published") == 6
    call_command("load_courses")
    assert capsys.readouterr().out.count(": nothing changed") == 6


def test_command_can_be_kept_to_one_program(folder: Path) -> None:
    chosen, other = ProgramFactory.create(), ProgramFactory.create()
    call_command("load_courses", folder, program=chosen.code)
    assert list(Course.objects.values_list("program", "code")) == [(chosen.pk, "first")]
    assert not Course.objects.of(other).exists()


def test_command_names_every_fault_and_changes_nothing(program: Program, folder: Path) -> None:
    (folder / "01-one.md").write_text("no front matter")
    (folder / "assessment.yaml").write_text("questions: []")
    with pytest.raises(CommandError) as refusal:
        call_command("load_courses", folder)
    assert "first/01-one.md, line 1" in str(refusal.value)
    assert "first/assessment.yaml, line 1, questions: must be a list" in str(refusal.value)
    assert "Nothing was changed. Faults to mend: 3." in str(refusal.value)
    assert not Course.objects.exists()


def test_command_changes_no_program_if_one_refuses(folder: Path) -> None:
    ProgramFactory.create(code="a")
    change(folder / "course.yaml", "[skills]", "[other]")
    publish(ProgramFactory.create(code="b"), folder)
    change(folder / "course.yaml", "[other]", "[skills]")
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
