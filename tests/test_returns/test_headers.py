"""Which columns a file must have, and what is said of a header that does not fit."""

import pytest

from courses.achievements.models import Achievement
from courses.returns.models import Return
from tests.test_returns.school import HEADER, School, counts, file_of, row
from tests.test_returns.test_formats import CELLS, NAMES, columns_of, parquet, workbook

NEEDED = HEADER.removesuffix(",region")
SHORT = [line.removesuffix(",Upper") for line in (row("1"), row("2"))]
NOTE = "the file has no column region: read as empty in every row"


@pytest.mark.parametrize("kind", ["CSV", "a workbook", "Parquet"])
def test_a_column_that_only_describes_may_be_missing(school: School, kind: str) -> None:
    columns = columns_of(CELLS)
    del columns["region"]
    content = {
        "CSV": lambda: file_of(SHORT, NEEDED),
        "a workbook": lambda: workbook([NAMES[:-1], *(cells[:-1] for cells in CELLS[:2])]),
        "Parquet": lambda: parquet({name: cells[:2] for name, cells in columns.items()}),
    }[kind]()
    sent = school.send(content)
    assert (sent.refusal, counts(sent), sent.notes) == ("", (2, 2, 0, 0), [NOTE])
    assert set(Achievement.objects.values_list("region", flat=True)) == {""}


def test_a_dry_run_says_which_column_is_missing(school: School) -> None:
    assert school.send(file_of(SHORT, NEEDED), is_trial=True).notes == [NOTE]


@pytest.mark.parametrize("name", ["citizen_no", "course", "term", "ended", "result"])
def test_a_column_that_says_who_what_and_when_is_needed(school: School, name: str) -> None:
    sent = school.send(file_of([row()], HEADER.replace(name, "other")))
    assert f"Row 1, the header, lacks these columns: {name}. Found: " in sent.refusal


@pytest.mark.parametrize("other", ["Regio", "region code", "Regions", "Regoin"])
def test_a_missing_column_that_may_have_another_name_is_asked_for(school: School, other: str) -> None:
    sent = school.send(file_of([row()], f"{NEEDED},{other}"))
    assert sent.refusal == (
        f"Row 1, the header, has no column region, but one named {other}. If that is the column region, name it so; if"
        " it is not, take it out of the file."
    )


@pytest.mark.parametrize("other", ["religion", "home", "tax region"])
def test_another_column_beside_a_missing_one_is_passed_over(school: School, other: str) -> None:
    sent = school.send(file_of([row()], f"{NEEDED},{other}"))
    assert (counts(sent), sent.notes) == ((1, 1, 0, 0), [NOTE])


def test_remarks_in_the_header_are_no_part_of_a_name(school: School) -> None:
    header = '"Citizen no.\n(required)",Course*,Term [A/B],Ended (dd/mm/yyyy),result:,Region (optional)'
    sent = school.send(workbook([header.replace('"', "").split(","), *CELLS[:2]]))
    assert (sent.refusal, counts(sent)) == ("", (2, 2, 0, 0))


def test_a_refusal_names_the_row_that_is_most_like_a_header(school: School) -> None:
    rows = [["Training return of May"], ["Provider: X"], [], ["Citizen No", "Course", "Ended on", "Term", "Result"]]
    for content in (workbook([*rows, CELLS[0]]), "\n".join(";".join(cells) for cells in rows).encode()):
        sent = school.send(content)
        assert sent.status == Return.Status.REFUSED
        assert "Row 4, the header, lacks these columns: ended. Found: Citizen No, Course, Ended on" in sent.refusal


def test_the_fuller_of_two_rows_is_the_header(school: School) -> None:
    sent = school.send(file_of([HEADER, row()], NEEDED))
    assert (counts(sent), sent.notes) == ((1, 1, 0, 0), ["the header is row 2"])
