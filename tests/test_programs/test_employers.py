"""The register of employers is loaded as a whole, or not at all."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programs.models import Code, Employer, Program
from programs.operations import RegisterRefusedError, load_employers
from tests.factories import ProgramFactory

HEADER = "code,name,employees,dormant_since,source"
GOOD = [HEADER, "1,Iron  Works,40,,register 2026", "2,Sleepers,,2019-04-01,register 2026"]


@pytest.fixture
def program(db: None) -> Program:
    return ProgramFactory.create()


def employers() -> list[tuple[object, ...]]:
    return list(Employer.objects.order_by("code").values_list("code", "name", "employees", "dormant_since"))


def test_a_register_is_loaded_and_loading_it_twice_changes_nothing(program: Program) -> None:
    for _ in range(2):
        assert load_employers(program, GOOD).loaded == 2
    assert employers() == [("1", "Iron Works", 40, None), ("2", "Sleepers", None, date(2019, 4, 1))]


def test_a_newer_register_changes_employers_and_keeps_others(program: Program) -> None:
    load_employers(program, GOOD)
    register = load_employers(program, [HEADER, "2,Wakers,7,,register 2027"])
    assert (register.loaded, register.others) == (1, 1)
    assert employers()[1] == ("2", "Wakers", 7, None)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",Name,1,,source", "code must have"),
        ("1,Name,many,,source", "no whole number"),
        ("1,Name,1,soon,source", "no day"),
        ("1,Name,1,,", "source must have"),
        ("1,Name", "source must have"),
    ],
)
def test_a_faulty_register_is_refused_by_row_and_nothing_is_loaded(program: Program, row: str, fault: str) -> None:
    with pytest.raises(RegisterRefusedError, match=f"row 3: .*{fault}"):
        load_employers(program, [HEADER, "9,Right,1,,source", row])
    assert employers() == []


def test_a_code_that_stands_there_twice_is_refused(program: Program) -> None:
    with pytest.raises(RegisterRefusedError, match="twice"):
        load_employers(program, [HEADER, "1,A,1,,s", "1,B,1,,s"])


def test_a_header_that_lacks_columns_is_refused(program: Program) -> None:
    with pytest.raises(RegisterRefusedError, match="lacks employees"):
        load_employers(program, ["code,name", "1,A"])


def test_the_command_says_what_it_did(program: Program, tmp_path: Path) -> None:
    file, said = tmp_path / "register.csv", io.StringIO()
    file.write_text("\n".join(GOOD))
    call_command("load_employers", str(file), program=program.code, stdout=said)
    assert "2 employers loaded, 0 others kept" in said.getvalue()
    file.write_text(HEADER.replace("name", "title"))
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_employers", str(file), program=program.code)
    with pytest.raises(CommandError, match="There is no program"):
        call_command("load_employers", str(file), program="nowhere")


def test_shipped_size_bands_say_their_upper_end(db: None) -> None:
    call_command("load_country", stdout=io.StringIO())
    sizes = Code.objects.filter(kind="employer_size").order_by("program__code", "position")
    found = {code: [size.most for size in sizes if size.program.code == code] for code in ("au", "gb", "in", "sg")}
    assert found == {
        "au": [19, 199, None], "gb": [9, 49, 249, None], "in": [9, 49, 249, None], "sg": [9, 49, 200, None],
    }  # fmt: skip
