import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from courses.authoring.models import Draft, DraftFiles, Revision
from courses.authoring.operations import (
    DraftRefusedError,
    EditedMeanwhileError,
    FileRefusedError,
    add_text,
    import_files,
    new_course,
    open_draft,
    put_file,
    remove_file,
    rename_file,
    save_text,
    withdraw,
)
from courses.authoring.reading import Reading, changes, missed
from courses.catalogue.folders import FilesInMemory
from courses.catalogue.models import Blob
from tests.factories import NOW, CourseFactory, PartnerFactory, ProgramFactory
from tests.test_authoring.world import FILES, PNG, World, number_of, text_in, write


def content(draft: Draft) -> dict[str, bytes]:
    files = DraftFiles(draft)
    return {path: files.read(path) for path in files.paths()}


def test_a_draft_of_a_course_has_its_files_byte_for_byte(world: World) -> None:
    assert content(world.draft()) == FILES


def test_opening_a_draft_twice_is_opening_it_once(world: World) -> None:
    draft = world.draft()
    assert open_draft(world.course(), world.ben, at=NOW) == draft


def test_a_new_course_reads_without_fault(world: World) -> None:
    reading = Reading.of(world.new())
    assert reading.faults == []
    assert reading.course is not None
    assert reading.course.title == "New: things"


def test_a_new_course_cannot_have_the_code_of_another(world: World) -> None:
    world.course()
    with pytest.raises(DraftRefusedError, match="already"):
        new_course(
            world.program, world.ana, code="first", title="x", language="en", level="beginner", minutes=9, tags=["a"],
            at=NOW,
        )  # fmt: skip


def test_two_drafts_of_one_code_are_refused(world: World) -> None:
    draft = world.new()
    with pytest.raises(DraftRefusedError, match="already"):
        world.new()
    withdraw(draft, by=world.ana, at=NOW)
    assert world.new() != draft


def test_a_course_of_a_partner_has_no_draft(world: World) -> None:
    theirs = CourseFactory.create(program=world.program, partner=PartnerFactory.create(program=world.program))
    with pytest.raises(DraftRefusedError, match="not kept here"):
        open_draft(theirs, world.ana, at=NOW)
    with pytest.raises(DraftRefusedError, match="partner"):
        import_files(world.program, world.ana, FilesInMemory("x", FILES), code=theirs.code, title="x", at=NOW)


def test_saving_keeps_every_revision(world: World) -> None:
    draft = world.draft()
    save_text(draft, "01-one.md", "a", seen=0, by=world.ana, at=NOW)
    save_text(draft, "01-one.md", "b\r\n", seen=1, by=world.ben, at=NOW)
    revisions = Revision.objects.filter(draft=draft, path="01-one.md").order_by("number")
    assert [(one.number, one.by) for one in revisions] == [(0, None), (1, world.ana), (2, world.ben)]
    assert text_in(draft, "01-one.md") == "b\n"


def test_saving_over_a_newer_revision_is_refused_and_loses_nothing(world: World) -> None:
    draft = world.draft()
    save_text(draft, "01-one.md", "Ana's", seen=0, by=world.ana, at=NOW)
    with pytest.raises(EditedMeanwhileError) as refused:
        save_text(draft, "01-one.md", "Ben's", seen=0, by=world.ben, at=NOW)
    assert refused.value.theirs.text == "Ana's"
    assert text_in(draft, "01-one.md") == "Ana's"
    save_text(draft, "01-one.md", "both", seen=refused.value.theirs.number, by=world.ben, at=NOW)
    assert text_in(draft, "01-one.md") == "both"


def test_saving_the_same_text_again_adds_no_revision(world: World) -> None:
    draft = world.draft()
    for _ in range(2):
        save_text(draft, "01-one.md", "a", seen=0, by=world.ana, at=NOW)
    assert number_of(draft, "01-one.md") == 1


def test_line_ends_of_a_file_stay_as_they_are(world: World) -> None:
    draft = world.draft()
    save_text(draft, "README.md", "For authors.\nAnd more.\n", seen=0, by=world.ana, at=NOW)
    assert text_in(draft, "README.md") == "For authors.\r\nAnd more.\r\n"
    assert save_text(draft, "README.md", "For authors.\r\nAnd more.\r\n", seen=0, by=world.ben, at=NOW).by == world.ana


def test_a_large_file_is_kept_once_whoever_brings_it(world: World) -> None:
    draft, film = world.draft(), b"....ftyp" + bytes(range(256)) * 8_000
    for path in ("videos/a.mp4", "videos/b.mp4"):
        put_file(draft, path, film, by=world.ana, at=NOW)
    assert [DraftFiles(draft).read(path) == film for path in ("videos/a.mp4", "videos/b.mp4")] == [True, True]
    assert Blob.objects.filter(size=len(film)).count() == 1


def test_a_removed_file_comes_back_as_a_later_revision(world: World) -> None:
    draft = world.draft()
    remove_file(draft, "01-one.md", seen=0, by=world.ana, at=NOW)
    assert "01-one.md" not in DraftFiles(draft).paths()
    add_text(draft, "01-one.md", "again", by=world.ana, at=NOW)
    assert number_of(draft, "01-one.md") == 2
    with pytest.raises(FileRefusedError, match="already"):
        add_text(draft, "01-one.md", "again", by=world.ana, at=NOW)


def test_renaming_keeps_the_text_and_refuses_a_name_that_is_taken(world: World) -> None:
    draft = world.draft()
    rename_file(draft, "02-two.md", "03-two.md", seen=0, by=world.ana, at=NOW)
    assert text_in(draft, "03-two.md") == FILES["02-two.md"].decode()
    with pytest.raises(FileRefusedError, match="name"):
        rename_file(draft, "03-two.md", "01-one.md", seen=1, by=world.ana, at=NOW)
    with pytest.raises(FileRefusedError, match="end like"):
        rename_file(draft, "03-two.md", "pictures/two.png", seen=1, by=world.ana, at=NOW)


@pytest.mark.parametrize(
    "path",
    ["../01-one.md", "/01-one.md", "pictures/../../x.png", "one.md", "a.exe", "pictures/a\0.png", "pictures/a.html",
     "pictures//x.png", "pictures/a\\b.png", f"pictures/{'a' * 300}.png", ".hidden/course.yaml", "pictures/.a.png",
     "hi/pictures/..png", ""],
)  # fmt: skip
def test_a_path_that_belongs_to_no_course_is_refused(world: World, path: str) -> None:
    draft = world.draft()
    with pytest.raises(FileRefusedError):
        put_file(draft, path, PNG, by=world.ana, at=NOW)
    with pytest.raises(FileRefusedError):
        add_text(draft, path, "x", by=world.ana, at=NOW)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("pictures/a.png", b"<html><script>alert(1)</script>"),
        ("pictures/a.jpg", PNG),
        ("pictures/a.svg", b"<html><svg></svg></html>"),
        ("videos/a.mp4", b"MZ\x90"),
        ("files/a.pdf", b"<script>"),
        ("videos/a.vtt", b"1\n00:00"),
        ("videos/b.vtt", b"WEBVTT\n\xff"),
        ("pictures/big.png", PNG + b"\0" * 5_000_000),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(world: World, path: str, data: bytes) -> None:
    draft, before = world.draft(), Blob.objects.count()
    with pytest.raises(FileRefusedError):
        put_file(draft, path, data, by=world.ana, at=NOW)
    assert Blob.objects.count() == before


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("pictures/a.svg", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<svg xmlns="x"></svg>'),
        ("pictures/A.PNG", PNG),
        ("hi/pictures/desk.png", PNG),
        ("videos/a.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"),
        ("files/a.txt", b"anything"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(world: World, path: str, data: bytes) -> None:
    draft = world.draft()
    put_file(draft, path, data, by=world.ana, at=NOW)
    assert DraftFiles(draft).read(path) == data


@pytest.mark.parametrize("text", ["a\0b", "é" * 250_001])
def test_a_text_with_nul_or_too_long_a_text_is_refused(world: World, text: str) -> None:
    with pytest.raises(FileRefusedError, match="NUL"):
        save_text(world.draft(), "01-one.md", text, seen=0, by=world.ana, at=NOW)


def test_revisions_are_never_rewritten(world: World) -> None:
    draft = world.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(draft=draft).update(text="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(draft=draft).delete()


def test_changes_are_named_by_file_and_line(world: World) -> None:
    draft = world.draft()
    write(draft, "01-one.md", FILES["01-one.md"].decode().replace("Some", "More"), world.ana)
    remove_file(draft, "pictures/desk.png", seen=0, by=world.ana, at=NOW)
    add_text(draft, "03-three.md", "new\n", by=world.ana, at=NOW)
    found = {change.path: change for change in changes(draft)}
    assert {path: change.kind for path, change in found.items()} == {
        "01-one.md": "changed", "03-three.md": "new", "pictures/desk.png": "removed",
    }  # fmt: skip
    assert ("+", "More *text*, [then two](02-two.md).") in found["01-one.md"].lines
    assert found["03-three.md"].lines == [("+", "new")]


def test_an_import_over_a_course_differs_only_where_it_differs(world: World) -> None:
    world.course()
    files = FilesInMemory("first", {**FILES, "README.md": b"Other."})
    draft = import_files(world.program, world.ana, files, code="first", title="First", at=NOW)
    assert [(change.path, change.kind) for change in changes(draft)] == [("README.md", "changed")]


def test_a_draft_says_what_a_newer_version_has_changed(world: World) -> None:
    draft = world.draft()
    assert missed(draft) == []
    world.course({**FILES, "02-two.md": FILES["02-two.md"] + b"\nMore.\n"})
    assert Draft.objects.get(pk=draft.pk).is_outdated
    assert missed(draft) == ["02-two.md"]


def test_more_files_than_a_course_may_have_are_refused(world: World) -> None:
    many = FilesInMemory("first", {f"files/{number}.txt": b"" for number in range(20_001)})
    with pytest.raises(DraftRefusedError, match="20000"):
        import_files(world.program, world.ana, many, code="first", title="First", at=NOW)
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_the_program_of_its_course(world: World) -> None:
    draft, other = world.draft(), ProgramFactory.create()
    Draft.objects.filter(pk=draft.pk).update(program=other)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
