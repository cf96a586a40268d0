"""A profile is checked as a whole, loaded as often as one likes, and never changes what is recorded."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.achievements.models import Achievement
from courses.catalogue.models import Course
from courses.returns.models import ReturnProfile
from courses.returns.operations import Change, load_profile
from courses.returns.profiles import SHIPPED, ProfileRefusedError, parsed
from programs.models import Program
from tests.factories import PartnerFactory, ProgramFactory
from tests.test_returns.school import PROFILE, School, counts, row

pytestmark = pytest.mark.django_db


def refused(source: str) -> list[str]:
    with pytest.raises(ProfileRefusedError) as refusal:
        load_profile(parsed(source), ProgramFactory())
    return refusal.value.faults


def test_loading_twice_changes_nothing(school: School) -> None:
    before = [*ReturnProfile.objects.values(), *Course.objects.values()]
    assert load_profile(parsed(PROFILE), school.program) == Change.UNCHANGED
    assert [*ReturnProfile.objects.values(), *Course.objects.values()] == before


def test_a_changed_profile_changes_no_fact(school: School) -> None:
    school.report(row("1"))
    before = school.facts()
    changed = PROFILE.replace('Upper = "N"', 'Upper = "S"').replace('Pass = "assessed"', 'Pass = "completed"')
    assert load_profile(parsed(changed), school.program) == Change.CHANGED
    assert school.facts() == before
    school.profile.refresh_from_db()
    assert counts(school.report(row("2"))) == (1, 1, 0, 0)
    assert Achievement.objects.get(person__identities__isnull=False, region="S").evidence == 2


def test_a_profile_brings_its_courses_and_takes_over_new_titles(school: School) -> None:
    course = Course.objects.get(program=school.program)
    assert (course.code, course.title, course.tags, course.partner) == ("digging", "Digging", ["skills"], None)
    assert (
        load_profile(parsed(PROFILE.replace('title = "Digging"', 'title = "Deep digging"')), school.program)
        == "changed"
    )
    course.refresh_from_db()
    assert course.title == "Deep digging"


def test_a_profile_says_how_long_its_courses_take_and_what_it_does_not_say_stays(school: School) -> None:
    timed = PROFILE.replace('tags = ["skills"]', 'tags = ["skills"]\nminutes = 90\nshortest_minutes = 20')
    assert load_profile(parsed(timed), school.program) == Change.CHANGED
    assert load_profile(parsed(timed), school.program) == Change.UNCHANGED
    load_profile(parsed(PROFILE), school.program)
    course = Course.objects.get(program=school.program)
    assert (course.minutes, course.shortest_minutes) == (90, 20)


@pytest.mark.parametrize("minutes", ["0", "-1", "1.5", "true", '"60"', "600001"])
def test_minutes_are_a_whole_number(minutes: str) -> None:
    faults = refused(PROFILE.replace('tags = ["skills"]', f'tags = ["skills"]\nminutes = {minutes}'))
    assert faults == ["courses[1].minutes: a whole number from 1 to 600,000 is wanted"]


def test_every_fault_of_the_form_is_named_at_once() -> None:
    source = PROFILE.replace('code = "school"', 'code = "My School"').replace('name = "Mining school"', "colour = 3")
    source = source.replace('Seen = "opened"', 'Seen = "seen"').replace(
        'column = "ended"', 'column = "ended"\nformat = "%y"'
    )
    faults = refused(source + '\n[[courses]]\ncode = "x"\ntags = "skills"\n')
    assert len(faults) == 7
    for start in (
        "name: missing", "colour: unknown key", "code: 'My School' is not a code", "day.format: '%y' does not say day",
        "result.values.Seen: 'seen' is unknown; known are opened, completed", "courses[2].title: missing",
        "courses[2].tags: a list",
    ):  # fmt: skip
        assert any(fault.startswith(start) for fault in faults), start


def test_everything_that_does_not_fit_the_program_is_named_at_once() -> None:
    source = 'program = "elsewhere"\n' + PROFILE.replace('Lower = "S"', 'Lower = "W"').replace(
        '"citizen"', '"passport"'
    )
    source = source.replace('sector = "B"', 'sector = "Z"\nregion = "N"').replace('= "digging" }', '= "flying" }')
    twice = 'tags = []\npartner = "nobody"\n[[courses]]\ncode = "digging"\ntitle = "Twice"\ntags = []'
    faults = refused(source.replace('tags = ["skills"]', twice))
    for start in (
        "program: this profile is for elsewhere", "person.schemes: ", "region.values.Lower: 'W' is no region",
        "constants.sector: 'Z' is no sector", "constants.region: there is a column for it as well",
        "courses: digging stands there 2 times", "courses[1].partner: 'nobody' is no partner",
        "course.values.Digging: there is no course 'flying'",
    ):  # fmt: skip
        assert any(fault.startswith(start) for fault in faults), start
    assert len(faults) == 8
    assert not ReturnProfile.objects.exists()


def test_a_fault_of_toml_has_its_line() -> None:
    assert refused("code = \n") == ["not TOML: Invalid value (at line 1, column 8)"]


def test_the_tags_of_a_course_never_change(school: School) -> None:
    with pytest.raises(ProfileRefusedError, match=r"courses.1.: digging exists with other tags or another partner"):
        load_profile(parsed(PROFILE.replace('tags = ["skills"]', 'tags = ["other"]')), school.program)


def test_the_first_scheme_that_the_program_has_is_taken() -> None:
    source = (SHIPPED / "standard.toml").read_text(encoding="utf-8")
    with_scheme, without = ProgramFactory(), ProgramFactory(identity_schemes=[])
    for program in (with_scheme, without):
        load_profile(parsed(source), program)
    schemes = [ReturnProfile.objects.get(program=program).definition["person"] for program in (with_scheme, without)]
    assert [person["scheme"] for person in schemes] == ["citizen", "partner"]


def test_numbers_of_the_partner_itself_are_not_mixed_with_anothers() -> None:
    from people.models import Person
    from tests.test_returns.school import school_of

    program = ProgramFactory()
    for _ in range(2):
        school = school_of(PartnerFactory(program=program))
        school.profile.definition["person"]["scheme"] = "partner"
        school.profile.save()
        assert counts(school.report(row("A-1"))) == (1, 1, 0, 0)
    assert Person.objects.filter(program=program).count() == 2


def command(*arguments: object) -> str:
    out = StringIO()
    call_command("load_profile", *(str(argument) for argument in arguments), stdout=out)
    return out.getvalue()


def test_the_command_loads_a_profile_into_one_program_or_into_all() -> None:
    one, other = ProgramFactory(code="one"), ProgramFactory(code="two")
    file = SHIPPED / "standard.toml"
    assert command(file, "--program", "one") == "one standard (standard.toml): added\n"
    assert command(file).splitlines() == [
        "one standard (standard.toml): unchanged",
        "two standard (standard.toml): added",
    ]
    assert command(file, "--verbosity", "0") == ""
    assert {profile.program for profile in ReturnProfile.objects.all()} == {one, other}


def test_the_command_names_every_file_and_fault(tmp_path: Path, program: Program) -> None:
    bad, worse = tmp_path / "bad.toml", tmp_path / "worse.toml"
    bad.write_text(PROFILE.replace('"N"', '"X"'))
    worse.write_bytes(b"\xff")
    with pytest.raises(CommandError) as refusal:
        command(bad, worse, tmp_path / "none.toml", "--program", program.code)
    lines = str(refusal.value).splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [str(bad), str(worse), str(tmp_path / "none.toml")]
    assert lines[-1] == "Nothing was loaded."


def test_the_command_loads_all_files_or_none(tmp_path: Path, program: Program) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(PROFILE)
    bad.write_text("code = 3")
    with pytest.raises(CommandError):
        command(good, bad)
    assert not ReturnProfile.objects.exists()
    assert not Course.objects.exists()


@pytest.fixture
def program() -> Program:
    made: Program = ProgramFactory()
    return made


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="there is no program gb; load its country file first"):
        command(SHIPPED / "gb-open-university.toml")
