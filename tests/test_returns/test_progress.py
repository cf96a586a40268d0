"""How far loading is: the bars move with the rows, never go back and never pass the end."""

import gzip
import json
from collections.abc import Callable
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from courses.returns.content import Content
from courses.returns.formats import open_sheet
from courses.returns.models import Return
from courses.returns.operations import load_return_now, load_trial
from courses.returns.profiles import Definition
from programs.models import Role
from tests.factories import NOW, MembershipFactory
from tests.test_returns.school import HEADER, School, file_of, row

ROWS = 200_000
COLUMNS = HEADER.split(",")


def csv_of(rows: int) -> bytes:
    return file_of(row(number) for number in range(1, rows + 1))


def json_lines(rows: int) -> bytes:
    cells = (row(number).split(",") for number in range(1, rows + 1))
    return "\n".join(json.dumps(dict(zip(COLUMNS, each, strict=True))) for each in cells).encode()


def parquet(rows: int) -> bytes:
    cells = zip(*(row(number).split(",") for number in range(1, rows + 1)), strict=True)
    made = BytesIO()
    pq.write_table(pa.table(dict(zip(COLUMNS, map(list, cells), strict=True))), made)
    return made.getvalue()


def workbook(rows: int) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate([COLUMNS, *(row(number).split(",") for number in range(1, rows + 1))]):
            sheet.write_row(place, 0, cells)
    return made.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "CSV": lambda: csv_of(ROWS),
    "packed CSV": lambda: gzip.compress(csv_of(ROWS)),
    "JSON Lines": lambda: json_lines(ROWS),
    "Parquet": lambda: parquet(ROWS),
    "packed Parquet": lambda: gzip.compress(parquet(ROWS)),
    "workbook": lambda: workbook(100),
}


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_read_grow_with_the_rows_and_end_at_the_size(school: School, kind: str) -> None:
    kept = school.keep(KINDS[kind]())
    seen, rows = [0], 0
    with Content(kept.pk) as content, open_sheet(content, Definition.of(school.profile.definition)) as sheet:
        for block in sheet.blocks:
            rows += len(block)
            seen.append(content.reached(rows, sheet.rows))
    assert seen == sorted(seen)
    assert seen[-1] == kept.size
    assert len(set(seen)) > 2 or kind == "workbook"


def watched() -> None:
    """Lets the database note every state of a return's progress."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMPORARY TABLE seen (number serial, rows_read integer, bytes_read bigint, rows_taken integer);
            CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO seen (rows_read, bytes_read, rows_taken)
                VALUES (NEW.rows_read, NEW.bytes_read, NEW.rows_taken);
                RETURN NULL;
            END $$;
            CREATE TRIGGER noted AFTER UPDATE ON returns_return FOR EACH ROW EXECUTE FUNCTION pg_temp.note()
        """)


def seen() -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows_read, bytes_read, rows_taken FROM seen ORDER BY number")
        return list(cursor.fetchall())


def test_progress_never_goes_back_while_a_return_is_loaded(school: School) -> None:
    kept = school.keep(csv_of(70_000))
    watched()
    load_return_now(kept.pk, at=NOW)
    for places in zip(*seen(), strict=True):
        assert list(places) == sorted(places)
    assert seen()[-1] == (70_000, kept.size, 70_000)


def test_an_attempt_that_begins_again_does_not_lower_the_bars(school: School) -> None:
    kept = school.keep(csv_of(150_000))  # several chunks, of bytes and of rows
    Return.objects.filter(pk=kept.pk).update(rows_read=150_000, bytes_read=kept.size, rows_taken=131_072)
    watched()
    load_return_now(kept.pk, at=NOW)
    assert [min(places) for places in zip(*seen(), strict=True)] == [150_000, kept.size, 131_072]


def test_a_dry_run_that_is_loaded_begins_anew(school: School) -> None:
    trial = school.send(csv_of(10), is_trial=True)
    assert trial.is_read
    load_trial(trial)
    trial.refresh_from_db()
    assert (trial.rows_read, trial.bytes_read, trial.months) == (0, 0, {})


def test_the_database_refuses_to_have_read_beyond_the_end(school: School) -> None:
    kept = school.keep(csv_of(10))
    with pytest.raises(IntegrityError, match="return_is_not_read_beyond_its_end"):
        Return.objects.filter(pk=kept.pk).update(bytes_read=kept.size + 1)


def test_the_rows_expected_are_a_guess_of_two_figures_until_all_are_read() -> None:
    reading = Return(size=1_000_000, bytes_read=300_000, rows_read=65_536)
    assert reading.rows_expected == 210_000
    reading.bytes_read = 1_000_000
    assert (reading.rows_expected, reading.is_read) == (65_536, True)
    assert Return(size=10).rows_expected == 0


def test_how_far_loading_is_stands_on_the_page(school: School, client: Client) -> None:
    client.force_login(MembershipFactory(program=school.program, role=Role.PROGRAM_MANAGER).user)
    kept = school.keep(csv_of(100))
    address = reverse("return", args=[school.program.code, kept.pk])

    def page(**progress: int) -> str:
        Return.objects.update(**progress)
        return " ".join(client.get(address).content.decode().split())

    assert "waits its turn" in page()
    half = page(rows_read=70_000, bytes_read=kept.size // 2)
    assert "70,000 of about 140,000 rows read and checked." in half
    assert f'max="{kept.size}" value="{kept.size // 2}"' in half
    assert "Nothing is taken in before all is read." in half
    assert "compared with each other" in page(bytes_read=kept.size)
    taking = page(rows_taken=65_536)
    assert "65,536 of 70,000 rows taken in." in taking
    assert 'max="70000" value="65536"' in taking
