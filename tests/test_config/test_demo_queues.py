"""The demonstration brings something to look at: rows that rules hold, rows with a fault, persons who may be one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command

from config.demo.doubtful import TWICE, TWINS
from config.demo.population import SENDINGS, _files
from config.demo.queues import PARTNERS, Filled, _kept, _profile, ensure_queues
from courses.matching.models import Candidate, Search
from courses.returns.models import HeldRow, Return
from courses.returns.operations import load_profile
from people.models import Merge, Particulars
from programs.models import Program
from tests.factories import NOW

pytestmark = pytest.mark.django_db
COUNTRIES = Path(settings.BASE_DIR) / "platform/programs/countries"


def country(code: str) -> Program:
    call_command("load_country", str(COUNTRIES / f"{code}.toml"), verbosity=0)
    return Program.objects.get(code=code)


@pytest.mark.parametrize(("code", "faulty"), [("gb", 9), ("in", 8)], ids=["national identifier", "none"])
def test_the_queues_are_filled(code: str, faulty: int) -> None:
    assert ensure_queues(country(code), at=NOW) == Filled(held=95, faulty=faulty, candidates=len(TWICE) + len(TWINS))


def test_every_rule_that_the_rows_can_break_holds_some() -> None:
    ensure_queues(country("gb"), at=NOW)
    rules = set(HeldRow.objects.exclude(rule="").values_list("rule", flat=True))
    assert rules == {"night", "crowded", "dormant", "shared", "placeholder", "fast"}
    both = HeldRow.objects.filter(rule="crowded", also="fast")
    assert both.count() == 4


def test_every_candidate_is_one_of_those_who_were_meant() -> None:
    ensure_queues(country("gb"), at=NOW)
    names = dict(Particulars.objects.values_list("person", "name"))
    found = {(names[row.one_id], names[row.other_id]) for row in Candidate.objects.all()}
    assert found == {(each.name, each.other_name) for each in TWICE} | {(one, other) for one, other, _ in TWINS}
    assert not Merge.objects.exists()


def test_some_candidates_have_the_same_evidence_and_one_nothing_but_name_and_birth_date() -> None:
    ensure_queues(country("gb"), at=NOW)
    patterns = list(Candidate.objects.values_list("pattern", flat=True))
    assert max(patterns.count(pattern) for pattern in patterns) == 4
    assert Candidate.objects.filter(is_alone=True).count() == 1


def test_filling_twice_is_filling_once() -> None:
    program = country("gb")
    ensure_queues(program, at=NOW)
    assert ensure_queues(program, at=NOW + timedelta(days=1)) is None
    assert (Return.objects.count(), Search.objects.count()) == (len(PARTNERS), 1)


def test_what_was_interrupted_is_gone_on_with() -> None:
    program = country("gb")
    load_profile(_profile(program), program)
    _kept(program, "demo-logistics", at=NOW)

    ensure_queues(program, at=NOW)

    assert Return.objects.filter(status=Return.Status.LOADED).count() == Return.objects.count() == len(PARTNERS)


def test_no_invented_row_lies_after_the_day_of_its_sending_when_clocks_were_changed() -> None:
    program = country("au")
    midnight = datetime(2026, 11, 24, 0, 4, tzinfo=ZoneInfo(program.time_zone)).astimezone(UTC)
    for (_, number), rows in _files(program, midnight).items():
        sent_on = program.day_of(midnight - timedelta(days=280 * (SENDINGS - number) // SENDINGS))
        assert all(row[2] <= sent_on.isoformat() for row in rows), number
