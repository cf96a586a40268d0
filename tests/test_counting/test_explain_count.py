import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from courses.achievements.operations import revoke_achievement
from programs.models import MeasureVersion
from reporting.counting.operations import recount
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory, PersonFactory, ProgramFactory
from tests.test_counting.cast import achieve, settle_now

pytestmark = pytest.mark.django_db
MARCH, APRIL = datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 4, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def version() -> MeasureVersion:
    """Ruritania: two people of the college, one of whom the employer trained later; the other one revoked in April."""
    version = MeasureVersionFactory.create(program__code="rur", measure__code="skills", starts_on=date(2026, 1, 1))
    program = version.program
    college, employer = (PartnerFactory.create(program=program, code=c, name=c.title()) for c in ("college", "firm"))
    revoked = achieve(version, partner=college)
    twice = achieve(version, partner=college, region="S").person
    achieve(version, person=twice, partner=employer, region="S", achieved_on=date(2026, 3, 5))
    settle_now(at=MARCH)
    revoke_achievement(revoked, reason="issued in error", recorded_at=APRIL)
    settle_now(at=APRIL)
    return version


def said(*arguments: str) -> str:
    """The output with single spaces."""
    out = io.StringIO()
    call_command("explain_count", *arguments, stdout=out)
    return re.sub(" +", " ", out.getvalue())


def test_it_says_the_figure_what_counts_and_why() -> None:
    text = said("rur")
    assert text.startswith("1 people\nas of 2026-")
    assert "of the whole, each person once, in all regions and all sectors" in text
    assert "at least assessed, from 1 Jan 2026. The region is where the person lived" in text
    assert " new 2 0 2\n revoked 0 -1 -1\n together 2 -1 1\n" in text


def test_as_of_a_day_it_says_what_was_counted_then() -> None:
    text = said("rur", "skills", "--as-of", "2026-03-10")
    assert text.startswith("2 people\nas of 2026-03-10 23:59:59.999999+01:00")
    assert "revoked" not in text


def test_cells_months_and_partners_are_listed() -> None:
    text = said("rur", "--as-of", "2026-03-10")
    assert "North 1\n Farming 1\n South 1\n Farming 1" in text
    assert " Mar 2026 2\n" in text
    assert " College 2 2 0\n Firm 1 0 1\n" in text
    assert "The parts add up to 3: 1 more than the whole" in text


def test_a_partner_s_part_in_a_region() -> None:
    text = said("rur", "--partner", "firm", "--region", "S")
    assert text.startswith("1 people\n")
    assert "of the part of Firm, in South and all sectors" in text


def test_another_version_of_the_measure(version: MeasureVersion) -> None:
    MeasureVersion.objects.create(program=version.program, measure=version.measure, number=2, evidence=4)
    assert " version 2 0\n version 1 1\n" in said("rur", "skills", "--version", "1")
    assert said("rur", "skills").startswith("0 people")


def test_a_revision_is_listed_by_cause() -> None:
    text = said("rur", "--since", "2026-03-31", "--until", "2026-04-30")
    _, _, table = text.partition("Booked after 2026-03-31 23:59:59.999999+02:00, until 2026-04-30")
    assert " revoked 0 -1 -1\n together 0 -1 -1\n" in table


def test_it_says_how_fresh_it_is_and_what_the_last_recount_found(version: MeasureVersion) -> None:
    assert "every fact until then is in these figures" in said("rur")
    assert "has not been compared with a count from scratch yet" in said("rur")
    recount(version.program, at=NOW)
    achieve(version)
    text = said("rur")
    assert "1 people wait, for " in text
    assert "Compared with a count from scratch 2026-11-22 10:00:00+01:00: no differences" in text


def test_a_program_that_has_counted_nobody_is_explained_too() -> None:
    MeasureVersionFactory.create(program__code="new")
    assert said("new").startswith("0 people\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no program “nowhere”. The program has: .*rur"),
        (["rur", "nowhere"], "no measure “nowhere”.*skills"),
        (["rur", "--version", "9"], "no version “9”. The program has: 1"),
        (["rur", "--region", "X"], "no region “X”. The program has: N, S"),
        (["rur", "--partner", "X"], "no partner “X”.*college, firm, uplift"),
        (["rur", "--as-of", "2999-01-01"], "2999-01-01 is still to come: the ledger answers until today"),
        (["rur", "--as-of", "yesterday"], "“yesterday” is no date: write it as 20"),
        (["rur", "--since", "2026-04-01", "--until", "2026-03-01"], "first date must be earlier"),
        (["rur", "--since", "2026-04-01", "--until", "2026-04-01"], "first date must be earlier"),
        (["rur", "--until", "2026-03-01"], "--until needs --since"),
    ],
)
def test_bad_input_is_refused_with_what_is_allowed(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as refused:
        said(*arguments)
    assert refused.value.returncode == 1


def test_a_program_without_measures_is_refused() -> None:
    ProgramFactory.create(code="bare")
    with pytest.raises(CommandError, match="no measure"):
        said("bare")


def test_no_person_is_shown(version: MeasureVersion) -> None:
    canary = PersonFactory.create(pk=987_654_321, program=version.program)
    achieve(version, person=canary)
    settle_now(at=APRIL + timedelta(1))
    text = said("rur", "--since", "2026-01-01")
    assert text.startswith("2 people")
    assert "987654321" not in text.replace(",", "")
