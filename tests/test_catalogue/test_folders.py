from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.catalogue.folders import CourseFaultsError, FolderFiles, read_courses
from courses.catalogue.folders import read_course as read_files
from courses.catalogue.folders.texts import CourseText


def read_course(folder: Path) -> CourseText:
    return read_files(FolderFiles(folder))


def faults(folder: Path) -> list[str]:
    """What `read_courses` says is wrong with the folder, a line each."""
    with pytest.raises(CourseFaultsError) as refusal:
        read_courses(folder)
    return str(refusal.value).splitlines()


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_folder_without_fault_is_a_course(folder: Path) -> None:
    course = read_course(folder)
    assert course.assessment is not None
    assert (course.code, course.assessment.pass_mark, course.tags) == ("first", 50, ["skills"])
    lesson = course.lessons[0]
    assert (lesson.number, lesson.slug, lesson.words["en"].title) == (1, "one", "One")
    assert course.questions[0].right == [1]


def test_every_fault_is_named_at_once_with_file_line_and_key(folder: Path) -> None:
    change(folder / "course.yaml", "position: 1", "position: 0")
    change(folder / "01-one.md", "minutes: 5", "minuets: 5")
    change(folder / "assessment.yaml", "right: 2", "right: 3")
    assert faults(folder) == [
        "first/01-one.md, line 2, minutes: is missing",
        "first/01-one.md, line 3, minuets: is not known here; the keys are title, minutes",
        "first/assessment.yaml, line 7, questions 1, right: must be a whole number from 1 to 2,"
        " or a list of different ones",
        "first/course.yaml, line 8, position: must be a whole number from 1 to 1000",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("course.yaml", "code: first", "code: First!", ", line 1, code: may hold lower-case"),
        ("course.yaml", 'title: "First"', "title: ''", ", line 2, title: is empty"),
        ("course.yaml", 'title: "First"', "title: 2026", ", line 2, title: must be text"),
        ("course.yaml", 'title: "First"', f"title: {'x' * 201}", ", line 2, title: has 201 characters"),
        ("course.yaml", "language: en", "language: no", ", line 5, language: must be text"),
        ("course.yaml", "minutes: 10", "minutes: 4", ", line 6, minutes: is less than the lessons take"),
        ("course.yaml", "minutes: 10", "minutes: true", ", line 6, minutes: must be a whole number"),
        ("course.yaml", "minutes: 10", "minutes: 2026-99-99", ", line 6, minutes: cannot be read"),
        ("course.yaml", "tags: [skills]", "tags: [a, a]", ", line 7, tags: must be a list of different"),
        ("course.yaml", "tags: [skills]", "tags: &t [a]\nlevel: *t", ", line 8: is not YAML: references"),
        ("course.yaml", "position: 1", "position: 1\ncode: other", ", line 9, code: stands twice"),
        ("course.yaml", "level: beginner", "\tlevel: beginner", ", line 4: is not YAML"),
        ("01-one.md", "---\ntitle", "title", ", line 1: must start with ---"),
        ("01-one.md", "Some *text*.", " ", ", line 5: has no text"),
        ("01-one.md", "Some", "\n# Big\n\nSome", ", line 6: headings go from ##"),
        ("course.yaml", "level: beginner", "level: easy", ", line 4, level: must be one of beginner"),
        ("course.yaml", "position: 1", "position: 1\nfor: {sectors: [Z]}", ", line 9, for, sectors: must be a list"),
        ("course.yaml", "position: 1", "position: 1\nfor: {occupations: [1]}", ", line 9, for, occupations: must be"),
        ("01-one.md", "Some", "Some ![x](y.png)", ", line 5: y.png leads nowhere"),
        ("01-one.md", "Some", "Some ![x](pictures/y.png)", ", line 5: pictures/y.png is not in the course folder"),
        ("01-one.md", "Some", "Some ![](pictures/y.png)", ", line 5: a picture needs words"),
        ("01-one.md", "Some", "Some [x](09-none.md)", ", line 5: the link leads to 09-none.md"),
        ("01-one.md", "Some", "Some [x](files/none.pdf)", ", line 5: files/none.pdf is not in the course folder"),
        ("01-one.md", "Some", "Some [x](ftp://a.test/c)", ", line 5: ftp://a.test/c leads nowhere"),
        ("01-one.md", "Some", "- a\n\n  ```question\n  id: b\n  ```\n\nSome", ", line 7: a question stands at"),
        ("assessment.yaml", "kind: one", "kind: two", ", line 4, questions 1, kind: must be one of one, several"),
        ("assessment.yaml", "right: 2", "right: [1, 2]", ", line 7, questions 1, right: must be one"),
        ("assessment.yaml", "[this, that]", "[this]", ", line 6, questions 1, choices: must be 2 to"),
        ("assessment.yaml", "questions:", "question:", ", line 2, question: is not known here"),
        ("assessment.yaml", "pass_mark: 50", "pass_mark: 101", ", line 1, pass_mark: must be a whole"),
        ("assessment.yaml", "pass_mark: 50", "pass_mark: 50\ndraw: 2", ", line 2, draw: must be a whole"),
        ("assessment.yaml", "pass_mark: 50", "pass_mark: 50\ndraw: {a: 1}", ", line 2, draw, a: is the pool of no"),
        ("assessment.yaml", "id: which", "id: Which!", ", line 3, questions 1, id: may hold"),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_is(folder: Path, file: str, old: str, new: str, fault: str) -> None:
    change(folder / file, old, new)
    assert any(line.startswith(f"first/{file}{fault}") for line in faults(folder)), faults(folder)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", ", line 1: is not UTF-8; save it as UTF-8"),
        (b"code: a\n\xe9", ", line 2: is not UTF-8; save it as UTF-8"),
        (b"code: \0", ", line 1: holds a NUL character"),
        (b"x" * 500_001, ": is longer than 500,000 bytes"),
        (b"", ", line 1: must have keys, such as title: …"),
        (b"[" * 100_000, ", line 1: is not YAML: maximum recursion"),
    ],
)
def test_an_unreadable_file_is_one_fault(folder: Path, content: bytes, fault: str) -> None:
    (folder / "course.yaml").write_bytes(content)
    assert len(faults(folder)) == 1
    assert faults(folder)[0].startswith(f"first/course.yaml{fault}")


def test_a_course_without_an_assessment_is_a_course(folder: Path) -> None:
    (folder / "assessment.yaml").unlink()
    assert read_course(folder).assessment is None


def test_a_strange_file_is_a_fault(folder: Path) -> None:
    (folder / "assessment.yaml").rename(folder / "quiz.yaml")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "program.exe").write_bytes(b"MZ")
    assert [line.split(";")[0] for line in faults(folder)] == [
        "first/pictures/program.exe: is not part of a course",
        "first/quiz.yaml: is not part of a course",
    ]


def test_lessons_of_one_number_or_name_are_faults(folder: Path) -> None:
    change(folder / "course.yaml", "minutes: 10", "minutes: 20")
    for name in ("01-two.md", "02-one.md", "03-assessment.md"):
        (folder / name).write_text((folder / "01-one.md").read_text())
    assert faults(folder) == [
        "first/: two lessons have the number 1",
        "first/: two lessons have the slug one",
        "first/: a lesson cannot be named assessment: that is the address of the assessment",
    ]


def test_faults_of_all_courses_are_named_and_a_folder_without_course_yaml_is_one(folder: Path) -> None:
    (folder.parent / "second").mkdir()
    change(folder / "course.yaml", "position: 1", "position: 0")
    named = faults(folder.parent)
    assert "first/course.yaml, line 8, position: must be a whole number from 1 to 1000" in named
    assert "second/course.yaml: is missing" in named


def test_two_courses_of_one_code_are_a_fault(folder: Path) -> None:
    second = folder.parent / "second"
    second.mkdir()
    for file in folder.iterdir():
        (second / file.name).write_text(file.read_text())
    assert faults(folder.parent) == [f"{folder.parent}: two courses have the code first"]


def test_a_folder_without_courses_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path}: holds no course: there is no course.yaml here or one folder below"]


def test_readme_hidden_files_and_line_ends_do_not_matter(folder: Path) -> None:
    before = read_course(folder).checksum
    (folder / "README.md").write_text("For authors.")
    (folder / ".gitignore").write_text("*")
    lesson = folder / "01-one.md"
    lesson.write_bytes(lesson.read_bytes().replace(b"\n", b"\r\n"))
    assert read_course(folder).checksum == before


def test_checksum_changes_with_what_learners_read_and_not_with_the_description(folder: Path) -> None:
    before = read_course(folder).checksum
    change(folder / "course.yaml", 'title: "First"', 'title: "Better"')
    assert read_course(folder).checksum == before
    change(folder / "01-one.md", "Some", "Other")
    assert read_course(folder).checksum != before


@given(content=st.text(max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_course_or_a_fault_and_never_a_crash(folder: Path, content: str) -> None:
    for name in ("course.yaml", "01-one.md", "assessment.yaml"):
        (folder / name).write_text(content, encoding="utf-8", errors="replace")
    assert faults(folder)
