"""Bytes that fit no encoding cost their rows and no other."""

import gzip
import json

import pytest

from courses.returns.models import Return
from tests.test_returns.school import HEADER, School, counts, file_of, quarantined, row

UNREADABLE = "the row has a character that cannot be read: write it again and save the file as UTF-8"
NAMES = HEADER.split(",")


def test_a_bad_byte_far_down_costs_its_row_alone(school: School) -> None:
    rows = [row(number, term="Frühling") for number in range(20_000)]
    sent = school.send(file_of(rows) + row("7", term="Fr\udcfchling").encode("utf-8", "surrogateescape"))
    assert counts(sent) == (20_001, 20_000, 0, 1)
    assert quarantined(sent) == [(20_002, "", "", UNREADABLE)]


def test_rows_of_two_encodings_in_one_file_are_read_as_far_as_they_can_be(school: School) -> None:
    content = file_of([row(), row("2", term="Zürich")]) + row("3", term="Zürich").encode("latin-1")
    sent = school.send(content)
    assert (counts(sent), sent.notes) == ((3, 2, 0, 1), [])


def test_a_byte_order_mark_before_another_encoding_costs_the_rows_with_umlauts(school: School) -> None:
    content = file_of([row(), row("2", term="Zürich")]).decode().encode("latin-1")
    assert counts(school.send(b"\xef\xbb\xbf" + content)) == (2, 1, 0, 1)


def test_a_bad_byte_in_a_column_that_nobody_reads_costs_nothing(school: School) -> None:
    content = file_of([f"{row()},Zürich", f"{row('2')},Bern"], f"{HEADER},town")
    assert counts(school.send(content.replace(b"Bern", b"B\xe9rn"))) == (2, 2, 0, 0)


def test_a_character_cut_in_two_at_the_end_costs_the_last_row(school: School) -> None:
    content = file_of([row(term="Frühling")]) + row("2", term="Frühling", region="ü").encode()[:-1]
    assert [entry[3] for entry in quarantined(school.send(content))] == [UNREADABLE]


def test_a_byte_that_windows_does_not_know_costs_its_row(school: School) -> None:
    content = file_of([row(term="Frühling"), row("2", term="M?ller")]).decode().encode("windows-1252")
    sent = school.send(content.replace(b"M?ller", b"M\x81ller"))
    assert counts(sent) == (2, 1, 0, 1)
    assert sent.notes == ["it is no UTF-8 and was read as windows-1252"]


def test_a_bad_byte_in_json_costs_its_line(school: School) -> None:
    lines = [json.dumps(dict(zip(NAMES, row(number, term=term).split(","), strict=True)), ensure_ascii=False)
             for number, term in (("1", "Frühling"), ("2", "Sommer"))]  # fmt: skip
    sent = school.send("\n".join(lines).encode().replace(b"Sommer", b"S\xffmmer"))
    assert counts(sent) == (2, 1, 0, 1)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_mark(school: School, encoding: str) -> None:
    sent = school.send(file_of([row(), row("2", term="Frühling")]).decode().encode(encoding))
    assert (counts(sent), sent.notes) == ((2, 2, 0, 0), [f"it is no UTF-8 and was read as {encoding}"])


def test_a_damaged_file_in_utf_16_is_refused_with_the_byte(school: School) -> None:
    content = file_of([row(), row("2")]).decode().encode("utf-16")
    said = school.send(content[:-1]).refusal
    assert f"The file is not UTF-16-LE text: byte {len(content) - 1}, in line 3, does not fit." in said


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u200e", "\u00ad"])
def test_what_nobody_sees_makes_no_other_word_day_or_person(school: School, mark: str) -> None:
    marked = row(f"1{mark}", course=f"Digging{mark}", ended=f"{mark}2026-05-01", result=f"Pa{mark}ss")
    assert counts(school.report(row("1"), marked)) == (2, 1, 1, 0)


def test_one_endless_line_is_read_in_linear_time(school: School) -> None:
    sent = school.send(gzip.compress(file_of([row()]) + b"x" * 200_000_000 + b"\n" + row("2").encode(), 1))
    assert counts(sent) == (3, 2, 0, 1)
    assert quarantined(sent) == [(3, "", "", "the row is longer than 65,536 characters")]
    assert sent.status == Return.Status.LOADED
