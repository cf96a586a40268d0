"""What is wrong with a file is said with its row and column, and costs no good row."""

import gzip
import io
import logging
import zipfile

import pytest
from django.conf import LazySettings

from courses.achievements.models import Achievement
from courses.returns.checking import HIDDEN
from courses.returns.formats import FileRefusedError
from courses.returns.models import Return
from people.models import Identity, Person
from tests.test_returns.school import HEADER, School, counts, file_of, quarantined, row

GOOD = file_of([row("1"), row("2")])


def packed(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "<workbook/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty. Send a file with a header row and at least one row below it."),
        (b" \r\n\r\n", "The file is empty"),
        (b"\n" * 5000, "The file is empty"),
        (HEADER.encode(), "The file has a header and no rows."),
        (HEADER.encode() + b"\n\n,,,,,\n", "The file has a header and no rows."),
        (packed("xl/workbook.xml"), "The workbook is damaged"),
        (packed("letter.txt"), "is a ZIP file and no workbook"),
        (packed("xl/workbook.xml")[:40], "The workbook is damaged or was cut off"),
        (b"%PDF-1.7 ...", "The file looks like a PDF document. Taken are CSV, Excel workbooks (XLSX), JSON Lines"),
        (b"\x89PNG\r\n\x1a\n", "looks like a picture"),
        (b"<!DOCTYPE html><html></html>", "looks like a web page or XML"),
        (b'[{"citizen_no": 1}]', "looks like a JSON list. Write it as JSON Lines"),
        (b'{"rows": []}', "No line has any of these names: citizen_no, course, term, ended, result, region."),
        (b"PAR1 and no more", "The Parquet file is damaged"),
        (gzip.compress(GOOD, mtime=0)[:-9], "The gzip file is damaged or was cut off"),
        (gzip.compress(gzip.compress(GOOD, mtime=0), mtime=0), "was packed by gzip twice"),
        (b"\0\0\1" * 9 + b"\n" + row().encode(), "row 1 has NUL bytes"),
        (bytes(range(1, 256)) * 9, "lacks these columns"),
        (b"citizen_no,course\n1,2\n", "lacks these columns: term, ended, result. Found: citizen_no, course."),
        (GOOD.replace(b"\n", b",x\n").replace(b"n,x", b"n,course", 1), "names these columns more than once: course."),
        (b"a," * 1_000_000 + b"\n" + GOOD, "its first 65,536 characters already name 32,769 columns."),
        (b'"' + GOOD, "Row 1, the header, has a quotation mark that is not closed in the same line."),
        (row("7700123").encode(), "Found 6 cells, none of them a known column. Does the file lack its header row?"),
        (b"anna@example.org", "Found 1 cell, which is no known column. Does the file lack its header row?"),
        (b"x" * 100_000, "Row 1, the header, is too long"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(school: School, content: bytes, said: str) -> None:
    sent = school.send(content)
    assert sent.status == Return.Status.REFUSED
    assert said in sent.refusal
    assert (counts(sent), sent.pieces.count(), sent.failure) == ((0, 0, 0, 0), 0, "")
    assert not sent.held_rows.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_end_and_a_byte_order_mark_are_fine(school: School, end: str, mark: str) -> None:
    content = (mark + GOOD.decode().replace("\n", end) + end * 3 + ",,,,," + end).encode()
    assert counts(school.send(content)) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("bad", "column", "value", "reason"),
    [
        (row("2", ended="2026-02-30"), "ended", "2026-02-30", "is no day that exists, written as 2026-12-31"),
        (row("2", ended="01.02.2026"), "ended", "01.02.2026", "is no day that exists, written as 2026-12-31"),
        (row("2", ended="2026-11-23"), "ended", "2026-11-23", "the day lies in the future"),
        (row("2", ended="1899-12-31"), "ended", "1899-12-31", "the day lies before 1900"),
        (row("2", ended=""), "ended", "", "the day is missing"),
        (row("2", region="Atlantis"), "region", "Atlantis", "unknown region"),
        (row("2", region="N"), "region", "N", "unknown region"),
        (row("2", result="Failed"), "result", "Failed", "unknown result"),
        (row("2", result=""), "result", "", "the result is missing"),
        (row("2", course="Flying"), "course", "Flying", "unknown course"),
        (row("2", term=""), "term", "", "is missing, and the record is not known without it"),
        (row("2", region="Up\0per"), "region", "Up␀per", "has a NUL character"),
        (row(""), "citizen_no", "", "the person's identifier is missing"),
        (row("not-a-number"), "citizen_no", HIDDEN, "does not look like Citizen number"),
        (row("9" * 5000), "citizen_no", HIDDEN, "does not look like Citizen number"),
        (row("2", region="R" * 900), "region", "R" * 200, "unknown region"),
        ("2,Digging", "", "", "the row has 2 cells where the header has 6"),
        (row("2") + ",more", "", "", "the row has 7 cells where the header has 6"),
        (row("2") + ",x" * 30_000, "", "", "the row has 30,006 cells where the header has 6"),
        (row("2", region="R" * 70_000), "", "", "the row is longer than 65,536 characters"),
        (row("2", region="R" * 200_000 + "\n"), "", "", "the row is longer than 65,536 characters"),
        (row("2", region='"Upper'), "", "", "the row has a quotation mark that is not closed"),
        (row('"2'), "", "", "the row has a quotation mark that is not closed"),
        (row("2", region='"Upper"x'), "", "", "the row has text after a closing quotation mark"),
    ],
)
def test_a_bad_row_goes_to_quarantine_and_the_good_rows_stay(
    school: School, bad: str, column: str, value: str, reason: str
) -> None:
    sent = school.report(row("1"), bad, row("3"), row("4"))
    assert counts(sent) == (4, 3, 0, 1)
    assert quarantined(sent) == [(3, column, value, reason)]


def test_a_quotation_mark_never_closed_in_the_last_row_costs_that_row(school: School) -> None:
    sent = school.report(row("1"), row("2", region='"Upper'))
    assert counts(sent) == (2, 1, 0, 1)


def test_a_quoted_cell_may_hold_line_ends_and_commas(school: School) -> None:
    sent = school.report(row("1", term='"spring,\n""early"""'), row("2", region="Atlantis"))
    assert counts(sent) == (2, 1, 0, 1)
    assert quarantined(sent)[0][0] == 3


def test_a_file_full_of_open_quotation_marks_is_given_up(school: School) -> None:
    sent = school.report(*(f'"{row(number)}' if number % 2 else row(number) for number in range(300)))
    assert "in more than 100 rows" in sent.refusal


def test_a_formula_is_only_a_cell(school: School) -> None:
    sent = school.report(row("1", term="=HYPERLINK(1)"), row("2", region="=SUM(A:B)"))
    assert quarantined(sent) == [(3, "region", "=SUM(A:B)", "unknown region")]


def test_a_course_of_another_partner_is_not_taken(school: School) -> None:
    from tests.factories import CourseFactory, PartnerFactory

    CourseFactory(program=school.program, code="flying", partner=PartnerFactory(program=school.program))
    school.profile.definition["course"]["values"]["Flying"] = "flying"
    school.profile.save()
    assert quarantined(school.report(row(course="Flying")))[0][3] == "the course belongs to another partner"


def test_today_is_the_day_in_the_programs_own_time_zone(school: School) -> None:
    from datetime import UTC, datetime

    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 23 November in Vienna
    assert counts(school.send(file_of([row(ended="2026-11-23")]), received_at=late)) == (1, 1, 0, 0)


def test_a_file_that_is_too_large_is_not_kept(school: School, settings: LazySettings) -> None:
    settings.MAX_RETURN_BYTES = len(GOOD)
    school.keep(GOOD)
    said = f"has {len(GOOD) + 1} bytes or more, and at most {len(GOOD)} bytes are taken"
    with pytest.raises(FileRefusedError, match=said):
        school.keep(GOOD + b"\n")
    assert Return.objects.count() == 1


def test_no_identifier_is_kept_anywhere(school: School, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "7700123456"
    sent = school.report(
        row(secret), row(secret, region=secret), row(f"{secret}77"), row(secret, term="B", region=f"of {secret}"),
        f"{secret},short", row(secret, term="C", ended="never"),
    )  # fmt: skip
    assert counts(sent) == (6, 1, 0, 5)
    kept = [*sent.held_rows.values(), *Person.objects.values(), *Identity.objects.values(), *Return.objects.values()]
    assert secret not in str([*kept, *Achievement.objects.values(), caplog.text])


def test_a_name_of_a_file_is_only_a_name(school: School) -> None:
    assert school.keep(GOOD, file_name="../../etc/pass\0wd\n.csv").file_name == "pass�wd�.csv"
    assert school.keep(GOOD, file_name="x" * 300).file_name == "x" * 255
    assert school.keep(GOOD, file_name="").file_name == "unnamed"
