from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from courses.achievements.models import Achievement
from courses.returns.models import Return
from tests.test_returns.school import School, file_of, row


def load(school: School, *files: Path, **changes: str) -> tuple[str, str]:
    given = {"program": school.program.code, "partner": "school", "profile": "school"} | changes
    out, err = StringIO(), StringIO()
    try:
        call_command("load_return", *(str(file) for file in files), **given, stdout=out, stderr=err)
    except CommandError as refusal:
        err.write(f"refused: {refusal}")
    return out.getvalue(), err.getvalue()


@pytest.fixture
def july(tmp_path: Path) -> Path:
    file = tmp_path / "july.csv"
    file.write_bytes(
        file_of([row("1"), row("1"), row("2", region="Atlantis"), row("3", region="Mu"), row("4", result="Seen")])
    )
    return file


def test_the_command_loads_at_once_and_says_what_came_of_it(school: School, july: Path) -> None:
    out, err = load(school, july)
    sent = Return.objects.get()
    assert out.splitlines() == [
        f"{july}: return {sent.pk}: 5 rows = 2 accepted + 1 duplicate + 2 quarantined",
        "  facts recorded: 1 assessed, 1 opened",
        "          2 × column region: unknown region (rows 4, 5)",
    ]
    assert err == ""
    assert Achievement.objects.count() == 2


def test_rows_that_contradict_others_are_one_reason(school: School, july: Path) -> None:
    july.write_bytes(file_of(row(number // 2, ended=f"2026-05-0{number % 2 + 1}") for number in range(8)))
    out, _ = load(school, july)
    said = "8 × differs from row … of this file, which has the same key (rows 2, 3, 4, 5, 6, …)"
    assert out.splitlines()[-1].strip() == said


def test_a_refused_file_is_said_and_the_others_are_loaded(school: School, july: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    out, err = load(school, empty, july, tmp_path / "none.csv")
    assert f"{empty}: The file is empty." in err
    assert f"{tmp_path / 'none.csv'}: [Errno 2] No such file" in err
    assert err.endswith("refused: 2 of 3 files refused; nothing was taken from them.")
    assert "5 rows" in out


def test_a_file_that_is_too_large_is_not_even_read(school: School, july: Path, settings: LazySettings) -> None:
    settings.MAX_RETURN_BYTES = 100
    assert "The file is too large" in load(school, july)[1]
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"program": "nowhere"}, "There is no program 'nowhere'; there are: "),
        ({"partner": "uplift"}, "There is no partner 'uplift'; there are: school."),
        ({"profile": "other"}, "There is no profile 'other'; there are: school."),
    ],
)
def test_what_is_not_there_is_named_with_what_is(school: School, july: Path, given: dict[str, str], said: str) -> None:
    assert said in load(school, july, **given)[1]
