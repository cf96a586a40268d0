"""The files of packages as browsers get them."""

import gzip
from typing import Any

import pytest

from courses.packages.models import Launch
from tests.test_packages.making import PAGE, scorm_12
from tests.test_packages.world import Player, Visitor, player

pytestmark = pytest.mark.django_db
VIDEO = bytes(range(256)) * 12_000  # 3 MB


@pytest.fixture
def who() -> Player:
    pages: dict[str, bytes | str] = {"tour.mp4": VIDEO, "my page.html": PAGE, "guide.pdf": b"%PDF", "empty.txt": b""}
    return player(
        scorm_12(("index.html", PAGE))
        | pages
        | {"web_resources/a b.png": b"png", "old.htm": b"\xe9", "cafe\u0301.txt": b"au lait"}
    )


@pytest.fixture
def visitor(who: Player) -> Visitor:
    launch, token = who.open()
    Launch.objects.filter(pk=launch.pk).update(expires_at="2999-01-01T00:00:00Z")
    return Visitor(token)


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def test_files_are_served_with_their_types_and_html_keeps_its_own_encoding(visitor: Visitor) -> None:
    page = visitor.get("content/index.html")
    assert (page.content, page.headers["Content-Type"]) == (PAGE, "text/html")
    assert visitor.get("content/old.htm").content == b"\xe9"
    assert visitor.get("content/my%20page.html").status_code == 200
    assert visitor.get("content/tour.mp4").headers["Content-Type"] == "video/mp4"
    assert visitor.get("content/empty.txt").content == b""


@pytest.mark.parametrize("said", ["cafe%CC%81.txt", "caf%C3%A9.txt"])
def test_a_file_is_found_however_its_accents_are_written(visitor: Visitor, said: str) -> None:
    assert visitor.get(f"content/{said}").content == b"au lait"


def test_documents_are_downloads_because_no_sandbox_shows_them(visitor: Visitor) -> None:
    assert visitor.get("content/guide.pdf").headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    ["nothing.html", "../course.yaml", "%2e%2e/course.yaml", "course.yaml", "01-item-1.md", "", "a%00b", "INDEX.HTML"],
)
def test_only_files_of_the_package_are_served(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"content/{path}").status_code == 404


def test_files_of_a_cartridge_are_found_through_its_file_base(visitor: Visitor) -> None:
    address = "content/wiki/%24IMS-CC-FILEBASE%24/a%20b.png?canvas_download=1"
    assert visitor.get(address).content == b"png"
    assert visitor.get("content/%24IMS-CC-FILEBASE%24/../web_resources/a%20b.png").content == b"png"


def test_a_video_is_served_whole_and_in_stretches(visitor: Visitor) -> None:
    whole = visitor.get("content/tour.mp4")
    assert (whole.status_code, body(whole)) == (200, VIDEO)
    part = visitor.get("content/tour.mp4", range="bytes=1000-2999")
    assert (part.status_code, part.content) == (206, VIDEO[1000:3000])
    assert part.headers["Content-Range"] == f"bytes 1000-2999/{len(VIDEO)}"
    rest = visitor.get("content/tour.mp4", range="bytes=100-")
    assert (rest.status_code, body(rest)) == (206, VIDEO[100:])
    assert visitor.get("content/tour.mp4", range="bytes=-10").content == VIDEO[-10:]
    assert visitor.get("content/tour.mp4", range="bytes=99999999-").status_code == 416


def test_a_file_that_the_browser_has_is_not_sent_again(visitor: Visitor) -> None:
    etag = visitor.get("content/index.html").headers["ETag"]
    again = visitor.get("content/index.html", if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    other = visitor.get("content/tour.mp4", range="bytes=0-9", if_range='"another"')
    assert other.status_code == 200


def test_texts_are_packed_for_who_takes_them_so(visitor: Visitor, who: Player) -> None:
    script = b"// a library\n" * 10_000
    other = player(scorm_12(("index.html", PAGE)) | {"library.js": script, "tour.mp4": VIDEO})
    _, token = other.open()
    Launch.objects.update(expires_at="2999-01-01T00:00:00Z")
    browser = Visitor(token)
    packed = browser.get("content/library.js", accept_encoding="gzip, br")
    assert gzip.decompress(packed.content) == script
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(packed.content) == int(packed.headers["Content-Length"]) < 10_000
    assert browser.get("content/library.js", if_none_match=packed.headers["ETag"]).status_code == 304
    assert browser.get("content/library.js").content == script
    assert browser.get("content/library.js", accept_encoding="gzip", range="bytes=0-9").content == script[:10]
    assert "Content-Encoding" not in browser.get("content/tour.mp4", accept_encoding="gzip").headers


def test_asking_for_the_head_of_a_file_sends_no_content(visitor: Visitor) -> None:
    response = visitor.client.head(f"{visitor.base}content/tour.mp4")
    assert (response.content, response.headers["Content-Length"]) == (b"", str(len(VIDEO)))


def test_a_file_is_served_with_three_queries(visitor: Visitor, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        visitor.get("content/index.html")
