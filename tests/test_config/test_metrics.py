from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.achievements.operations import mark_dirty
from reporting.counting.clock import database_now
from reporting.counting.models import Count, Ledger
from reporting.counting.operations import recount, settle
from tests.factories import AchievementFactory, MeasureVersionFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = "watcher"


def read(client: Client) -> dict[str, float]:
    """The gauges of the program "ruritania"."""
    answer = client.get("/metrics", headers={"Authorization": "Bearer watcher"})
    lines = [line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if 'program="ruritania"' in line]
    return {name.split("{")[0]: float(value) for name, value in lines}


def test_what_waits_and_what_is_wrong_is_told(client: Client) -> None:
    version = MeasureVersionFactory.create(program__code="ruritania")
    facts = [AchievementFactory.create(person=PersonFactory.create(program=version.program)) for _ in range(2)]
    mark_dirty(version.program, [facts[0].person_id], at=database_now())
    settle(clock=database_now)
    Count.objects.filter(grouping="day-region").update(people=5)
    recount(version.program, at=database_now())
    mark_dirty(version.program, [facts[1].person_id], at=database_now() - timedelta(minutes=5))

    told = read(client)

    assert (told["uplift_people_waiting"], told["uplift_recount_differences"]) == (1, 1)
    assert 300 <= told["uplift_seconds_behind"] < 400
    assert told["uplift_ledger_ahead_seconds"] == 0


def test_a_ledger_that_is_ahead_of_the_clock_is_told(client: Client) -> None:
    version = MeasureVersionFactory.create(program__code="ruritania")
    Ledger.objects.create(program=version.program, closed_until=database_now() + timedelta(hours=1))

    assert 3500 < read(client)["uplift_ledger_ahead_seconds"] <= 3600


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "watcher"}])
def test_without_the_token_there_is_no_such_page(client: Client, sent: dict[str, str]) -> None:
    assert client.get("/metrics", headers=sent).status_code == 404


def test_an_installation_without_a_token_has_no_such_page(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
