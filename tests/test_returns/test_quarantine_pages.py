"""The pages of the quarantine: what a program manager sees and decides, and what nobody sees."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.returns.models import AnomalyRule, HeldRow, QuarantineDecision
from courses.returns.operations import release_waiting_rows
from programs.models import Role
from tests.factories import NOW, MembershipFactory, PartnerFactory, UserFactory
from tests.test_returns.anomaly_world import academy_of, dormant_firms, file_of_lines, line
from tests.test_returns.school import School, counts


@pytest.fixture
def academy(db: None) -> School:
    return academy_of(PartnerFactory(name="Academy of the North"))


@pytest.fixture
def manager(academy: School, client: Client) -> Client:
    user = UserFactory.create()
    MembershipFactory(program=academy.program, user=user)
    client.force_login(user)
    return client


def address(school: School, *rest: object) -> str:
    return "/".join(["/p", school.program.code, "quarantine", *(str(part) for part in rest), ""])


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send_shared(school: School, people: int = 3, account: str = "GB01") -> Any:
    rows = (line(f"CANARY{n}", account=account, name=f"Name {n}", employer="Acme") for n in range(people))
    return school.send(file_of_lines(rows))


def form_of(sent: Any, **changes: str) -> dict[str, str]:
    row = sent.held_rows.first()
    group = {"partner": str(sent.partner_id), "rule": row.rule, "group": row.group, "also": row.also}
    return group | {"action": "release", "because": "one family"} | changes


def test_the_queue_shows_the_evidence_side_by_side(academy: School, manager: Client) -> None:
    send_shared(academy)
    page = words(manager.get(address(academy)))
    for text in (
        "Shared by several people: 3 rows of Academy of the North",
        "3 people have this account",
        "Name 2",
        "All say course safety",
        "employer Acme",
    ):
        assert text in page


def test_nobody_sees_an_identifier_or_a_contact(academy: School, manager: Client) -> None:
    send_shared(academy)
    page = manager.get(address(academy)).content.decode()
    assert "CANARY" not in page
    assert "GB01" not in page


def test_releasing_by_the_page_takes_the_rows_in(academy: School, manager: Client) -> None:
    sent = send_shared(academy)
    assert manager.post(address(academy, "decide"), form_of(sent)).status_code == 302
    release_waiting_rows(at=NOW)
    sent.refresh_from_db()
    assert counts(sent) == (3, 3, 0, 0)
    assert "they go in. “one family”" in words(manager.get(address(academy)))


def test_a_decision_by_key_has_a_reason_too(academy: School, manager: Client) -> None:
    sent = send_shared(academy)
    manager.post(address(academy, "decide"), form_of(sent, action="dismiss", because=""))
    assert QuarantineDecision.objects.get().because == "decided by the evidence shown"
    assert set(sent.held_rows.values_list("state", flat=True)) == {"dismissed"}


def test_one_row_can_be_decided_alone(academy: School, manager: Client) -> None:
    sent = send_shared(academy)
    row = sent.held_rows.get(number=3)
    manager.post(address(academy, "decide"), form_of(sent, action="dismiss", row=str(row.pk)))
    assert HeldRow.objects.waiting(academy.program).count() == 2


def test_a_decision_can_be_undone_by_the_page(academy: School, manager: Client) -> None:
    sent = send_shared(academy)
    manager.post(address(academy, "decide"), form_of(sent))
    made = QuarantineDecision.objects.get()
    assert manager.post(address(academy, "undo", made.pk)).status_code == 302
    assert HeldRow.objects.waiting(academy.program).count() == 3


@pytest.mark.parametrize("changes", [{"action": "burn"}, {"partner": "x"}, {"group": "none"}, {"partner": "999999999"}])
def test_forms_that_cannot_be_are_refused(academy: School, manager: Client, changes: dict[str, str]) -> None:
    sent = send_shared(academy)
    assert manager.post(address(academy, "decide"), form_of(sent, **changes)).status_code == 422
    assert HeldRow.objects.waiting(academy.program).count() == 3


def test_rows_of_another_program_cannot_be_decided(academy: School, manager: Client) -> None:
    other = send_shared(academy_of(PartnerFactory()))
    assert manager.post(address(academy, "decide"), form_of(other)).status_code == 422
    assert set(other.held_rows.values_list("state", flat=True)) == {"waiting"}


def test_partners_and_outsiders_see_nothing(academy: School, client: Client) -> None:
    user = UserFactory.create()
    MembershipFactory(program=academy.program, user=user, role=Role.PARTNER_MANAGER, partner=academy.partner)
    client.force_login(user)
    assert [client.get(address(academy, *rest)).status_code for rest in ((), ("rules",))] == [404, 404]


def test_an_undoing_without_a_reason_says_so(academy: School, manager: Client) -> None:
    manager.post(address(academy, "decide"), form_of(send_shared(academy)))
    manager.post(address(academy, "undo", QuarantineDecision.objects.get().pk))
    assert "taken back. “taken back without a reason”" in words(manager.get(address(academy)))


def test_what_all_rows_say_is_said_once_and_what_differs_has_a_column(academy: School, manager: Client) -> None:
    send_shared(academy)
    page = manager.get(address(academy)).content.decode()
    assert page.count("Acme") == 1
    assert '<th scope="col">name</th>' in page
    assert '<th scope="col">employer</th>' not in page


def test_of_a_single_row_every_cell_has_a_column(academy: School, manager: Client) -> None:
    academy.send(file_of_lines([line("A", name="Test", employer="Acme")]))
    page = manager.get(address(academy)).content.decode()
    assert '<th scope="col">employer</th>' in page
    assert "All say" not in words(manager.get(address(academy)))


def test_the_list_says_what_was_found_in_each_group(academy: School, manager: Client) -> None:
    send_shared(academy, 4)
    academy.send(file_of_lines([line("A", name="Test", minutes=1)]))
    page = words(manager.get(address(academy)))
    assert "Academy of the North: 4 people have this account" in page
    assert "Academy of the North: a placeholder as name; also faster than plausible" in page


def test_an_address_names_a_group(academy: School, manager: Client) -> None:
    send_shared(academy, 5)
    asleep = send_shared(academy, 2, "GB02")
    page = manager.get(address(academy), form_of(asleep))
    assert "2 rows of Academy of the North" in words(page)
    assert "This group does not wait any more" in words(manager.get(address(academy), form_of(asleep, group="gone")))


def test_every_rule_says_what_it_found(academy: School, manager: Client) -> None:
    (firm,) = dormant_firms(academy, 1)
    night = [
        line(f"N{n}", employer=firm, employees=2, ended="2026-05-04 02:10", phone="00000000", minutes=1)
        for n in range(40)
    ]
    academy.send(file_of_lines(night))
    page = words(manager.get(address(academy)))
    assert f"40 learners of {firm}, dormant since 1 Apr 2019 by the register" in page
    assert "where 2 people work" not in page  # the register says 40, and it knows best
    assert "40 people have this phone" in page
    assert "a placeholder as phone" in page
    assert "safety in 1 min;" in page
    assert f"40 of 40 rows of 4 May 2026 were completed at night at {firm}" in page


def test_the_number_of_queries_does_not_grow(academy: School, manager: Client) -> None:
    send_shared(academy)
    with CaptureQueriesContext(
        connection,
    ) as few:
        manager.get(address(academy))
    for n in range(20):
        send_shared(academy, 2, f"GB1{n}")
    with CaptureQueriesContext(connection) as many:
        manager.get(address(academy))
    assert len(many) == len(few)


def test_rules_are_changed_by_the_page_and_logged(academy: School, manager: Client) -> None:
    form = {"kind": "shared", "is_on": "on", "account": "5", "email": "2", "phone": "2"}
    assert manager.post(address(academy, "rules"), form).status_code == 302
    assert AnomalyRule.objects.get(kind="shared").parameters["account"] == 5
    assert "Changed last" in words(manager.get(address(academy, "rules")))


def test_a_threshold_that_cannot_be_is_refused_with_the_reason(academy: School, manager: Client) -> None:
    page = manager.post(address(academy, "rules"), {"kind": "shared", "is_on": "on", "account": "many"})
    assert page.status_code == 422
    assert "account: a whole number from 1 to 1,000,000 is wanted" in words(page)


def test_words_of_placeholders_are_one_a_line(academy: School, manager: Client) -> None:
    form = {"kind": "placeholder", "repeated": "5", "words": "Nobody\n\n nemo ", "domains": ""}
    manager.post(address(academy, "rules"), form)
    rule = AnomalyRule.objects.get(kind="placeholder")
    assert (rule.is_on, rule.parameters["words"], rule.parameters["domains"]) == (False, ["Nobody", "nemo"], [])


def test_nul_names_no_group_and_gives_no_reason(academy: School, manager: Client) -> None:
    sent = send_shared(academy)
    assert manager.get(address(academy), form_of(sent, group="\0")).status_code == 200
    assert manager.post(address(academy, "decide"), form_of(sent, also="\0")).status_code == 422
    assert manager.post(address(academy, "decide"), form_of(sent, because="\0")).status_code == 302
