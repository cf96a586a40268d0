from dataclasses import replace

import pytest
import yaml

from courses.catalogue.folders import read_course
from courses.packages.importing import About, ImportedPackage, import_package
from courses.packages.manifests import PackageRefusedError
from tests.test_packages.making import ABOUT, PAGE, archive_of, cmi5, packed, scorm_12, scorm_2004
from tests.test_packages.test_manifests import cartridge


def imported(files: dict[str, bytes | str], about: About = ABOUT) -> ImportedPackage:
    return import_package(archive_of(files), about)


def fence_of(made: ImportedPackage, path: str) -> dict[str, str]:
    text = made.read(path).decode()
    assert sum(line.startswith("```") for line in text.splitlines()) == 2
    return dict(yaml.safe_load(text.split("```package\n")[1].split("\n```")[0]))


def test_a_package_becomes_a_course_that_the_catalogue_reads() -> None:
    made = imported(scorm_12(("one.html", PAGE), ("sub/two.html", PAGE)))
    course = read_course(made)
    assert (course.code, course.title, course.minutes, course.tags) == ("safety-first", "Safety first", 30, ["safety"])
    assert [(lesson.file, lesson.minutes) for lesson in course.lessons] == [("01-item-1.md", 15), ("02-item-2.md", 15)]
    assert course.assessment is None


def test_the_files_of_the_package_are_kept_byte_for_byte() -> None:
    files = scorm_12(("one.html", PAGE)) | {"media/tour.mp4": bytes(range(256)) * 50, "课程/图.png": b"\x89PNG"}
    made = imported(files)
    kept = {path.removeprefix("package/"): made.read(path) for path in made.paths() if path.startswith("package/")}
    assert kept == {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
    assert all(made.size(path) == len(made.read(path)) for path in made.paths())


def test_a_lesson_says_what_is_played_in_it() -> None:
    inner = "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>a: `b`\n```\nc</adlcp:datafromlms>"
    assert fence_of(imported(scorm_12(("one.html", PAGE), inner=inner)), "01-item-1.md") == {
        "standard": "scorm-1.2", "item": "I1", "launch": "package/one.html", "mastery": "80",
        "parameters": "a: `b`\n```\nc",
    }  # fmt: skip


def test_a_lesson_of_cmi5_says_when_one_moves_on() -> None:
    made = imported(cmi5(("index.html?a=1", PAGE), moveOn="Passed", masteryScore="0.80", launchMethod="OwnWindow"))
    assert fence_of(made, "01-unit-1.md") == {
        "standard": "cmi5", "item": "https://example.org/units/1", "launch": "package/index.html?a=1",
        "mastery": "0.80", "move_on": "Passed", "window": "own",
    }  # fmt: skip


def test_every_standard_is_read_by_the_catalogue() -> None:
    inner = "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:maxtimeallowed>01:00:00</adlcp:maxtimeallowed>"
    limits = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>'
    for files in (
        scorm_12(("a.html", PAGE), inner=inner),
        scorm_2004(("my page.html", PAGE), inner=limits),
        cmi5(("a.html?x=1#y", PAGE), launchMethod="OwnWindow"),
    ):
        assert len(read_course(imported(files)).lessons) == 1


def test_a_folder_that_was_packed_as_a_whole_is_taken_too() -> None:
    files = {f"My course/{name}": data for name, data in scorm_12(("one.html", PAGE)).items()}
    assert "package/one.html" in imported(files).paths()


def test_hidden_files_are_named_as_left_out() -> None:
    made = imported(scorm_12(("one.html", PAGE)) | {".htaccess": b"x", "sub/.git/config": b"x"})
    assert not [path for path in made.paths() if "/." in path]
    assert len(made.left_out) == 2


def test_titles_become_addresses_that_are_each_there_once() -> None:
    files = scorm_12(*((f"{number}.html", PAGE) for number in range(4)))
    manifest = str(files["imsmanifest.xml"])
    for number, title in enumerate(("Assessment", "安全第一", "安全第一", "???"), start=1):
        manifest = manifest.replace(f"<title>Item {number}</title>", f"<title>{title}</title>")
    names = imported(files | {"imsmanifest.xml": manifest}).paths()
    lessons = [name for name in names if name.endswith(".md")]
    assert lessons == ["01-assessment-2.md", "02-anquandiyi.md", "03-anquandiyi-2.md", "04-lesson.md"]


def test_links_and_downloads_of_a_cartridge_become_lessons() -> None:
    files = {name: data for name, data in cartridge().items() if name not in ("quiz.xml", "bank.xml")}
    made = imported(files)
    assert b"[Item 2](<https://example.org/a?b=1>)" in made.read("02-item-2.md")
    assert b"[Item 5](<files/guide.pdf>)" in made.read("03-item-5.md")
    assert len(read_course(made).lessons) == 3


def test_a_title_that_is_markdown_is_shown_as_it_is() -> None:
    files = {name: data for name, data in cartridge().items() if name not in ("quiz.xml", "bank.xml")}
    manifest = str(files["imsmanifest.xml"]).replace("<title>Item 2</title>", "<title>a](javascript:x) *b* `c`</title>")
    lesson = imported(files | {"imsmanifest.xml": manifest}).read("02-a-javascript-x-b-c.md").decode()
    assert r"[a\](javascript:x) \*b\* \`c\`](<https://example.org/a?b=1>)" in lesson


def test_what_only_the_importer_knows_is_taken_from_them() -> None:
    about = replace(ABOUT, title="My title", level="advanced", language="cy", position=7)
    course = read_course(imported(scorm_12(("one.html", PAGE)), about))
    assert (course.title, course.level, course.language, course.position) == ("My title", "advanced", "cy", 7)


@pytest.mark.parametrize(
    ("pages", "minutes", "says"), [(0, 30, "Nothing in this package"), (100, 1000, "at most 99"), (3, 2, "too few")]
)
def test_a_course_that_cannot_be_is_refused(pages: int, minutes: int, says: str) -> None:
    files = scorm_12(*((f"{number}.html", PAGE) for number in range(pages)))
    with pytest.raises(PackageRefusedError, match=says):
        imported(files, replace(ABOUT, minutes=minutes))


def test_importing_twice_is_the_same_course() -> None:
    files = scorm_12(("one.html", PAGE))
    first, second = read_course(imported(files)), read_course(imported(files))
    assert first.checksum == second.checksum
    assert packed(files) != b""
