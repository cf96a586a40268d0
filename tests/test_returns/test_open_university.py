"""Real returns: seven providers, 32,593 rows. Skipped where the data is not beside the checkout."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from courses.achievements.models import Achievement
from people.models import Identity, Person
from programs.models import Evidence
from tests.open_university import PROVIDERS, content_of, needs_the_data, send, united_kingdom

pytestmark = needs_the_data


def shuffled(content: bytes) -> bytes:
    header, *rows = content.splitlines(keepends=True)
    random.Random(4).shuffle(rows)
    return header + b"".join(rows)


def figures() -> tuple[int, ...]:
    return Achievement.objects.count(), Person.objects.count(), Identity.objects.count()


def orphans() -> int:
    return Person.objects.filter(achievements__isnull=True).count()


def test_the_seven_returns(db: None) -> None:
    program = united_kingdom()
    sent = [send(program, provider, content_of(provider)) for provider in PROVIDERS]

    assert [one.facts["3"] for one in sent] == [531, 3754, 1678, 2610, 1650, 3648, 1514]
    assert sum(one.sent for one in sent) == sum(one.accepted for one in sent) == 32_593
    passes = Achievement.objects.filter(evidence=Evidence.ASSESSED)
    assert passes.count() == 15_385
    assert passes.values("person").distinct().count() == 14_581
    assert passes.values("person", "partner").distinct().count() == 15_385
    assert figures() == (32_593, 28_785, 28_785)
    assert orphans() == 0


def test_sending_the_smallest_return_again_changes_nothing(db: None) -> None:
    program = united_kingdom()
    send(program, "aaa", content_of("aaa"))
    before = figures()
    for content in (content_of("aaa"), shuffled(content_of("aaa")), content_of("aaa").replace(b"\r\n", b"\n")):
        sent = send(program, "aaa", content)
        assert (sent.sent, sent.duplicate) == (748, 748)
    assert figures() == before


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    yield
    connection.close()


def test_two_copies_and_all_partners_at_the_same_moment(emptied: None) -> None:
    program = united_kingdom()
    together = threading.Barrier(4)

    def sender(provider: str, content: bytes) -> tuple[int, int]:
        try:
            together.wait()
            sent = send(program, provider, content)
            return sent.accepted, sent.duplicate
        finally:
            connection.close()

    files = [
        (provider, copy)
        for provider in ("aaa", "ggg")
        for copy in (content_of(provider), shuffled(content_of(provider)))
    ]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda file: sender(*file), files))

    assert sorted(results) == [(0, 748), (0, 2534), (748, 0), (2534, 0)]
    assert Achievement.objects.count() == 3282
    assert Person.objects.count() == Identity.objects.count()
    assert orphans() == 0
