"""Storing: all of a request or nothing, each statement once, never another one under the same id."""

import random
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from courses.statements.models import Arrival, Statement
from courses.statements.operations import claim_arrivals, note_taken
from programs.models import Partner
from tests.factories import PartnerFactory
from tests.test_statements.lms import (
    ANNA,
    BEN,
    SOME_ID,
    STATEMENTS,
    LearningSystem,
    full,
    new_id,
    reference_to,
    small,
    voiding,
)


def test_one_statement_is_stored_and_its_id_given_back(either: LearningSystem) -> None:
    answer = either.post(small())
    assert answer.status_code == 200
    assert [str(row.statement_id) for row in Statement.objects.all()] == answer.json()


def test_many_statements_are_stored_in_their_order(lms: LearningSystem) -> None:
    numbers = sorted((new_id() for _ in range(20)), reverse=True)
    assert lms.store(*[small(id=number) for number in numbers]) == numbers
    assert [str(row.statement_id) for row in Statement.objects.order_by("pk")] == numbers


def test_no_statements_are_none(lms: LearningSystem) -> None:
    assert lms.store() == []
    assert not Arrival.objects.exists()


def test_put_stores_one_under_the_id_of_its_address(either: LearningSystem) -> None:
    number = new_id()
    assert either.put(small(), statementId=number).status_code == 204
    assert either.put(small(id=number), statementId=number).status_code == 204
    assert either.get(statementId=number).json()["id"] == number


@pytest.mark.parametrize("address", [STATEMENTS, f"{STATEMENTS}?statementId=", f"{STATEMENTS}?statementId=true"])
def test_put_needs_an_id_in_its_address(lms: LearningSystem, address: str) -> None:
    assert lms.put(small(id=new_id()), address).status_code == 400


@pytest.mark.parametrize("value", [small(id=SOME_ID), [small()], [], "x", None])
def test_put_of_something_else_is_refused(lms: LearningSystem, value: Any) -> None:
    assert lms.put(value, statementId=new_id()).status_code == 400
    assert not Statement.objects.exists()


def test_what_is_missing_is_filled_in(lms: LearningSystem) -> None:
    number = lms.store(small())[0]
    found = lms.get(statementId=number).json()
    assert (found["id"], found["version"], found["timestamp"]) == (number, "1.0.0", found["stored"])
    assert found["authority"] == {
        "objectType": "Agent",
        "account": {"homePage": "http://localhost:8000", "name": f"token-{lms.token.pk}"},
    }


def test_what_was_sent_stays_as_it_is(either: LearningSystem) -> None:
    statement = full(id=new_id(), version="1.0.2")
    either.store(statement)
    found = either.get(statementId=statement["id"]).json()
    del found["stored"], found["authority"]
    statement["context"]["contextActivities"]["category"] = [statement["context"]["contextActivities"]["category"]]
    assert found == statement


def test_moment_and_authority_are_ours_whatever_is_sent(lms: LearningSystem) -> None:
    number = lms.store(small(stored="2001-01-01T00:00:00Z", authority=BEN))[0]
    found = lms.get(statementId=number).json()
    assert found["stored"] > "2026"
    assert found["authority"]["account"]["name"] == f"token-{lms.token.pk}"


def test_a_statement_that_came_before_is_stored_once(either: LearningSystem) -> None:
    statement = full(id=new_id())
    assert [either.post(statement).json() for _ in range(3)] == [[statement["id"]]] * 3
    assert either.put(statement, statementId=statement["id"]).status_code == 204
    assert (Statement.objects.count(), Arrival.objects.count()) == (1, 1)


def test_an_id_is_the_same_in_capitals(lms: LearningSystem) -> None:
    number = new_id()
    lms.store(small(id=number))
    lms.store(small(id=number.upper()))
    assert Statement.objects.count() == 1


def test_new_ones_among_known_ones_are_stored(lms: LearningSystem) -> None:
    first, second = small(id=new_id()), small(id=new_id())
    lms.store(first)
    assert lms.store(first, second) == [first["id"], second["id"]]
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("change", [{"actor": BEN}, {"verb": {"id": "a:b"}}, {"result": {"success": False}}])
def test_another_statement_of_the_same_id_is_refused(either: LearningSystem, change: dict[str, Any]) -> None:
    number = new_id()
    either.store(small(id=number))
    assert either.post(small(id=number) | change).status_code == 409
    assert either.put(small(id=number) | change, statementId=number).status_code == 409
    assert either.get(statementId=number).json()["actor"] == ANNA


def test_a_request_with_another_statement_stores_nothing(lms: LearningSystem) -> None:
    number, other = new_id(), new_id()
    lms.store(small(id=number))
    assert lms.post([small(id=other), small(id=number, actor=BEN)]).status_code == 409
    assert [str(row.statement_id) for row in Statement.objects.all()] == [number]
    assert Arrival.objects.count() == 1


def test_a_request_with_a_wrong_statement_stores_nothing(lms: LearningSystem) -> None:
    answer = lms.post([small(), small(verb={"id": "should fail"})])
    assert answer.status_code == 400
    assert "Statement 2.verb.id must be an IRI" in answer.json()["detail"]
    assert not Statement.objects.exists()


def test_an_id_that_is_used_twice_in_a_request_is_refused(either: LearningSystem) -> None:
    number = new_id()
    assert either.post([small(id=number), small(id=number)]).status_code == 400


def test_the_same_id_means_another_statement_for_another_partner(lms: LearningSystem) -> None:
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    number = new_id()
    lms.store(small(id=number))
    other.store(small(id=number, actor=BEN))
    assert lms.get(statementId=number).json()["actor"] == ANNA
    assert other.get(statementId=number).json()["actor"] == BEN


def test_a_voided_statement_is_known_as_such(lms: LearningSystem, partner: Partner) -> None:
    first, second = lms.store(small(), small())
    lms.store(voiding(first), reference_to(second))
    rows = Statement.objects.of_partner(partner)
    assert [str(row.statement_id) for row in rows.voided()] == [first]
    assert rows.standing().count() == 3


def test_what_takes_back_cannot_be_taken_back(lms: LearningSystem, partner: Partner) -> None:
    first = lms.store(small())[0]
    second = lms.store(voiding(first))[0]
    lms.store(voiding(second), voiding(first))
    assert [str(row.statement_id) for row in Statement.objects.of_partner(partner).voided()] == [first]


def test_voiding_may_come_before_what_it_voids(lms: LearningSystem) -> None:
    number = new_id()
    lms.store(voiding(number))
    lms.store(small(id=number))
    assert lms.get(statementId=number).status_code == 404
    assert lms.get(voidedStatementId=number).status_code == 200


def test_a_partner_voids_nothing_of_another(lms: LearningSystem) -> None:
    other = LearningSystem.of(PartnerFactory.create(program=lms.token.program))
    number = lms.store(small())[0]
    other.store(voiding(number))
    assert lms.get(statementId=number).status_code == 200


def test_a_worker_finds_what_arrived_and_takes_it_once(lms: LearningSystem, partner: Partner) -> None:
    lms.store(small(), small())
    lms.store(small())
    with transaction.atomic():
        arrivals = claim_arrivals(partner, most=10)
        assert [len(arrival.statements) for arrival in arrivals] == [2, 1]
        assert note_taken(arrivals, at=timezone.now()) == 2
        assert note_taken(arrivals, at=timezone.now()) == 0
    assert not Arrival.objects.waiting().exists()
    taken = [number for arrival in arrivals for number in arrival.statements]
    assert Statement.objects.filter(pk__in=taken).count() == 3


@pytest.mark.parametrize("change", [{"said": "{}"}, {"is_voiding": True}, {"refers_to": SOME_ID}])
def test_the_database_lets_nobody_change_a_statement(lms: LearningSystem, change: dict[str, Any]) -> None:
    lms.store(small())
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Statement.objects.update(**change)


def test_a_statement_by_the_token_of_another_program_is_refused(lms: LearningSystem) -> None:
    lms.store(small())
    row, other = Statement.objects.get(), LearningSystem.of(PartnerFactory.create())
    row.pk, row.statement_id, row.token = None, new_id(), other.token
    with pytest.raises(IntegrityError, match="token_id of statements_statement is no row of"), transaction.atomic():
        row.save(force_insert=True)


def test_storing_takes_as_many_queries_for_many_statements(
    lms: LearningSystem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lms.store(small())
    for number in (1, 20):
        statements = [full() for _ in range(number)]
        with django_assert_num_queries(4):  # the token, a savepoint, the statements, its release
            lms.store(*statements)


@pytest.mark.django_db(transaction=True)
def test_eight_clients_who_send_the_same_store_each_once(lms: LearningSystem) -> None:
    statements = [full(id=new_id()) for _ in range(60)]

    def send(seed: int) -> list[int]:
        rows = deepcopy(statements)
        random.Random(seed).shuffle(rows)
        try:
            return [lms.post(rows[place : place + 20]).status_code for place in range(0, 60, 20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clients:
        codes = [code for answers in clients.map(send, range(8)) for code in answers]
    assert set(codes) == {200}
    assert Statement.objects.count() == 60
    assert sum(len(arrival.statements) for arrival in Arrival.objects.all()) == 60


@pytest.mark.django_db(transaction=True)
def test_of_eight_different_statements_of_one_id_one_is_stored(lms: LearningSystem) -> None:
    number = new_id()

    def send(place: int) -> int:
        try:
            code: int = lms.post(small(id=number, result={"response": str(place)})).status_code
            return code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clients:
        codes = list(clients.map(send, range(8)))
    assert sorted(codes) == [200] + [409] * 7
    assert orjson.loads(Statement.objects.get().said)["result"]["response"] == str(codes.index(200))
