"""What a country file may say, and what is said about one that is wrong."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.definitions import SHIPPED, CountryFileError, ProgramDefinition, defined, read_country_file

FILES = sorted(SHIPPED.glob("*.toml"))


@pytest.fixture
def country_file(tmp_path: Path) -> Path:
    return tmp_path / "country.toml"


def faults_of(file: Path, content: str | bytes) -> list[str]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CountryFileError) as refusal:
        read_country_file(file)
    return [fault.removeprefix(f"{file}: ") for fault in refusal.value.faults]


def shipped(code: str) -> ProgramDefinition:
    return read_country_file(SHIPPED / f"{code}.toml")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_shipped_file_is_valid_and_named_after_its_program(file: Path) -> None:
    assert read_country_file(file).code == file.stem


@pytest.mark.parametrize(
    ("code", "regions", "sectors", "month", "rule"),
    [
        ("au", 8, 19, 7, "secret-rounding-10"),
        ("gb", 12, 21, 4, "round-5"),
        ("in", 36, 21, 4, "10-5"),
        ("sg", 5, 22, 4, "10-5"),
    ],
)
def test_lists_year_and_rule_of_each_nation(code: str, regions: int, sectors: int, month: int, rule: str) -> None:
    nation = shipped(code)
    assert (len(nation.regions), len(nation.sectors)) == (regions, sectors)
    assert (nation.financial_year_month, nation.disclosure_rule) == (month, rule)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("au", [("deal", 1_500_000, None)]),
        ("gb", [("national", 10_000_000, "2030-12-31"), ("national", 2_000_000, "2030-12-31")]),
        ("in", [("national", 10_000_000, None)]),
        ("sg", [("national", 100_000, "2029-12-31")]),
    ],
)
def test_targets_have_the_due_dates_that_somebody_named_and_no_others(
    code: str, values: list[tuple[str, int, str | None]]
) -> None:
    targets = shipped(code).targets
    assert [(t.kind, t.value, t.due_on and t.due_on.isoformat()) for t in targets] == values


def test_every_fault_is_named_at_once(country_file: Path, ruritania: str) -> None:
    bad = (
        ruritania.replace('time_zone = "Africa/Cairo"', 'time_zone = "Mars/Olympus"')
        .replace("financial_year_month = 10", 'financial_yeer_month = "October"')
        .replace('employer_sizes = ["1..9"]', 'employer_sizes = ["1..9", "huge"]')
        .replace('measure = "literate"', 'measure = "illiterate"')
        .replace("due_on = 1899-09-30", "due_on = 1894-10-01")
    )
    assert faults_of(country_file, bad) == [
        'financial_yeer_month: is no key here; did you mean "financial_year_month"?',
        'time_zone: "Mars/Olympus" is no time zone of the IANA database',
        "financial_year_month: is missing",
        'measures[2] "literate-small".employer_sizes: "huge" is none of the employer_sizes: 1..9, >9',
        'targets[1] "everybody".measure: "illiterate" is none of the measures: literate, literate-small',
        'targets[1] "everybody".due_on: must be after starts_on',
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('code = "ruritania"', 'code = "Ruri tania"', 'code: "Ruri tania" may hold small letters, digits and single'),
        ('code = "ruritania"', f'code = "{"r" * 21}"', "code: has 21 characters, 20 are allowed"),
        ('country = "XR"', 'country = "Ruritania"', 'country: "Ruritania" must be two capital letters'),
        ('["ar", "de-at"]', '["ar", "klingon"]', 'languages[2]: "klingon" is no known language'),
        ('["ar", "de-at"]', '["ar", "ar", "de-at"]', 'languages: "ar" must stand once only'),
        ('["ar", "de-at"]', "[]", "languages: is empty"),
        ('["ar", "de-at"]', '["de-at", "ar"]', 'employer_sizes[1] "1..9".names: has no name in the first language'),
        ('["ar", "de-at"]', '["ar"]', 'regions[2] "süd.2".names.de-at: is none of the program\'s languages'),
        ("month = 10", "month = 13", "financial_year_month: 13 is not between 1 and 12"),
        ("month = 10", "month = true", "financial_year_month: must be a whole number, but is true"),
        ('locale = "de_AT"', 'locale = "xx_YY"', 'number_locale: "xx_YY" is no locale of the CLDR'),
        ('rule = "10-5"', 'rule = "none"', 'disclosure_rule: "none" is not one of: secret-rounding-10, round-5, 10-5'),
        ('code = "süd.2"', 'code = "nord/1"', 'regions: "nord/1" must stand once only'),
        ('code = "süd.2"', 'code = "s d"', "regions[2] \"s d\".code: 's d' must be one visible word"),
        ('de-at = "Süden"', 'de-at = " "', 'regions[2] "süd.2".names.de-at: is empty'),
        ('de-at = "Süden"', "de-at = 5", 'regions[2] "süd.2".names.de-at: must be a text in quotes, but is 5'),
        ('de-at = "Süden"', 'de-at = "a\\u0000"', 'names.de-at: holds the character U+0000, which cannot be printed'),
        ("K-[XVI]+", "K-[XVI+", 'identity_schemes[1] "crown-number".pattern: is no regular expression: unterminated'),
        ('code = "guild",', 'code = "email",', 'identity_schemes[2] "email".code: "email" is a scheme that every'),
        ('code = "guild-of-clockmakers"', 'code = "uplift"', 'partners[1] "uplift".code: "uplift" is the partner that'),
        ('kind = "provider"', 'kind = "own"', '.kind: "own" is not one of: employer, provider, public'),
        ("committed_people = 12", "committed_people = -1", ".committed_people: -1 is not between 1 and 2147483647"),
        ('evidence = "opened"', 'evidence = "hoped"', '.evidence: "hoped" is not one of: opened, completed, assessed'),
        ("ends_on = 1895-09-30", "ends_on = 1893-01-01", '"literate-small".ends_on: is before starts_on'),
        ('code = "literate-small"', 'code = "literate"', 'measures: "literate" must stand once only'),
        ('kind = "illustrative"', 'kind = "wish"', '"everybody".kind: "wish" is not one of: deal, national'),
        ("value = 7", "value = 0", '"everybody".value: 0 is not between 1 and 2147483647'),
        ("value = 7", "value = 7.5", '"everybody".value: must be a whole number, but is 7.5'),
        ("due_on = 1899-09-30", 'due_on = "soon"', '"everybody".due_on: must be a day such as 2026-11-22 (without'),
        ("due_on = 1899-09-30", "due_on = 1899-09-30T00:00:00", '"everybody".due_on: must be a day such as'),
        ("starts_on = 1894-10-01\ndue", "due", '"everybody".starts_on: is missing: a target with a due date needs'),
        ('grade = "W"', 'grade = "A"', '"everybody".grade: "A" is not one of: P, S, S/W, W'),
        ("[[partners]]", "[partners]", "partners: must be a list, but is a table"),
        ("[[partners]]", "[[partners]]\ncolour = 1", 'partners[1] "guild-of-clockmakers".colour: is no key here'),
    ],
)  # fmt: skip
def test_each_kind_of_fault_is_named_with_its_key(
    country_file: Path, ruritania: str, right: str, wrong: str, fault: str
) -> None:
    assert right in ruritania
    assert any(fault in found for found in faults_of(country_file, ruritania.replace(right, wrong, 1)))


def test_a_file_that_is_not_toml_is_refused_with_line_and_column(country_file: Path) -> None:
    fault = "is not TOML: Expected '=' after a key in a key/value pair (at line 2, column 6)"
    assert faults_of(country_file, 'code = "a"\nnames') == [fault.replace("line 2, column 6", "end of document")]
    assert faults_of(country_file, 'code = "a"\nnames\n') == [fault]


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(country_file: Path) -> None:
    fault = "line 2: is not UTF-8; save the file in that encoding"
    assert faults_of(country_file, b'code = "a"\nsource = "\xe9"\n') == [fault]


@pytest.mark.parametrize("content", ["[" * 5000, "a = " + "[" * 5000, "value = " + "9" * 5000])
def test_a_hostile_file_is_refused_like_any_other(country_file: Path, content: str) -> None:
    assert faults_of(country_file, content)[0].startswith("is not TOML")


def test_an_empty_file_misses_every_key(country_file: Path) -> None:
    assert "residency: is missing" in faults_of(country_file, "")


def test_what_is_missing_or_of_the_wrong_type_is_one_fault(country_file: Path, ruritania: str) -> None:
    missing = ruritania.replace('measure = "literate"\n', "")
    assert faults_of(country_file, missing) == ['targets[1] "everybody".measure: is missing']
    number = ruritania.replace('measure = "literate"\n', "measure = 5\n")
    assert len(faults_of(country_file, number)) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CountryFileError, match=r"nowhere\.toml: cannot be read: No such file"):
        read_country_file(tmp_path / "nowhere.toml")


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """The invented country's tables with one value somewhere replaced by any other."""
    raw = tomllib.loads((Path(__file__).parent / "ruritania.toml").read_text(encoding="utf-8"))
    inside: Any = raw
    while True:
        place = draw(st.sampled_from(sorted(inside) if isinstance(inside, dict) else range(len(inside))))
        if not isinstance(inside[place], dict | list) or not inside[place] or draw(st.booleans()):
            inside[place] = draw(VALUES)
            return raw
        inside = inside[place]


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes()
VALUES = SIMPLE | st.lists(SIMPLE, max_size=3) | st.dictionaries(st.text(), st.lists(SIMPLE, max_size=2), max_size=3)


@given(damaged())
@settings(max_examples=150, deadline=None)
def test_any_damage_ends_in_a_definition_or_in_faults(raw: dict[str, Any]) -> None:
    definition, faults = defined(raw)
    assert definition is not None or faults
