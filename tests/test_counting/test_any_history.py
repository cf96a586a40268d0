"""Whatever happens in whatever order, what is booked is what a plain reading of the facts gives, and stays known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.achievements.models import Achievement
from courses.achievements.operations import (
    mark_dirty,
    merge_persons,
    restore_achievement,
    revoke_achievement,
    unmerge,
)
from people.models import Merge, Person
from programs.models import Evidence, MeasureVersion, Partner
from reporting.counting.models import Count, LedgerEntry, Posting
from tests.factories import (
    NOW,
    AchievementFactory,
    CourseFactory,
    MeasureVersionFactory,
    PartnerFactory,
    PersonFactory,
    UserFactory,
)
from tests.test_counting.cast import assert_equals_recount, settle_now

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 1, 1)

facts = st.tuples(
    st.just("fact"),
    st.integers(0, 3),  # person
    st.integers(0, 2),  # partner
    st.integers(0, 3),  # day
    st.sampled_from([Evidence.OPENED, Evidence.ASSESSED]),
    st.sampled_from("NS"),
)
changes = st.tuples(st.sampled_from(["revoke", "restore"]), st.integers(0, 9))
merges = st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3))
separations = st.tuples(st.just("unmerge"), st.integers(0, 3))
looks = st.tuples(st.sampled_from(["settle", "mark"]))
events = st.one_of(facts, facts, changes, merges, separations)
histories = st.lists(st.one_of(events, events, looks), min_size=3, max_size=25)


@dataclass
class World:
    version: MeasureVersion
    people: list[Person]
    partners: list[Partner]
    now: datetime = NOW

    @classmethod
    def new(cls) -> "World":
        version = MeasureVersionFactory.create()
        program = version.program
        partners = [PartnerFactory.create(program=program) for _ in range(3)]
        return cls(version, [PersonFactory.create(program=program) for _ in range(4)], partners)

    def roots(self) -> dict[int, int]:
        """Whom each person is counted as: where their standing merges lead in the end."""
        into = dict(Merge.objects.standing().of(self.version.program).values_list("person", "into"))
        found = {}
        for person in self.people:
            found[person.pk] = person.pk
            while found[person.pk] in into:
                found[person.pk] = into[found[person.pk]]
        return found

    def due(self) -> tuple[dict[tuple[int, date, str], int], dict[tuple[date, str], int]]:
        """The parts (by partner, day and region) and the whole (by day and region), read plainly from the facts."""
        standing = Achievement.objects.standing().filter(program=self.version.program, evidence=Evidence.ASSESSED)
        parts: dict[tuple[int, date, str], int] = {}
        whole: dict[tuple[date, str], int] = {}
        roots = self.roots()
        for root in set(roots.values()):
            members = [person for person in roots if roots[person] == root]
            own = sorted(standing.filter(person__in=members), key=lambda fact: (fact.achieved_on, bytes(fact.fact_key)))
            for fact in {fact.partner_id: fact for fact in reversed(own)}.values():
                key = fact.partner_id, fact.achieved_on, fact.region
                parts[key] = parts.get(key, 0) + 1
            for fact in own[:1]:
                whole[fact.achieved_on, fact.region] = whole.get((fact.achieved_on, fact.region), 0) + 1
        return parts, whole

    def booked(self, until: int | None = None) -> tuple[dict[tuple[int, date, str], int], dict[tuple[date, str], int]]:
        """The same from the ledger, as of the posting with the number `until`."""
        entries = LedgerEntry.objects.filter(measure_version=self.version)
        if until is not None:
            entries = entries.filter(posting__number__lte=until)
        parts: dict[tuple[int, date, str], int] = {}
        whole: dict[tuple[date, str], int] = {}
        for entry in entries:
            key = entry.partner_id, entry.day, entry.region
            parts[key] = parts.get(key, 0) + entry.part
            whole[key[1:]] = whole.get(key[1:], 0) + entry.whole
        return {k: n for k, n in parts.items() if n}, {k: n for k, n in whole.items() if n}

    def happen(self, event: tuple[object, ...]) -> None:
        self.now += timedelta(seconds=1)
        match event:
            case ("fact", int(person), int(partner), int(day), Evidence() as evidence, str(region)):
                AchievementFactory.create(
                    person=self.people[person], partner=self.partners[partner], evidence=evidence, region=region,
                    achieved_on=FIRST_DAY + timedelta(days=day), recorded_at=self.now,
                    course=CourseFactory.create(program=self.version.program),
                )  # fmt: skip
                self.mark(self.people[person])
            case (("revoke" | "restore") as kind, int(which)):
                known = Achievement.objects.filter(program=self.version.program, kind="achieved").order_by("pk")
                fact = known[which] if which < known.count() else None
                change = revoke_achievement if kind == "revoke" else restore_achievement
                if fact and (fact in Achievement.objects.standing()) == (kind == "revoke"):
                    change(fact, reason="because", recorded_at=self.now)
            case ("merge", int(person), int(into)) if person != into:
                self.merge(self.people[person], self.people[into])
            case ("unmerge", int(person)):
                merge = Merge.objects.standing().filter(person=self.people[person]).first()
                if merge:
                    unmerge(merge, because="they are two", at=self.now, by=UserFactory.create())
            case ("mark",):
                self.mark(*self.people)

    def merge(self, person: Person, into: Person) -> Merge:
        return merge_persons(
            self.version.program, person, into, reason=Merge.Reason.REVIEW, evidence={"name": 1}, at=self.now
        )

    def mark(self, *people: Person) -> None:
        mark_dirty(self.version.program, [person.pk for person in people], at=NOW)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
def test_what_is_booked_is_what_the_facts_give_and_every_earlier_moment_stays(
    history: list[tuple[object, ...]],
) -> None:
    world = World.new()
    seen: dict[int, object] = {}
    for event in [*history, ("settle",)]:
        world.happen(event)
        if event == ("settle",):
            settle_now()
            assert world.booked() == world.due()
            seen[Posting.objects.of(world.version.program).count()] = world.due()
    assert_equals_recount(world.version)
    assert {number: world.booked(until=number) for number in seen} == seen
    counts = Count.objects.filter(measure_version=world.version, people__gt=0)
    assert sum(counts.filter(grouping="day-region").values_list("people", flat=True)) == sum(world.due()[1].values())
    assert sum(counts.filter(partner__isnull=False).values_list("people", flat=True)) == sum(world.due()[0].values())


CAUSES = {
    "fact": {"new", "late"},
    "revoke": {"revoked"},
    "restore": {"restored"},
    "merge": {"merge"},
    "unmerge": {"unmerge"},
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, min_size=3, max_size=25))
def test_what_is_booked_after_each_event_says_that_event(history: list[tuple[object, ...]]) -> None:
    world = World.new()
    for event in history:
        world.happen(event)
        known = set(LedgerEntry.objects.values_list("posting", flat=True))
        settle_now(world.now)
        booked = LedgerEntry.objects.exclude(posting__in=known).values_list("cause", flat=True)
        assert set(booked) <= CAUSES[str(event[0])]
    assert world.booked() == world.due()
    assert_equals_recount(world.version)
