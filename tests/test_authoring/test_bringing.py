"""Archives: folders of courses and packages, friendly and hostile."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.authoring.models import Draft, DraftFiles
from courses.authoring.operations import open_draft, withdraw
from courses.authoring.reading import Reading
from courses.catalogue.folders.files import LONGEST_TEXT
from courses.catalogue.models import Blob
from tests.factories import NOW
from tests.test_authoring.world import FILES, World, zipped

SCORM = b"""<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
 <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
 <organizations default="o"><organization identifier="o"><title>Safety</title>
  <item identifier="i" identifierref="r"><title>Part one</title></item></organization></organizations>
 <resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html">
  <file href="index.html"/></resource></resources>
</manifest>"""
PACKAGE = {"imsmanifest.xml": SCORM, "index.html": b"<html></html>"}
BOMB = "".join(f"a{n}: &a{n} [{', '.join(['*a' + str(n - 1)] * 9) if n else 'x'}]\n" for n in range(9)) + "code: *a8\n"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bring(world: World, files: dict[str, bytes], **said: object) -> str:
    """Sends the archive; answers the page, or what came of it."""
    fields = {"import": 1, "import-archive": zipped(files), **{f"import-{name}": value for name, value in said.items()}}
    return world.browser(world.ana).post(world.path("drafts"), fields, follow=True).content.decode()


def exported(world: World, path: str) -> bytes:
    return b"".join(world.browser(world.ana).get(path).streaming_content)  # type: ignore[attr-defined]


def test_the_import_of_an_export_is_the_course_byte_for_byte(world: World) -> None:
    world.course()
    archive = exported(world, world.path("course-export", "first"))
    assert unpacked(archive) == {f"first/{path}": data for path, data in FILES.items()}
    upload = SimpleUploadedFile("whatever.zip", archive)
    world.browser(world.ana).post(world.path("drafts"), {"import": 1, "import-archive": upload})
    draft = Draft.objects.get()
    assert {path: DraftFiles(draft).read(path) for path in DraftFiles(draft).paths()} == FILES
    assert exported(world, world.path("draft-export", draft.pk)) == archive


def test_texts_that_are_no_utf_8_and_line_ends_survive_the_round_trip(world: World) -> None:
    odd = {
        **FILES,
        "02-two.md": b"\xef\xbb\xbf---\r\ntitle: Two\r\n",
        "videos/a.vtt": b"WEBVTT\n\xff",
        "odd.bin": b"\0",
    }
    bring(world, odd)
    draft = Draft.objects.get()
    archive = exported(world, world.path("draft-export", draft.pk))
    assert unpacked(archive) == {f"first/{path}": data for path, data in odd.items()}


def test_hidden_files_are_left_aside(world: World) -> None:
    bring(world, {**FILES, ".git/config": b"x"})
    assert set(DraftFiles(Draft.objects.get()).paths()) == set(FILES)


def test_what_is_no_part_of_a_course_is_named_as_a_fault(world: World) -> None:
    html = bring(world, {**FILES, "setup.exe": b"MZ"})
    assert "first/setup.exe: is not part of a course" in html


def test_importing_over_a_draft_is_refused(world: World) -> None:
    bring(world, FILES)
    assert "already" in bring(world, FILES)
    withdraw(Draft.objects.get(), by=world.ana, at=NOW)
    bring(world, FILES)
    assert Draft.objects.count() == 2


def test_a_package_becomes_a_draft_that_reads_without_fault(world: World) -> None:
    html = bring(world, PACKAGE, code="safety-at-work", language="hi", minutes=45, tags="safety, skills")
    draft = Draft.objects.get()
    course = Reading.of(draft).course
    assert course is not None
    assert "package/index.html" in DraftFiles(draft).paths()
    assert (draft.title, 'id="faults"' in html) == ("Safety", False)
    assert (course.code, course.language, course.minutes) == ("safety-at-work", "hi", 45)
    assert sorted(course.tags) == ["safety", "skills"]


@pytest.mark.parametrize("missing", ["language", "minutes", "tags"])
def test_a_package_is_asked_for_what_it_does_not_say_and_what_was_said_stays(world: World, missing: str) -> None:
    said: dict[str, object] = {"code": "safety-at-work", "language": "hi", "minutes": 45, "tags": "safety", missing: ""}
    html = bring(world, PACKAGE, **said)
    assert "This is a package" in html
    assert 'value="safety-at-work"' in html
    assert not Draft.objects.exists()


def test_a_tag_of_a_package_that_is_none_is_said_beside_the_field(world: World) -> None:
    assert "id_import-tags_error" in bring(world, PACKAGE, language="en", minutes=9, tags="Not A Tag!")


def test_a_draft_begins_with_everything_that_was_published_last(world: World) -> None:
    """Also what makes no difference to learners: a title, a comment, the text for authors."""
    world.course()
    later = {**FILES, "README.md": b"Read me.\n", "course.yaml": FILES["course.yaml"].replace(b"First", b"Better")}
    course = world.course(later)
    draft = open_draft(course, world.ana, at=NOW)
    assert {path: DraftFiles(draft).read(path) for path in DraftFiles(draft).paths()} == later
    archive = exported(world, world.path("course-export", "first"))
    assert unpacked(archive) == {f"first/{path}": data for path, data in later.items()}


@pytest.mark.parametrize(
    "files",
    [
        {"course.yaml": b"code: [1"},
        {"course.yaml": b"code: Big Letters\ntitle: x\n"},
        {"course.yaml": b"title: x\n"},
        {"course.yaml": BOMB.encode()},
        {"course.yaml": b"code: first\ntitle: x\n" + b"#" * LONGEST_TEXT},
        {"course.yaml": b"code: a\0b\ntitle: x\n"},
        {"course.yaml": b'code: first\ntitle: "a\\0b"\n'},
        {"course.yaml": b'code: first\ntitle: "a\\ud800b"\n'},
        {"course.yaml": b'code: first\ntitle: !!bool ""\n'},
        {**FILES, "../../etc/passwd": b"x"},
        {**FILES, "/etc/passwd": b"x"},
        {**FILES, "01-ONE.md": b"x"},
        {**FILES, "01-one.md": b"x" * (LONGEST_TEXT + 1)},
        {**FILES, "pictures/big.png": b"\0" * 5_000_001},
        {**FILES, "files/bomb.zip": b"\0" * 40_000_000},
        {"nothing.txt": b"x"},
        {},
    ],
    ids=["no-yaml", "code", "no-code", "yaml-bomb", "long-yaml", "nul", "nul-in-yaml",
         "half-a-character", "tag", "traversal", "absolute", "twins", "long-lesson",
         "picture", "zip-bomb", "no-course", "empty"],
)  # fmt: skip
def test_a_hostile_or_broken_archive_changes_nothing(world: World, files: dict[str, bytes]) -> None:
    response = world.browser(world.ana).post(world.path("drafts"), {"import": 1, "import-archive": zipped(files)})
    assert response.status_code == 422
    assert (Draft.objects.count(), Blob.objects.count()) == (0, 0)
    assert 'class="message' in response.content.decode() or "error" in response.content.decode()


def test_what_is_no_archive_is_refused_with_a_reason(world: World) -> None:
    upload = SimpleUploadedFile("a.zip", b"no archive")
    response = world.browser(world.ana).post(world.path("drafts"), {"import": 1, "import-archive": upload})
    assert response.status_code == 422
    assert "no zip archive" in response.content.decode()
