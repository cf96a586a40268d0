"""Finding statements again page by page, and how far an answer can be trusted to be complete."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction

from courses.statements.models import Statement
from courses.statements.reading import consistent_through
from programs.models import Partner
from tests.factories import PartnerFactory
from tests.test_statements.lms import LearningSystem, new_id, small


def test_moments_narrow_what_is_found(lms: LearningSystem) -> None:
    numbers = [lms.store(small())[0] for _ in range(3)]
    moments = [lms.get(statementId=number).json()["stored"] for number in numbers]
    assert lms.found(since=moments[0]) == numbers[:0:-1]
    assert lms.found(until=moments[1]) == numbers[1::-1]
    assert lms.found(since=moments[0], until=moments[1]) == [numbers[1]]
    assert lms.found(since="2012-06-01T19:09:13.245+02:00", limit=1) == [numbers[2]]


def test_pages_follow_each_other_without_gap_or_repetition(either: LearningSystem) -> None:
    numbers = either.store(*[small() for _ in range(7)])
    for ascending, expected in ((True, numbers), (False, numbers[::-1])):
        found, answer = list[str](), either.get(limit=3, ascending=ascending, verb=small()["verb"]["id"]).json()
        while True:
            found += [statement["id"] for statement in answer["statements"]]
            if not answer["more"]:
                break
            assert answer["more"].startswith("/xapi/statements?more=")
            answer = either.get(answer["more"]).json()
        assert found == expected


def test_an_answer_without_statements_is_one(either: LearningSystem) -> None:
    assert either.get(verb="a:none").json() == {"statements": [], "more": ""}


def test_a_link_to_more_serves_nobody_else(lms: LearningSystem) -> None:
    lms.store(small(), small())
    more = lms.get(limit=1).json()["more"]
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    other.store(small(), small())
    assert other.get(more).status_code == 400
    seal = parse_qs(urlsplit(more).query)["more"][0]
    assert lms.get(more=seal[:-1] + ("A" if seal[-1] != "A" else "B")).status_code == 400


def test_a_page_has_as_many_statements_as_we_give(lms: LearningSystem) -> None:
    lms.store(*[small() for _ in range(501)])
    for limit in ({}, {"limit": 0}, {"limit": 1000}, {"limit": "9" * 400}):
        answer = lms.get(**limit).json()
        assert len(answer["statements"]) == 500
        assert answer["more"]


def test_everything_that_was_stored_is_consistent(lms: LearningSystem) -> None:
    number = lms.store(small())[0]
    answer = lms.get(statementId=number)
    through = datetime.fromisoformat(answer["X-Experience-API-Consistent-Through"])
    assert through > datetime.fromisoformat(answer.json()["stored"])


@pytest.mark.django_db(transaction=True)
def test_what_is_being_stored_holds_the_consistent_moment_back(lms: LearningSystem, partner: Partner) -> None:
    """Another connection has stored a statement and not committed it: nobody may believe to have seen all until now."""

    def read() -> datetime:
        try:
            return consistent_through(partner)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        before = other.submit(read).result()
        with transaction.atomic():
            lms.store(small())
            stored = Statement.objects.get().stored_at
            assert before < other.submit(read).result() <= stored
        assert other.submit(read).result() > stored


@pytest.mark.django_db(transaction=True)
def test_an_ascending_page_ends_before_what_is_being_stored(lms: LearningSystem) -> None:
    """Who reads on from its end would else never see the statement that was stored first and committed last."""

    def store_and_read(number: str) -> list[list[str]]:
        try:
            lms.store(small(id=number))
            return [lms.found(ascending=True), lms.found()]
        finally:
            connection.close()

    first, second = new_id(), new_id()
    lms.get()  # that the token is used is noted now, and not in the transaction
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            lms.store(small(id=first))
            assert other.submit(store_and_read, second).result() == [[], [second]]
        assert other.submit(store_and_read, second).result() == [[first, second], [second, first]]
