"""Moments of the ledger never go backward, so what was read as of one reads the same for ever."""

from datetime import timedelta

import pytest

from courses.achievements.operations import mark_dirty
from programs.models import MeasureVersion
from reporting.counting.clock import database_now
from reporting.counting.history import Figure
from reporting.counting.models import Ledger, Posting
from reporting.counting.moments import MomentRefusedError, closed_moment
from reporting.counting.operations import close_ledger
from tests.factories import NOW, MeasureVersionFactory
from tests.test_counting.cast import achieve, settle_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> MeasureVersion:
    return MeasureVersionFactory.create()


def moments() -> list[tuple[int, float]]:
    """Number and moment of each posting, the moment in hours since NOW."""
    return [(posting.number, (posting.posted_at - NOW).total_seconds() / 3600) for posting in Posting.objects.all()]


def test_a_posting_carries_the_moment_and_the_number_of_people(version: MeasureVersion) -> None:
    achieve(version)
    settle_now()

    posting = Posting.objects.get()
    assert (posting.number, posting.posted_at, posting.people, posting.reason) == (1, NOW, 1, "")


def test_what_books_nothing_posts_nothing(version: MeasureVersion) -> None:
    fact = achieve(version)
    settle_now()
    mark_dirty(version.program, [fact.person_id], at=NOW)
    settle_now()

    assert Posting.objects.count() == 1


def test_a_clock_that_jumps_back_does_not_take_the_ledger_along(version: MeasureVersion) -> None:
    for hours in (0, 5, -3, 6):
        achieve(version)
        settle_now(NOW + timedelta(hours=hours))

    assert [number for number, _ in moments()] == [1, 2, 3, 4]
    assert [round(hours, 6) for _, hours in moments()] == [0, 5, 5, 6]
    assert moments() == sorted(moments(), key=lambda moment: moment[1])


def test_after_a_look_nothing_is_posted_at_or_before_it(version: MeasureVersion) -> None:
    achieve(version)
    settle_now(NOW)
    close_ledger(version.program, until=NOW + timedelta(minutes=10))

    achieve(version)
    settle_now(NOW + timedelta(minutes=5))

    last = Posting.objects.latest("number")
    assert last.posted_at > NOW + timedelta(minutes=10)


def test_a_look_at_an_earlier_moment_changes_nothing(version: MeasureVersion) -> None:
    achieve(version)
    settle_now(NOW)

    close_ledger(version.program, until=NOW - timedelta(days=1))

    assert Ledger.objects.get(program=version.program).closed_until == NOW


def test_a_ledger_in_which_nothing_was_booked_yet_can_be_closed(version: MeasureVersion) -> None:
    close_ledger(version.program, until=NOW)

    achieve(version)
    settle_now(NOW - timedelta(hours=1))

    assert Posting.objects.get().posted_at > NOW


def test_a_moment_still_to_come_cannot_be_closed(version: MeasureVersion) -> None:
    with pytest.raises(ValueError, match="still to come"):
        close_ledger(version.program, until=database_now() + timedelta(minutes=1))


def test_programs_have_ledgers_of_their_own(version: MeasureVersion) -> None:
    other = MeasureVersionFactory.create()
    achieve(version)
    achieve(other)
    settle_now()

    assert list(Posting.objects.values_list("number", flat=True)) == [1, 1]


def test_a_ledger_that_is_ahead_of_the_clock_answers_with_all_that_is_booked(version: MeasureVersion) -> None:
    for ahead in (timedelta(days=1), timedelta()):
        achieve(version)
        settle_now(database_now() + ahead)
    program, figure = version.program, Figure(version=version)

    asked = [closed_moment(program, text) for text in ("", str(program.today()))]

    assert [figure.people(moment) for moment in asked] == [2, 2]
    assert figure.people(closed_moment(program, str(program.today() - timedelta(days=1)))) == 0


@pytest.mark.parametrize("text", ["1969-12-31", "0001-01-01T00:00", "1970-01-01"])
def test_a_moment_before_any_ledger_is_refused(version: MeasureVersion, text: str) -> None:
    with pytest.raises(MomentRefusedError, match="before any ledger"):
        closed_moment(version.program, text)
