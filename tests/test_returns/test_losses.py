"""Files of which most rows are at fault: what is kept of them has a bound, and the partner is told."""

import csv
import io

import pytest

from courses.returns.checking import losses
from courses.returns.models import Return
from courses.returns.rejected import NOT_KEPT, SENT, rejected_csv
from tests.test_returns.school import School, counts, file_of, quarantined, row


def rejected(sent: Return) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(rejected_csv(sent)).decode("utf-8-sig"))))


def test_a_file_of_which_most_rows_cannot_be_read_is_refused(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "MOST_BROKEN", 10)
    sent = school.report(*["x"] * 11, *(row(number) for number in range(10)))
    assert sent.refusal.startswith("Of the first 21 rows 11 cannot be read: they do not have the cells")
    assert not sent.held_rows.exists()


def test_many_rows_that_cannot_be_read_among_more_good_ones_are_held(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "MOST_BROKEN", 10)
    assert counts(school.report(*["x"] * 11, *(row(number) for number in range(11)))) == (22, 11, 0, 11)


def test_one_fault_in_every_row_gives_back_every_row(school: School) -> None:
    sent = school.report(*(row(number, course="Diging") for number in range(2_000)))
    assert counts(sent) == (2_000, 0, 0, 2_000)
    assert [cells["citizen_no"] for cells in rejected(sent)] == [str(number) for number in range(2_000)]


def test_a_file_with_more_faults_than_may_be_kept_says_what_is_wrong(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "MOST_HELD", 10)
    sent = school.report(*(row(number, course="Diging") for number in range(9)), *["x"] * 2, row("99"))
    assert sent.refusal == (
        "Of the first 12 rows 11 have a fault, most of all: course: unknown course (9 rows); the row has 1 cell where"
        " the header has 6 (2 rows). Nothing was taken in. Mend that and send the file again."
    )


def test_beyond_what_may_be_kept_rows_are_held_without_their_cells_and_that_is_said(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "MOST_HELD", 3)
    sent = school.report(*(row(number, course="Diging") for number in range(5)), *(row(n) for n in range(10, 20)))
    assert counts(sent) == (15, 10, 0, 5)
    assert sent.notes == ["5 rows have a fault: of the first 3 the cells are kept, of the others not"]
    assert [cells[SENT] for cells in rejected(sent)] == ["", "", "", NOT_KEPT, NOT_KEPT]
    assert [cells["citizen_no"] for cells in rejected(sent)] == ["0", "1", "2", "", ""]


def test_every_fault_of_a_row_is_said(school: School) -> None:
    sent = school.report(row("x", ended="2026-02-30", region="Atlantis", term=""))
    assert quarantined(sent) == [
        (
            2, "citizen_no", "(hidden: it may identify a person)",
            "does not look like Citizen number; ended: is no day that exists, written as 2026-12-31;"
            " region: unknown region; term: is missing, and the record is not known without it",
        )
    ]  # fmt: skip
    assert rejected(sent)[0]["uplift_reason"].startswith("citizen_no: does not look like")


def test_a_file_of_lines_that_are_no_rows_is_refused_early(school: School) -> None:
    sent = school.send(file_of(["x"] * 300_000))
    assert "rows" in sent.refusal
    assert "cannot be read" in sent.refusal
