import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from courses.catalogue.archives import Archive, ArchiveRefusedError, Limits, read_archive

SMALL = Limits(packed=1_000_000, unpacked=2_000_000, file=500_000, files=50)


def packed(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


def entry(name: str = "a.txt", **attributes: object) -> bytes:
    """An archive of one entry with the attributes of zipfile.ZipInfo."""
    made, info = io.BytesIO(), zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(info, b"" if name.endswith("/") else b"text")
    return made.getvalue()


def opened(data: bytes, limits: Limits = SMALL) -> Archive:
    return read_archive(io.BytesIO(data), limits)


def with_name(name: bytes, *, flags: int = 0) -> bytes:
    """An archive whose one file has these bytes as its name, which no tool would write."""
    stand_in = "x" * len(name)
    data = packed({stand_in: b"text"}).replace(stand_in.encode(), name)
    at = data.rindex(b"PK\x01\x02")
    data = data[: at + 8] + struct.pack("<H", flags) + data[at + 10 :]
    return data[:6] + struct.pack("<H", flags) + data[8:]


def test_names_sizes_and_content_of_an_archive_are_read() -> None:
    with opened(packed({"imsmanifest.xml": b"<manifest/>", "pages/one.html": b"One"})) as archive:
        assert archive.names == ("imsmanifest.xml", "pages/one.html")
        assert archive.size_of("pages/one.html") == 3
        assert archive.read("pages/one.html") == b"One"
        assert "pages" not in archive


def test_an_archive_on_a_disk_is_closed_with_it(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed({"a": b"b"}))
    with read_archive(path, SMALL) as archive:
        assert archive.read("a") == b"b"
    path.write_bytes(b"no archive")
    with pytest.raises(ArchiveRefusedError, match="no zip archive"):
        read_archive(path, SMALL)


def test_folders_are_no_files_and_empty_ones_do_no_harm() -> None:
    data = packed({"pages/": b"", "pages/one.html": b"One", "empty/": b""})
    assert opened(data).names == ("pages/one.html",)


def test_what_macos_adds_is_left_out() -> None:
    data = packed({"course/a.html": b"a", "__MACOSX/course/._a.html": b"x", "course/.DS_Store": b"x"})
    assert opened(data).without_single_folder().names == ("a.html",)


def test_a_packed_folder_is_seen_from_within() -> None:
    inside = opened(packed({"course/course.yaml": b"code: a", "course/pictures/a.png": b"p"})).without_single_folder()
    assert inside.names == ("course.yaml", "pictures/a.png")
    assert inside.read("course.yaml") == b"code: a"


@pytest.mark.parametrize("names", [("a/x", "b/y"), ("a/x", "y")])
def test_what_is_not_one_folder_stays_as_it_is(names: tuple[str, ...]) -> None:
    assert opened(packed(dict.fromkeys(names, b""))).without_single_folder().names == names


@pytest.mark.parametrize(
    "name",
    [
        "../evil.html", "a/../../evil", "/etc/passwd", "C:/evil", "c:evil", "a//b", "./a", "a/./b", "..", "a/..",
        "..\\evil", "a\\..\\..\\evil", "\\evil", "\\\\share\\x",
        "c:\\evil", "a\\\\b", "line\nbreak", "tab\t", "a\x7f", "para\u2029graph", "x/" * 31 + "y", "x" * 256,
        "y/" + "長" * 90, "/".join(["x" * 100] * 4 + ["y"]), "//share/x", "",
    ],
)  # fmt: skip
def test_a_name_that_is_no_plain_relative_path_is_refused(name: str) -> None:
    with pytest.raises(ArchiveRefusedError):
        opened(packed({name: b"text"}))


def test_a_name_with_nul_is_refused() -> None:
    with pytest.raises(ArchiveRefusedError, match="control character"):
        opened(with_name(b"a.html\0.png"))


def test_names_are_read_in_the_encoding_that_they_are_in() -> None:
    said = opened(packed({"पाठ/एक.html": b"1", "课程.html": b"2", "Übung 1.html": b"3"}))
    assert said.names == ("पाठ/एक.html", "课程.html", "Übung 1.html")
    assert opened(with_name("课程.html".encode())).names == ("课程.html",)
    assert opened(with_name("Übung.html".encode("cp437"))).names == ("Übung.html",)


def test_backslashes_of_windows_separate_folders() -> None:
    with opened(packed({"pages\\": b"", "pages\\one.html": b"One", "pages\\more\\two.html": b"Two"})) as archive:
        assert archive.names == ("pages/one.html", "pages/more/two.html")
        assert archive.read("pages/more/two.html") == b"Two"
    with pytest.raises(ArchiveRefusedError, match="Rename"):
        opened(packed({"a\\b": b"1", "a/b": b"2"}))


def test_accents_are_read_in_one_form() -> None:
    with opened(packed({"cafe\u0301.html": b"1"})) as archive:
        assert archive.names == ("caf\u00e9.html",)
        assert archive.read("caf\u00e9.html") == b"1"


def test_a_name_that_says_utf_8_and_is_none_is_refused() -> None:
    with pytest.raises(ArchiveRefusedError):
        opened(with_name(b"\xff\xfe.html", flags=0x800))


@pytest.mark.parametrize(
    "names",
    [
        ("Index.html", "index.html"), ("a", "a/b"), ("Pages/x", "pages"), ("caf\u00e9", "cafe\u0301"),
        ("stra\u00dfe", "strasse"),
    ],
)  # fmt: skip
def test_names_that_meet_each_other_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ArchiveRefusedError, match="Rename"):
        opened(packed(dict.fromkeys(names, b"")))


def test_a_name_twice_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("index.html", b"what a scanner sees")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("index.html", b"what a browser gets")
    with pytest.raises(ArchiveRefusedError, match="Rename"):
        opened(made.getvalue())


@pytest.mark.parametrize(
    ("kind", "says"), [(0o120777, "link"), (0o020666, "device"), (0o060666, "device"), (0o010666, "device")]
)
def test_links_and_devices_are_refused(kind: int, says: str) -> None:
    with pytest.raises(ArchiveRefusedError, match=says):
        opened(entry(external_attr=kind << 16))


def test_a_folder_with_content_is_refused() -> None:
    with pytest.raises(ArchiveRefusedError, match="content of its own"):
        opened(with_name(b"folder/"))


def test_an_encrypted_file_is_refused() -> None:
    with pytest.raises(ArchiveRefusedError, match="encrypted"):
        opened(with_name(b"a.txt", flags=1))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused_because_they_unpack_without_bounds(method: int) -> None:
    with pytest.raises(ArchiveRefusedError, match="unusual"):
        opened(packed({"a": b"a" * 1000}, compression=method))


def test_too_many_and_too_large_files_are_refused() -> None:
    with pytest.raises(ArchiveRefusedError, match="51 files, 50 are allowed"):
        opened(packed({str(n): b"" for n in range(51)}))
    with pytest.raises(ArchiveRefusedError, match="500,001 bytes"):
        opened(packed({"a": b"a" * 500_001}))
    with pytest.raises(ArchiveRefusedError, match="unpacks to 2,500,000"):
        opened(packed({str(n): b"a" * 500_000 for n in range(5)}))


def test_a_bomb_is_refused_by_its_ratio() -> None:
    zeros = packed({"a": b"\0" * 20_000_000})
    with pytest.raises(ArchiveRefusedError, match="more than 200 times"):
        read_archive(io.BytesIO(zeros))


def test_ten_gigabytes_are_refused_by_their_size_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(ArchiveRefusedError, match="10,000,000,000 bytes"):
        read_archive(path)


def test_a_directory_of_a_million_files_is_refused_before_it_is_read() -> None:
    directory = (b"PK\x01\x02" + b"\0" * 42) * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    data = io.BytesIO(directory + end)
    tracemalloc.start()
    with pytest.raises(ArchiveRefusedError, match="too many files"):
        read_archive(data)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def overlapping() -> bytes:
    """Two entries of the directory that lead to one file."""
    data = packed({"a.txt": b"a" * 1000, "b.txt": b"b"})
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    return data[: at + 42] + struct.pack("<L", 0) + data[at + 46 :]


def test_files_that_overlap_are_refused() -> None:
    with pytest.raises(ArchiveRefusedError, match="one over the other"):
        opened(overlapping())


def with_claimed_size(size: int) -> bytes:
    """An archive whose directory says another unpacked size than its file of 1,000 bytes has."""
    data = packed({"a.txt": b"a" * 1000})
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


@pytest.mark.parametrize("size", [10, 999, 1001, 400_000])
def test_a_file_that_is_not_as_long_as_said_is_refused_while_it_is_read(size: int) -> None:
    with opened(with_claimed_size(size)) as archive, pytest.raises(ArchiveRefusedError, match=r"a\.txt"):
        archive.read("a.txt")


def test_a_zip64_size_of_exabytes_is_refused() -> None:
    data = bytearray(packed({"a.txt": b"a" * 1000}))
    at = data.rindex(b"PK\x01\x02")
    extra = struct.pack("<HHQ", 1, 8, 2**63)
    data[at + 24 : at + 28], data[at + 30 : at + 32] = b"\xff" * 4, struct.pack("<H", len(extra))
    data[at + 46 + 5 : at + 46 + 5] = extra
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<L", end - at)
    with pytest.raises(ArchiveRefusedError, match="9,223,372,036,854,775,808"):
        opened(bytes(data))


def test_damaged_content_is_refused_while_it_is_read() -> None:
    data = bytearray(packed({"a.txt": bytes(range(256)) * 4}))
    data[60] ^= 0xFF
    with opened(bytes(data)) as archive, pytest.raises(ArchiveRefusedError, match="damaged"):
        archive.read("a.txt")


def test_a_file_larger_than_asked_is_not_unpacked() -> None:
    with opened(packed({"a.txt": b"a" * 1000})) as archive, pytest.raises(ArchiveRefusedError, match="999 are allowed"):
        archive.read("a.txt", most=999)


def test_a_file_that_there_is_not_is_told() -> None:
    with opened(packed({"a.txt": b"a"})) as archive, pytest.raises(KeyError):
        archive.open("b.txt")


def test_an_archive_within_an_archive_is_a_file() -> None:
    inner = packed({"bomb": b"\0" * 400_000})
    with opened(packed({"inner.zip": inner})) as archive:
        assert archive.read("inner.zip") == inner


def test_a_prefix_before_the_archive_does_no_harm() -> None:
    with opened(b"GIF89a" + b"x" * 100 + packed({"a.txt": b"a"})) as archive:
        assert archive.read("a.txt") == b"a"


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_broken_is_refused_and_nothing_else_happens(seed: int) -> None:
    import random

    chance = random.Random(seed)
    whole = packed({f"{name}.html": name.encode() * 200 for name in ("one", "two", "three")})
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        data = data[: chance.choice([len(data), chance.randrange(len(data))])]
        try:
            with opened(bytes(data)) as archive:
                assert all(len(archive.read(name)) == archive.size_of(name) for name in archive.names)
        except ArchiveRefusedError:
            continue
