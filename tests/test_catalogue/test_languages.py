from pathlib import Path

import pytest

from courses.catalogue.folders import CourseFaultsError, FolderFiles, read_course
from courses.catalogue.folders.texts import CourseText
from courses.catalogue.languages import direction, own_name
from courses.catalogue.models import Course, LessonTranslation, Question
from courses.catalogue.operations import publish_course
from courses.catalogue.publishing import Addresses, blocks_of
from tests.factories import NOW, ProgramFactory

QUESTION = """\
```question
id: why
kind: one
prompt: Why?
choices: [one, two]
right: 1
feedback: So.
```
"""
IN_WELSH = """\
```question
id: why
prompt: Pam?
choices: [un, dau]
feedback: Felly.
```
"""


@pytest.fixture
def bilingual(folder: Path) -> Path:
    """The course with practice, and all of it in Welsh too."""
    lesson = folder / "01-one.md"
    lesson.write_text(lesson.read_text() + "\n" + QUESTION)
    welsh = folder / "cy"
    welsh.mkdir()
    (welsh / "course.yaml").write_text("title: Cyntaf\nsummary: Cwrs.\n")
    (welsh / "01-one.md").write_text(f"---\ntitle: Un\n---\nTestun.\n\n{IN_WELSH}")
    (welsh / "assessment.yaml").write_text(
        "questions:\n  - {id: which, prompt: 'Pa un?', choices: [hwn, hwnnw], feedback: Hwnnw.}\n"
    )
    return folder


def read(folder: Path) -> CourseText:
    return read_course(FolderFiles(folder))


def faults(folder: Path) -> list[str]:
    with pytest.raises(CourseFaultsError) as refusal:
        read(folder)
    return str(refusal.value).splitlines()


def change(file: Path, old: str, new: str) -> None:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_one_course_holds_every_language(bilingual: Path) -> None:
    course = read(bilingual)
    assert course.languages == ["en", "cy"]
    assert course.lessons[0].words["cy"].title == "Un"
    assert [question.words["cy"].choices for question in course.questions] == [["un", "dau"], ["hwn", "hwnnw"]]
    assert [question.right for question in course.questions] == [[0], [1]]


@pytest.mark.django_db
def test_publishing_stores_each_language_once(bilingual: Path) -> None:
    publish_course(ProgramFactory.create(), read(bilingual), FolderFiles(bilingual), at=NOW)
    assert Course.objects.get().described("cy", "en").title == "Cyntaf"
    assert Course.objects.get().described("hi", "en").title == "First"
    said = LessonTranslation.objects.order_by("language")
    assert [(one.language, one.title, one.blocks[1]) for one in said] == [
        ("cy", "Un", {"question": "why"}),
        ("en", "One", {"question": "why"}),
    ]
    assert Question.objects.get(key="why").texts["cy"]["prompt"] == "<p>Pam?</p>\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("cy/01-one.md", "title: Un", "title: Un\nminutes: 5", "cy/01-one.md, line 3, minutes: is not known here"),
        ("cy/01-one.md", "id: why", "id: how", "cy/01-one.md, line 7, id: is not the id of a question"),
        ("cy/01-one.md", "[un, dau]", "[un]", "cy/01-one.md, line 9, choices: must be 2"),
        ("cy/01-one.md", "feedback: Felly.", "feedback: Felly.\nright: 1", "right: is not known here"),
        ("cy/assessment.yaml", "[hwn, hwnnw]", "[a, b, c]", "choices: must be 2 in all"),
        ("cy/course.yaml", "title: Cyntaf", "code: x\ntitle: Cyntaf", "cy/course.yaml, line 1, code: is not known"),
    ],
)
def test_a_fault_of_a_translation_is_named(bilingual: Path, file: str, old: str, new: str, fault: str) -> None:
    change(bilingual / file, old, new)
    assert any(fault in line for line in faults(bilingual)), faults(bilingual)


def test_a_translation_of_no_lesson_and_one_without_description_are_faults(bilingual: Path) -> None:
    (bilingual / "cy" / "01-one.md").rename(bilingual / "cy" / "02-two.md")
    (bilingual / "cy" / "course.yaml").unlink()
    assert faults(bilingual) == [
        "first/cy/02-two.md: translates no lesson: there is no 02-two.md",
        "first/cy/course.yaml: is missing",
    ]


def test_the_written_language_has_no_folder_of_its_own(bilingual: Path) -> None:
    (bilingual / "cy").rename(bilingual / "en")
    assert any("it is the language that the course is written in" in line for line in faults(bilingual))


def test_a_missing_lesson_or_question_is_no_fault(bilingual: Path) -> None:
    (bilingual / "cy" / "01-one.md").unlink()
    (bilingual / "cy" / "assessment.yaml").unlink()
    assert list(read(bilingual).lessons[0].words) == ["en"]


def test_a_picture_of_the_language_takes_the_place_of_the_other(bilingual: Path) -> None:
    for place in ("pictures", "cy/pictures"):
        (bilingual / place).mkdir(parents=True)
        (bilingual / place / "a.svg").write_text(f"<svg><!-- {place} --></svg>")
    for name in ("01-one.md", "cy/01-one.md"):
        (bilingual / name).write_text((bilingual / name).read_text() + "\n![It](pictures/a.svg)\n")
    course = read(bilingual)
    sums = {file.path: file.sha256 for file in course.files}
    for language, path in (("en", "pictures/a.svg"), ("cy", "cy/pictures/a.svg")):
        shown = blocks_of(course.lessons[0], language, Addresses("rur", language, sums))
        assert sums[path] in str(shown)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("ur", "rtl"),
        ("ar-eg", "rtl"),
        ("zh-hans", "ltr"),
        ("pa-arab", "rtl"),
        ("ks-deva", "ltr"),
        ("ur-latn-pk", "ltr"),
        ("skr", "rtl"),
        ("ff-adlm", "rtl"),
        ("az-arab-ir", "rtl"),
    ],
)
def test_direction_follows_the_script(language: str, expected: str) -> None:
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("hi", "हिन्दी"), ("cy", "Cymraeg"), ("zh-hans", "简体中文"), ("zh-hant", "中文 (繁體)"), ("xx", "xx"), ("q", "q")],
)
def test_a_language_is_named_in_itself(language: str, expected: str) -> None:
    assert own_name(language) == expected
