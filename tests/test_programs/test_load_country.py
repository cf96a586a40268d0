"""Loading country files: once, twice, changed, refused."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pytest_django import Settings

from programs.definitions import SHIPPED, ProgramDefinition, read_country_file
from programs.models import Code, Measure, MeasureVersion, Partner, Program, Target
from programs.operations import Loaded, load_program
from programs.templatetags.figures import number

Load = Callable[[str], str]
pytestmark = pytest.mark.django_db


def test_an_invented_country_loads_as_data_alone(load: Load, ruritania: str) -> None:
    load(ruritania)
    program = Program.objects.get(code="ruritania")
    regions = Code.objects.of(program, Code.Kind.REGION)
    assert [code.code for code in regions] == ["nord/1", "süd.2"]
    assert [t.due_on for t in Target.objects.of(program)] == [date(1899, 9, 30), None]
    assert number(1234567, program) == "1.234.567"
    with translation.override("de-at"):
        assert (program.name, regions[1].name) == ("Ruritanien lernt", "Süden")
    with translation.override("fr"):
        assert (program.name, regions[1].name) == ("مهارات روريتانيا", "الجنوب")


def test_loading_twice_changes_nothing(load: Load, ruritania: str) -> None:
    load(ruritania)
    assert load(ruritania) == "ruritania: nothing changed\n"
    assert MeasureVersion.objects.count() == 2


def test_the_shipped_files_load_and_load_again(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_country")
    assert [program.code for program in Program.objects.all()] == sorted(file.stem for file in SHIPPED.glob("*.toml"))
    capsys.readouterr()
    call_command("load_country")
    assert set(capsys.readouterr().out.splitlines()) == {f"{p.code}: nothing changed" for p in Program.objects.all()}


def test_every_program_gets_the_partner_of_its_own_courses(load: Load, ruritania: str) -> None:
    load(ruritania)
    own = Partner.objects.own_courses_of(Program.objects.get())
    assert own.code == "uplift"
    assert [partner.code for partner in Partner.objects.that_report()] == ["guild-of-clockmakers"]


def test_measures_and_targets_keep_the_order_of_the_file(load: Load, ruritania: str) -> None:
    load(ruritania)
    parts = ruritania.split("[[measures]]")
    second, targets = parts[2].split("[[targets]]", 1)
    load(f"{parts[0]}[[measures]]{second}[[measures]]{parts[1]}[[targets]]{targets}")
    order = [version.measure.code for version in MeasureVersion.objects.of(Program.objects.get()).current()]
    assert order == ["literate-small", "literate"]


def test_another_definition_of_a_measure_is_another_version_and_targets_follow(load: Load, ruritania: str) -> None:
    load(ruritania)
    printed = load(ruritania.replace('evidence = "supervised"', 'evidence = "assessed"'))
    assert 'measures: "literate" is defined otherwise, as version 2' in printed
    assert list(MeasureVersion.objects.filter(measure__code="literate").values_list("number", flat=True)) == [1, 2]
    assert Target.objects.get(code="everybody").measure_version.number == 2


def test_a_new_name_of_a_measure_is_no_new_version(load: Load, ruritania: str) -> None:
    load(ruritania)
    printed = load(ruritania.replace('name = "Lesekundige"', 'name = "Wer lesen kann"'))
    assert printed == 'ruritania: measures: "literate" changed (name)\n'
    assert Measure.objects.get(code="literate").versions.count() == 1


def test_a_measure_version_is_never_edited_even_by_sql(load: Load, ruritania: str) -> None:
    load(ruritania)
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        MeasureVersion.objects.update(evidence=1)


def test_changes_are_named_one_by_one(load: Load, ruritania: str) -> None:
    load(ruritania)
    changed = ruritania.replace("committed_people = 12", "committed_people = 13").replace('"Süden"', '"Der Süden"')
    assert load(changed.replace("month = 10", "month = 11")).splitlines() == [
        "ruritania: program: financial_year_month changed",
        'ruritania: region codes: "süd.2" changed (names)',
        'ruritania: partners: "guild-of-clockmakers" changed (committed_people)',
    ]


def test_a_code_that_the_file_drops_is_kept_with_a_line(load: Load, ruritania: str) -> None:
    load(ruritania)
    dropped = ruritania.replace('    { code = "süd.2", names = { ar = "الجنوب", de-at = "Süden" } },\n', "")
    line = 'ruritania: region codes: "süd.2" is not in the file any more; kept, as facts may name it'
    assert load(dropped).splitlines() == ["ruritania: nothing changed", line]
    assert Code.objects.filter(code="süd.2").exists()


def test_a_target_that_the_file_drops_is_removed_with_a_line(load: Load, ruritania: str) -> None:
    load(ruritania)
    without_last = ruritania[: ruritania.rindex("[[targets]]")]
    assert load(without_last) == 'ruritania: targets: "someday" removed\n'
    assert not Target.objects.filter(code="someday").exists()


def test_one_bad_file_loads_none_and_names_the_faults_of_all(tmp_path: Path, ruritania: str) -> None:
    files = [tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"]
    for file, text in zip(files, ["x = 1", ruritania, "= 2"], strict=True):
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        call_command("load_country", *map(str, files))
    assert "a.toml: x: is no key here" in str(refusal.value)
    assert "c.toml: is not TOML: Invalid statement (at line 1, column 1)" in str(refusal.value)
    assert not Program.objects.exists()


def test_an_instance_refuses_a_program_of_another_residency(load: Load, ruritania: str, settings: Settings) -> None:
    settings.RESIDENCIES = ["XQ"]
    with pytest.raises(CommandError, match="has its data in XR, and this instance holds only XQ"):
        load(ruritania)
    assert not Program.objects.exists()


def test_without_a_file_an_instance_loads_the_shipped_programs_that_it_holds(settings: Settings) -> None:
    first = read_country_file(sorted(SHIPPED.glob("*.toml"))[0])
    settings.RESIDENCIES = [first.residency]
    call_command("load_country", verbosity=0)
    assert [program.code for program in Program.objects.all()] == [first.code]


def test_a_program_cannot_move_to_another_country(load: Load, ruritania: str) -> None:
    load(ruritania)
    with pytest.raises(CommandError, match="ruritania belongs to XR, not XS"):
        load(ruritania.replace('country = "XR"', 'country = "XS"'))


def test_closing_a_program_to_learners_survives_loading(load: Load, ruritania: str) -> None:
    load(ruritania)
    Program.objects.update(is_open_to_learners=False)
    load(ruritania)
    assert not Program.objects.get().is_open_to_learners


def defined_by(folder: Path, text: str) -> ProgramDefinition:
    file = folder / "defined.toml"
    file.write_text(text, encoding="utf-8")
    return read_country_file(file)


def loads_at_once(definition: ProgramDefinition, times: int) -> list[Loaded]:
    """The same definition loaded by several threads that start together."""
    together, done = threading.Barrier(times), list[Loaded]()

    def run() -> None:
        together.wait()
        done.append(load_program(definition))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_loads_at_the_same_moment_load_once(ruritania: str, tmp_path: Path) -> None:
    done = loads_at_once(defined_by(tmp_path, ruritania), times=2)
    assert sorted(bool(loaded.changes) for loaded in done) == [False, True]
    assert (Program.objects.count(), MeasureVersion.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_loads_of_a_change_at_the_same_moment_add_one_version(load: Load, ruritania: str, tmp_path: Path) -> None:
    load(ruritania)
    done = loads_at_once(defined_by(tmp_path, ruritania.replace('"supervised"', '"assessed"')), times=4)
    assert sorted(bool(loaded.changes) for loaded in done) == [False, False, False, True]
    assert Measure.objects.get(code="literate").versions.count() == 2
