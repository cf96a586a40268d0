"""Parquet and JSON Lines: the same values are the same texts, no digit is lost, no file costs more than its size."""

import io
import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings

from courses.achievements.models import Achievement
from courses.returns.checking.judges import Moments
from courses.returns.formats import FileRefusedError, parquet_pages
from courses.returns.profiles import Days
from tests.test_returns.school import School, counts, file_of, quarantined, row
from tests.test_returns.sheets import CELLS, NAMES, cell, package, read, row_of, sheet_of

LOST = "citizen_no holds a number that may have lost digits: write identifiers as text"
BAD = ("DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY")


def parquet(rows: int = 1, options: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """A file of so many rows, all alike but for the changed columns."""
    columns: dict[str, Any] = {name: pa.array([cell] * rows) for name, cell in zip(NAMES, CELLS, strict=True)}
    made = io.BytesIO()
    pq.write_table(pa.table(columns | changes), made, **(options or {}))
    return made.getvalue()


def objects(*changes: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(dict(zip(NAMES, CELLS, strict=True)) | each) for each in changes).encode()


def book_of(day: str) -> bytes:
    """A workbook with this cell in place of its day."""
    return package(sheet_of(row_of(1, NAMES), row_of(2, CELLS).replace(cell("D2", CELLS[3]), day)))


# --- days -------------------------------------------------------------------------------------------------------

LATE = datetime(2026, 4, 30, 23, 30, tzinfo=UTC)  # in London and Sydney the first of May already
MOMENTS: dict[str, Callable[[], bytes]] = {
    "CSV": lambda: file_of([row(ended="2026-04-30T23:30:00Z")]),
    "JSON Lines": lambda: objects({"ended": "2026-04-30T23:30:00Z"}),
    "Parquet": lambda: parquet(ended=pa.array([LATE], pa.timestamp("us", "UTC"))),
    "Parquet to the nanosecond": lambda: parquet(ended=pa.array([LATE], pa.timestamp("ns", "UTC"))),
    "Parquet of another zone": lambda: parquet(ended=pa.array([LATE], pa.timestamp("ms", "America/New_York"))),
    "Parquet with an offset": lambda: parquet(ended=pa.array([LATE], pa.timestamp("s", "-03:30"))),
    "a workbook": lambda: book_of('<c r="D2" t="inlineStr"><is><t>2026-04-30T23:30:00Z</t></is></c>'),
    "a workbook with an ISO day": lambda: book_of('<c r="D2" t="d"><v>2026-04-30T23:30:00Z</v></c>'),
}


@pytest.mark.parametrize("shape", MOMENTS)
@pytest.mark.parametrize(("zone", "hour"), [("Europe/London", 0), ("Australia/Sydney", 9)])
def test_a_moment_has_its_day_in_the_zone_of_the_program(shape: str, zone: str, hour: int) -> None:
    [written] = read(MOMENTS[shape]()).column("ended")
    day, moment = Moments(Days("ended"), date(2026, 6, 1), ZoneInfo(zone)).read(written)
    assert (day, moment and moment.hour) == (date(2026, 5, 1), hour)


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Sydney"])
def test_a_return_of_moments_is_booked_on_the_same_days_in_any_shape(school: School, zone: str) -> None:
    school.program.time_zone = zone
    school.program.save()
    for number, make in enumerate(MOMENTS.values()):
        assert counts(school.send(make()))[:3] == (1, int(not number), int(bool(number)))
    assert Achievement.objects.get().achieved_on == date(2026, 5, 1)


def test_a_moment_without_a_zone_is_as_it_is_written_and_midnight_is_no_time() -> None:
    moments = pa.array([datetime(2026, 5, 1), datetime(2026, 5, 1, 23, 59, 59)], pa.timestamp("us"))  # noqa: DTZ001
    assert read(parquet(2, ended=moments)).column("ended") == ["2026-05-01", "2026-05-01T23:59:59"]


def test_a_birth_date_with_a_zone_is_the_day_that_is_written_there() -> None:
    midnight = datetime(1990, 5, 1, tzinfo=timezone(timedelta(hours=10)))
    [written] = read(parquet(ended=pa.array([midnight], pa.timestamp("us", "Australia/Sydney")))).column("ended")
    assert Moments(Days("ended"), date(2026, 6, 1)).read(written)[0] == date(1990, 5, 1)


# --- numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        pa.array([1.2345678901234567e17, 5.0]),
        pa.array([2.0**53, 5.0]),
        pa.array([float("inf"), 5.0]),
        pa.array([16_777_216, 5], pa.float32()),
    ],
)
def test_a_parquet_number_that_may_have_lost_digits_is_a_fault_of_its_row(numbers: Any) -> None:
    reading = read(parquet(2, citizen_no=numbers))
    assert (reading.column("citizen_no"), list(reading.rows)) == (["5"], [2])
    assert [(broken.number, broken.fault) for broken in reading.broken] == [(1, LOST)]
    assert reading.broken[0].cells[1:] == CELLS[1:]


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        (pa.array([123.0, 0.5, None, float("nan"), -7.0]), ["123", "0.5", "", "", "-7"]),
        (pa.array([2**53 - 1.0, 0.0]), ["9007199254740991", "0"]),
        (pa.array([12345678901234567, 2**63 - 1]), ["12345678901234567", "9223372036854775807"]),
        (pa.array([Decimal("123.00"), Decimal("-0.50"), Decimal("100.00")]), ["123", "-0.5", "100"]),
        (pa.array([Decimal("12345678901234567890123.00")]), ["12345678901234567890123"]),
        (pa.array([Decimal("1200")], pa.decimal128(38, 0)), ["1200"]),
        (pa.array([16_777_215], pa.float32()), ["16777215"]),
    ],
)  # fmt: skip
def test_a_parquet_number_is_written_as_people_write_it(numbers: Any, texts: list[str]) -> None:
    assert read(parquet(len(texts), citizen_no=numbers)).column("citizen_no") == texts


def test_long_numbers_of_two_people_are_never_read_as_one() -> None:
    numbers = [b"12345678901234567890123", b"12345678901234567890124", b"12345678901234567", b"12345678901234568"]
    reading = read(b"\n".join(objects({"citizen_no": "?"}).replace(b'"?"', number) for number in numbers))
    assert reading.column("citizen_no") == ["12345678901234567", "12345678901234568"]
    assert [(broken.number, broken.fault) for broken in reading.broken] == [(1, LOST), (2, LOST)]


def test_a_long_number_that_nobody_reads_costs_nothing() -> None:
    assert read(objects({"note": 1e300})).rows == {1: CELLS}


# --- members of objects -----------------------------------------------------------------------------------------


def test_names_of_members_are_compared_as_those_of_a_header(school: School) -> None:
    names = ["Citizen No", "COURSE", "Term", " ended ", "Result:", "region (optional)"]
    sent = school.send(b"\n".join([json.dumps(dict(zip(names, CELLS, strict=True))).encode(), objects({})]))
    assert (counts(sent), quarantined(sent)) == ((2, 1, 1, 0), [])


def test_the_very_name_goes_before_one_that_is_alike_and_two_alike_are_a_fault() -> None:
    reading = read(objects({"Region": "Lower"}) + b"\n" + objects({}).replace(b'"region"', b'"Region": 1, "REGION"'))
    assert reading.rows == {1: CELLS}
    assert [broken.fault for broken in reading.broken] == ["names these members more than once: region"]


@pytest.mark.parametrize("indent", [1, 4])
def test_an_object_over_several_lines_is_refused_and_it_is_said_how_to_write_it(school: School, indent: int) -> None:
    sent = school.send(json.dumps(dict(zip(NAMES, CELLS, strict=True)), indent=indent).encode())
    assert "no line of it is an object. Write it as JSON Lines: one JSON object a line" in sent.refusal
    assert not sent.held_rows.exists()


def test_an_object_with_very_many_members_costs_its_row() -> None:
    reading = read(objects({}, {str(number): 0 for number in range(1_000)}))
    assert (list(reading.rows), [broken.fault for broken in reading.broken]) == ([1], ["has more than 1,000 members"])


# --- memory -----------------------------------------------------------------------------------------------------


def repeated(text: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))


def peak_of(content: bytes) -> tuple[int, Any]:
    before, pool = pa.total_allocated_bytes(), pa.default_memory_pool()
    peak, reading = pool.max_memory(), read(content)
    return max(pool.max_memory() - max(peak, before), 0), reading


def test_a_long_text_that_many_rows_share_breaks_them_and_takes_no_memory() -> None:
    peak, reading = peak_of(parquet(70_000, region=repeated("x" * 70_000, 70_000)))
    assert (reading.rows, len(reading.broken)) == ({}, 70_000)
    assert reading.broken[-1][:3] == (70_000, [], "is longer than 65,536 characters")
    assert peak < 256 * 1024 * 1024


def test_a_text_of_some_length_that_many_rows_share_comes_in_smaller_blocks() -> None:
    made = parquet(10_000, region=repeated("x" * 20_000, 10_000))
    peak, reading = peak_of(made)
    assert (len(reading.rows), reading.broken) == (10_000, [])
    assert reading.most <= 1_000
    assert peak < 256 * 1024 * 1024


@pytest.mark.parametrize("encoding", BAD)
@pytest.mark.parametrize("length", [10, 20_000])
def test_texts_by_their_difference_are_read_in_small_steps(encoding: str, length: int) -> None:
    texts = [f"{'x' * length}{number}" for number in range(3_000)]
    options = {"use_dictionary": False, "column_encoding": {"region": encoding, "term": "PLAIN"}}
    peak, reading = peak_of(parquet(3_000, options, region=pa.array(texts)))
    assert reading.column("region") == texts
    assert peak < 512 * 1024 * 1024


def test_rows_are_the_same_however_long_their_texts_are() -> None:
    random.seed(3)
    texts = [random.choice(["a", "x" * 66_000, "y" * 2_000, "", None, "z" * 60_000]) for _ in range(3_000)]
    reading = read(parquet(3_000, {"row_group_size": 700}, region=pa.array(texts)))
    short = {number: text or "" for number, text in enumerate(texts, 1) if len(text or "") < 65_000}
    assert {number: cells[5] for number, cells in reading.rows.items()} == short
    assert [broken.number for broken in reading.broken] == [n for n in range(1, 3_001) if n not in short]


def test_what_pages_unpack_to_is_added_whatever_the_file_says_of_itself(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parquet(1_000, {"compression": "gzip", "use_dictionary": False}, region=pa.array(["x" * 1_000] * 1_000))
    settings.MAX_WORKBOOK_BYTES = 1_000_000
    monkeypatch.setattr(parquet_pages, "said_of", lambda groups: [0])
    with pytest.raises(FileRefusedError, match="unpacks to too much"):
        read(content)


def test_more_rows_than_any_return_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_pages, "MOST_ROWS", 999)
    with pytest.raises(FileRefusedError, match="unpacks to too much"):
        read(parquet(1_000))


@pytest.mark.parametrize("at", range(20, 1_200, 40))
def test_parquet_with_a_damaged_page_is_read_or_refused(at: int) -> None:
    content = bytearray(parquet(5, ended=pa.array([date(2026, 5, 1)] * 5)))
    content[at : at + 3] = b"\xff\x00\x81"
    with suppress(FileRefusedError):
        assert len(read(bytes(content)).rows) <= 5


def test_texts_that_are_no_utf_8_are_refused() -> None:
    texts = pa.array([b"a", b"\xff\xfe"]).view(pa.string())
    with pytest.raises(FileRefusedError, match="no UTF-8"):
        read(parquet(2, region=texts))
