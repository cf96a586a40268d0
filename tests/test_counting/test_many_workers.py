"""Settling by many at once, and by one that is killed: ledger and counts always equal a recount."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from courses.achievements.models import NEIGHBOURS, Achievement, DirtyPeople
from courses.achievements.operations import fact_key, mark_dirty, merge_persons, unmerge
from people.models import Merge, Person
from programs.models import MeasureVersion
from reporting.counting.clock import database_now
from reporting.counting.freshness import freshness
from reporting.counting.models import Count, LedgerEntry
from reporting.counting.operations import open_ledgers, open_measures, settle
from reporting.counting.settlement import PLAN
from tests.factories import NOW, AchievementFactory, CourseFactory, MeasureVersionFactory, PartnerFactory, UserFactory
from tests.test_counting.cast import assert_equals_recount

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY_ELSE_IS_CONNECTED = """
    SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())
"""


@pytest.fixture
def version() -> MeasureVersion:
    made = MeasureVersionFactory.create()
    open_ledgers()
    open_measures(at=NOW)
    return made


def achieve_many(version: MeasureVersion, number: int) -> list[int]:
    """As many people with a fact each, all in one cell, all dirty, dealt out to the lanes in turn."""
    program = version.program
    first = numbers_for_people(number * NEIGHBOURS)
    people = Person.objects.bulk_create(
        Person(pk=first + place * NEIGHBOURS, program=program, created_at=NOW) for place in range(number)
    )
    course, partner = CourseFactory.create(program=program), PartnerFactory.create(program=program)
    Achievement.objects.bulk_create(
        AchievementFactory.build(
            program=program, person=person, course=course, partner=partner, fact_key=fact_key("many", person.pk)
        )
        for person in people
    )
    mark_dirty(program, [person.pk for person in people], at=NOW)
    return [person.pk for person in people]


def numbers_for_people(number: int) -> int:
    """The first of as many consecutive numbers that no other person gets."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(pg_get_serial_sequence('people_person', 'id'), %s)", [first + number])
    return first


def at_once(work: Callable[[int], object], times: int) -> None:
    def one(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        list(pool.map(one, range(times)))


def headline(version: MeasureVersion) -> int:
    return sum(Count.objects.filter(measure_version=version, grouping="day-region").values_list("people", flat=True))


def test_eight_workers_on_one_hot_cell_count_everybody_once(version: MeasureVersion) -> None:
    achieve_many(version, 400)

    at_once(lambda _: settle(clock=lambda: NOW, batch=7), 8)

    assert headline(version) == 400
    assert LedgerEntry.objects.count() == 400
    assert_equals_recount(version)


def test_people_marked_again_while_they_are_settled_are_booked_once(version: MeasureVersion) -> None:
    people = achieve_many(version, 100)

    def work(number: int) -> None:
        if number % 2:
            mark_dirty(version.program, people, at=NOW)
        settle(clock=lambda: NOW, batch=11)

    at_once(work, 8)
    settle(clock=lambda: NOW)

    assert LedgerEntry.objects.count() == 100
    assert not DirtyPeople.objects.exists()
    assert_equals_recount(version)


def test_eight_workers_while_merging_and_separating_goes_on_book_what_is_right(version: MeasureVersion) -> None:
    people, by = achieve_many(version, 64), UserFactory.create()
    program, course = version.program, CourseFactory.create(program=version.program)

    def work(number: int) -> None:
        drawn = random.Random(number)
        for _ in range(20):
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                (now,) = cursor.fetchone()
            one, other = Person.objects.filter(pk__in=drawn.sample(people, 2))
            merge = Merge.objects.standing().order_by("?").first()
            if number < 2:
                merge_persons(program, one, other, reason=Merge.Reason.REVIEW, evidence={}, at=now)
            elif number == 2 and merge:
                unmerge(merge, because="they are two", at=now, by=by)
            elif number == 3:
                with transaction.atomic():
                    AchievementFactory.create(person=one, course=course, recorded_at=now)
                    mark_dirty(program, [one.pk], at=now)
            settle(clock=database_now, batch=5)

    at_once(work, 8)
    settle(clock=database_now)

    assert not DirtyPeople.objects.exists()
    assert Merge.objects.standing().exists()
    assert headline(version) == 64 - Merge.objects.standing().count()
    assert_equals_recount(version)


def test_a_fact_that_is_on_its_way_while_its_person_is_separated_is_counted(version: MeasureVersion) -> None:
    """Whoever records it still takes the person for an alias, and nobody else knows of it yet."""
    program = version.program
    one, other = Person.objects.filter(pk__in=achieve_many(version, 2)).order_by("pk")
    merge = merge_persons(program, other, one, reason=Merge.Reason.REVIEW, evidence={}, at=NOW)
    settle(clock=database_now)
    recorded, may_commit = threading.Event(), threading.Event()

    def record(_: int) -> None:
        with transaction.atomic():
            AchievementFactory.create(person=other)
            mark_dirty(program, [other.pk], at=NOW)
            recorded.set()
            assert may_commit.wait(30)

    with ThreadPoolExecutor(1) as pool:
        recording = pool.submit(at_once, record, 1)
        assert recorded.wait(30)
        unmerge(merge, because="they are two", at=NOW, by=UserFactory.create())
        settle(clock=database_now)
        may_commit.set()
        recording.result()
    settle(clock=database_now)

    assert LedgerEntry.objects.filter(person=other, part=1).values("partner").distinct().count() == 2
    assert_equals_recount(version)


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_no_trace_of_it(version: MeasureVersion) -> None:
    achieve_many(version, 50)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE counting_count IN SHARE MODE")  # the worker can claim and book, not count
        worker = settle_in_another_process()
        wait_until("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)", while_lives=worker)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    wait_until(NOBODY_ELSE_IS_CONNECTED)  # PostgreSQL notices the dead client when its statement ends

    assert LedgerEntry.objects.count() == 0
    assert settle(clock=lambda: NOW) == 50
    assert headline(version) == 50
    assert_equals_recount(version)


def settle_in_another_process() -> "subprocess.Popen[bytes]":
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}&port={database['PORT'] or 5432}"
    return subprocess.Popen(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "settle"],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )


def wait_until(condition: str, *, while_lives: "subprocess.Popen[bytes] | None" = None) -> None:
    with connection.cursor() as cursor:
        while True:
            cursor.execute(condition)
            if cursor.fetchone()[0]:
                return
            assert while_lives is None or while_lives.poll() is None, "the other process ended too soon"
            cursor.execute("SELECT pg_sleep(0.05)")


def test_what_is_still_being_written_is_not_said_to_be_counted(version: MeasureVersion) -> None:
    """A return takes its moment when it begins, and is counted when it has been committed."""
    began, is_over = database_now(), threading.Event()
    wrote = threading.Event()

    def write(_: int) -> None:
        with transaction.atomic():
            Person.objects.create(program=version.program, created_at=NOW)
            wrote.set()
            is_over.wait(30)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(at_once, write, 1)
        assert wrote.wait(30)
        during = freshness(version.program, at=database_now())
        is_over.set()
        writing.result()
    after = freshness(version.program, at=database_now())

    assert during.counted_until < began < after.counted_until


def test_a_process_that_hangs_in_a_transaction_loses_its_connection(version: MeasureVersion) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)
        with transaction.atomic():
            cursor.execute(PLAN)
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("10s",)
