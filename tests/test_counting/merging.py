"""A small world in which persons are merged and separated."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from courses.achievements.models import NEIGHBOURS, Achievement
from courses.achievements.operations import (
    merge_persons,
    restore_achievement,
    revoke_achievement,
    unmerge,
)
from people.models import Merge
from programs.models import Partner
from reporting.counting.models import LedgerEntry, Posting
from reporting.counting.operations import open_ledgers, open_measures
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory, PersonFactory, UserFactory
from tests.test_counting.cast import achieve, assert_equals_recount, settle_now
from tests.test_counting.test_many_workers import numbers_for_people

FIRST, SECOND, THIRD = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)


class World:
    """Two partners, and three persons: neighbours, or each in a lane of their own."""

    def __init__(self, *, apart: bool) -> None:
        self.version = MeasureVersionFactory.create()
        open_ledgers()
        open_measures(at=NOW)
        self.college, self.firm = (PartnerFactory.create(program=self.version.program) for _ in range(2))
        far = NEIGHBOURS if apart else 1
        first = numbers_for_people(3 * far)
        self.people = [PersonFactory.create(pk=first + n * far, program=self.version.program) for n in range(3)]
        self.moments: Iterator[datetime] = (NOW + timedelta(minutes=minute) for minute in itertools.count(1))
        self.seen = 0

    def achieve(self, who: int, partner: Partner, day: date, **fields: object) -> Achievement:
        now = self.now()
        return achieve(
            self.version, person=self.people[who], partner=partner, achieved_on=day, recorded_at=now, **fields
        )

    def now(self) -> datetime:
        return next(self.moments)

    def merge(self, who: int, into: int) -> Merge:
        return merge_persons(
            self.version.program, self.people[who], self.people[into], reason=Merge.Reason.REVIEW, evidence={},
            at=self.now(),
        )  # fmt: skip

    def unmerge(self, merge: Merge) -> None:
        unmerge(merge, because="two sisters", at=self.now(), by=UserFactory.create())

    def revoke(self, fact: Achievement) -> None:
        revoke_achievement(fact, reason="issued in error", recorded_at=self.now())

    def restore(self, fact: Achievement) -> None:
        restore_achievement(fact, reason="it was right", recorded_at=self.now())

    def settle(self) -> list[tuple[int, str, int, int]]:
        """Settles, and answers who was booked, why, and their part and whole, in the order of persons and steps."""
        settle_now(self.now())
        assert_equals_recount(self.version)
        entries = LedgerEntry.objects.filter(measure_version=self.version, posting__number__gt=self.seen)
        self.seen = Posting.objects.of(self.version.program).count()
        numbers = {person.pk: place for place, person in enumerate(self.people)}
        ordered = entries.order_by("person", "partner", "step")
        return [(numbers[entry.person_id], entry.cause, entry.part, entry.whole) for entry in ordered]
