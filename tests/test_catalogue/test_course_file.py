from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.folders import FolderFiles, read_course
from courses.catalogue.models import CourseFile
from courses.catalogue.operations import publish_course
from courses.catalogue.ranges import asked_range
from tests.factories import NOW, ProgramFactory

pytestmark = pytest.mark.django_db
VIDEO = bytes(range(256)) * 4096


@pytest.fixture
def program(folder: Path) -> str:
    for place, data in (("videos/a.mp4", VIDEO), ("pictures/a.svg", b"<svg/>"), ("files/a.pdf", b"%PDF")):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(data)
    program = ProgramFactory.create()
    publish_course(program, read_course(FolderFiles(folder)), FolderFiles(folder), at=NOW)
    return program.code


def address(program: str, path: str) -> str:
    file = CourseFile.objects.select_related("blob").get(path=path)
    return reverse("course-file", args=[program, file.blob.sha256, path.rsplit("/", 1)[-1]])


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_file_is_served_whole_and_kept_for_ever(program: str) -> None:
    response = Client().get(address(program, "videos/a.mp4"))
    assert (response.status_code, response["Content-Type"], body(response)) == (200, "video/mp4", VIDEO)
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("bytes=0-9", 0, 10), ("bytes=-10", len(VIDEO) - 10, None), ("bytes=300000-", 300000, None)],
)
def test_a_range_is_served_as_asked(program: str, asked: str, first: int, end: int | None) -> None:
    response = Client().get(address(program, "videos/a.mp4"), headers={"Range": asked})
    assert (response.status_code, body(response)) == (206, VIDEO[first:end])
    assert response["Content-Range"] == f"bytes {first}-{(end or len(VIDEO)) - 1}/{len(VIDEO)}"


def test_a_range_beyond_the_end_is_refused(program: str) -> None:
    response = Client().get(address(program, "videos/a.mp4"), headers={"Range": f"bytes={len(VIDEO)}-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(VIDEO)}")


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-2", "items=0-1", "bytes=0-1,5-6", "bytes=x-"])
def test_what_is_no_single_range_means_the_whole(header: str) -> None:
    assert asked_range(header, 10) is None


def test_a_file_that_the_browser_has_is_not_sent_again(program: str) -> None:
    path = address(program, "pictures/a.svg")
    etag = Client().get(path)["ETag"]
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_picture_cannot_run_scripts_and_a_download_is_never_shown(program: str) -> None:
    assert "sandbox" in Client().get(address(program, "pictures/a.svg"))["Content-Security-Policy"]
    assert Client().get(address(program, "files/a.pdf"))["Content-Disposition"] == "attachment"


@pytest.mark.parametrize("path", ["course.yaml", "01-one.md", "assessment.yaml"])
def test_the_texts_of_a_course_are_not_served(program: str, path: str) -> None:
    assert Client().get(address(program, path)).status_code == 404


def test_a_file_of_another_program_is_not_found(program: str) -> None:
    path = address(program, "pictures/a.svg").replace(program, ProgramFactory.create().code)
    assert Client().get(path).status_code == 404
