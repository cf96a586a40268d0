import io

import pytest
from django.core.management import CommandError, call_command

from courses.achievements.models import Achievement
from courses.achievements.operations import mark_dirty, revoke_achievement
from reporting.counting.freshness import freshness
from reporting.counting.models import Count, Posting, Recount
from reporting.counting.tasks import recount_due, settle
from tests.factories import NOW, AchievementFactory, MeasureVersionFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fact() -> None:
    version = MeasureVersionFactory.create(program__code="ruritania")
    fact = AchievementFactory.create(person=PersonFactory.create(program=version.program))
    mark_dirty(fact.program, [fact.person_id], at=NOW)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_settle_says_how_many() -> None:
    assert "1 people settled" in run("settle")
    assert "0 people settled" in run("settle")


def test_the_task_may_be_delivered_twice() -> None:
    settle()
    settle()

    assert Count.objects.get(grouping="day-region").people == 1


def test_recount_says_that_all_is_equal() -> None:
    run("settle")

    assert run("recount", "ruritania").count("equal") == 3


def test_recount_fails_on_a_difference() -> None:
    run("settle")
    Count.objects.update(people=5)

    with pytest.raises(CommandError, match="not what the facts give"):
        run("recount")


def test_recount_of_an_unknown_program_is_refused() -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run("recount", "nowhere")


def test_freshness_says_who_waits_and_for_how_long() -> None:
    fact = AchievementFactory.create(source=Achievement.Source.LEARNING)
    mark_dirty(fact.program, [fact.person_id], at=NOW)

    before = freshness(fact.program, at=NOW.replace(minute=5))
    settle()
    after = freshness(fact.program, at=NOW.replace(minute=6))

    assert (before.waiting, before.behind.total_seconds(), before.counted_until) == (1, 300, NOW)
    assert (after.waiting, after.behind.total_seconds(), after.counted_until) == (0, 0, NOW.replace(minute=6))
    assert after.newest_fact_at == NOW


def test_the_nightly_task_may_be_delivered_five_times() -> None:
    for _ in range(5):
        recount_due()

    assert Recount.objects.count() == 1


def test_recount_repairs_only_when_it_is_told_to_and_why() -> None:
    run("settle")
    Count.objects.filter(grouping="size-age").update(people=5)

    said = run("recount", "ruritania", "--repair", "somebody changed it by hand")

    assert "ruritania: 1 differences booked as posting 2" in said
    assert Count.objects.get(grouping="size-age").people == 1
    assert Posting.objects.get(number=2).reason == "somebody changed it by hand"


def test_a_repair_without_a_reason_is_refused() -> None:
    with pytest.raises(CommandError, match="Say why"):
        run("recount", "--repair", "")


def test_a_lane_that_cannot_be_settled_is_told() -> None:
    run("settle")
    Count.objects.filter(grouping="size-age").update(people=0)
    fact = Achievement.objects.get()
    revoke_achievement(fact, reason="issued in error", recorded_at=NOW)

    with pytest.raises(CommandError, match=r"cannot be settled.*would be -1"):
        run("settle")
