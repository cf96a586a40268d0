"""Links from one course to another: named by the course's code, and led to the right page in each program."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.catalogue.folders import CourseFaultsError, FolderFiles, read_course, read_courses
from courses.catalogue.folders.other_courses import course_links
from courses.catalogue.models import Course, CourseFile, LessonTranslation, Question
from courses.catalogue.rendering import rendered
from programs.models import Program
from tests.factories import ProgramFactory

VIDEO = """
```video
title: A tour
embed: https://player.vimeo.com/1
transcript: See [this](course:second/two).
```
"""


@pytest.fixture
def second(folder: Path) -> Path:
    """Another course beside the first one, with a lesson `two`."""
    other = folder.parent / "second"
    other.mkdir()
    for path in folder.iterdir():
        text = path.read_text().replace("first", "second").replace("id: which", "id: whichever")
        (other / path.name.replace("01-one", "01-two")).write_text(text)
    return other


def write(folder: Path, text: str) -> None:
    path = folder / "01-one.md"
    path.write_text(f"{path.read_text()}\n{text}\n")


def faults(*folders: Path) -> list[str]:
    """How check_course ends, if there is something wrong with the folders."""
    try:
        call_command("check_course", *map(str, folders))
    except CommandError as refusal:
        return [str(refusal)]
    return []


@pytest.mark.parametrize("address", ["course:second", "course:second/two", "course:ai-foundations/what-ai-is"])
def test_a_link_to_another_course_is_none_to_nowhere(folder: Path, address: str) -> None:
    write(folder, f"See [another course]({address}).")
    assert [link.course for link in course_links(read_course(FolderFiles(folder)))] == [address[7:].split("/")[0]]


@pytest.mark.parametrize(
    "address", ["course:", "course:Second", "course:a/b/c", "course:a--b", "course:a/", "course:a#b", "course:/two"]
)
def test_what_is_nearly_such_a_link_is_said(folder: Path, address: str) -> None:
    write(folder, f"See [another course]({address}).")
    with pytest.raises(CourseFaultsError, match="must be like course:ai-foundations"):
        read_course(FolderFiles(folder))


def test_links_are_found_wherever_a_text_may_have_one(folder: Path) -> None:
    write(folder, f"[a](course:a)\n{VIDEO}")
    path = folder / "assessment.yaml"
    path.write_text(path.read_text().replace("this,", "'[x](course:second/x)',").replace('"That."', '"[y](course:y)"'))
    (folder / "cy").mkdir()
    (folder / "cy" / "course.yaml").write_text("title: Un\nsummary: Un\n")
    (folder / "cy" / "01-one.md").write_text("---\ntitle: Un\n---\n\n[z](course:z)\n")
    found = {
        (link.file, link.line, link.key, link.course, link.lesson)
        for link in course_links(read_course(FolderFiles(folder)))
    }
    assert found == {
        ("01-one.md", 7, "", "a", ""),
        ("01-one.md", 10, "transcript", "second", "two"),
        ("cy/01-one.md", 5, "", "z", ""),
        ("assessment.yaml", None, "which", "second", "x"),
        ("assessment.yaml", None, "which", "y", ""),
    }


def test_courses_that_are_checked_together_know_each_other(
    folder: Path, second: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "[a](course:second) [b](course:second/two) [own](course:first/one)")
    assert faults(folder.parent) == []
    write(folder, "[c](course:second/three)\n\n[d](course:third)\n\n[own](course:first/none)")
    assert "Faults: 3" in faults(folder.parent)[0]
    said = capsys.readouterr().err
    assert "first/01-one.md, line 9: the link leads to the lesson three of second, and there is no such lesson" in said
    assert "first/01-one.md, line 11: the link leads to the course third, and there is no such course" in said
    assert "first/01-one.md, line 13: the link leads to the lesson none of first" in said


def test_of_a_course_that_is_checked_alone_links_to_others_are_remarked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "[a](course:second/two)")
    assert faults(folder) == []
    assert (
        "remark: first/01-one.md, line 7: the link leads to the course second, which is not looked"
        in capsys.readouterr().out
    )
    write(folder, "[own](course:first/none)")
    assert "Faults: 1" in faults(folder)[0]


def test_while_one_of_the_courses_cannot_be_read_links_to_it_are_no_fault(folder: Path, second: Path) -> None:
    write(folder, "[a](course:second/two)")
    (second / "course.yaml").write_text("code: second\n")
    assert "first/" not in faults(folder.parent)[0]
    with pytest.raises(CourseFaultsError) as refusal:
        read_courses(folder.parent)
    assert "the link leads" not in str(refusal.value)


@pytest.mark.django_db
def test_a_link_leads_to_the_page_in_each_program(folder: Path, second: Path) -> None:
    write(folder, "[a](course:second) [b](course:second/two)")
    path = folder / "assessment.yaml"
    path.write_text(path.read_text().replace("this,", "'[x](course:second/two)',"))
    programs = [ProgramFactory.create(), ProgramFactory.create()]
    call_command("load_courses", folder.parent)
    for program in programs:
        course = f"/p/{program.code}/courses/second/"
        html = str(LessonTranslation.objects.get(program=program, lesson__version__course__code="first").blocks)
        assert f'<a href="{course}" rel="noopener noreferrer">a</a>' in html
        assert f'<a href="{course}two/" rel="noopener noreferrer">b</a>' in html
        assert f'href="{course}two/"' in str(Question.objects.get(program=program, key="which").texts)
        kept = CourseFile.objects.get(program=program, version__course__code="first", path="01-one.md")
        assert bytes(kept.blob.data) == (folder / "01-one.md").read_bytes()


@pytest.mark.django_db
def test_loading_refuses_links_to_what_a_program_does_not_have(folder: Path, second: Path) -> None:
    program: Program = ProgramFactory.create()
    write(folder, "[a](course:second/two)")
    with pytest.raises(CommandError, match=f"and {program.code} has no such course"):
        call_command("load_courses", folder)
    assert not Course.objects.exists()
    call_command("load_courses", second)
    call_command("load_courses", folder)
    assert Course.objects.get(code="first").newest_version().number == 1
    write(folder, "[a](course:second/three)")
    with pytest.raises(CommandError, match="the lesson three of second"):
        call_command("load_courses", folder)
    call_command("load_courses", second)


def test_without_a_program_such_a_link_is_words_alone() -> None:
    assert rendered("[a](course:second)") == '<p><a rel="noopener noreferrer">a</a></p>\n'
