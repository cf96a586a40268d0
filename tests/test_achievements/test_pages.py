"""The pages of revocations: what two managers see and do, and what nobody else sees."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.achievements.models import MassRevocation
from courses.achievements.operations import carry_out_mass_revocation
from programs.models import Role
from tests.factories import NOW, MembershipFactory, PartnerFactory, PersonFactory, ProgramFactory, UserFactory
from tests.test_achievements.orders import FIRST, LAST, Office, office_of

pytestmark = pytest.mark.django_db
PERIOD = {"first_on": FIRST.isoformat(), "last_on": LAST.isoformat(), "reason": "Wrong results"}


def address(office: Office, *rest: object) -> str:
    return "/".join(["/p", office.program.code, "revocations", *(str(part) for part in rest), ""])


def words(response: Any) -> str:
    """The page as it reads, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def propose(office: Office, *, by: User, **changes: object) -> Any:
    sent = {"partner": office.partner.pk, **PERIOD, "confirmed": "yes", **changes}
    return as_user(by).post(address(office), sent)


def decide(office: Office, order: MassRevocation, action: str, *, by: User, **sent: object) -> Any:
    return as_user(by).post(address(office, order.pk), {"action": action, **sent})


def test_two_managers_revoke_and_undo_in_the_browser(office: Office) -> None:
    office.achieve()

    order = MassRevocation.objects.get(pk=propose(office, by=office.anna).url.split("/")[-2])
    decide(office, order, "approve", by=office.bela, seen=1, agreed="on")
    carry_out_mass_revocation(order.pk, at=NOW)
    assert office.standing() == 0
    undo = decide(office, order, "undo", by=office.bela, reason="They were right").url.split("/")[-2]
    decide(office, MassRevocation.objects.get(pk=undo), "approve", by=office.anna, seen=1, agreed="on")
    carry_out_mass_revocation(int(undo), at=NOW)

    assert office.standing() == 1
    assert "Undone" in words(as_user(office.anna).get(address(office)))


def test_the_number_is_shown_before_anything_is_proposed(office: Office) -> None:
    person = PersonFactory(program=office.program)
    office.achieve(person=person)
    office.achieve(person=person)

    response = propose(office, by=office.anna, confirmed="")

    assert "2 achievements of 1 person" in words(response)
    assert 'name="reason" value="Wrong results"' in response.content.decode()
    assert not MassRevocation.objects.exists()


def test_a_proposal_can_be_changed_before_it_is_made(office: Office) -> None:
    office.achieve()

    response = propose(office, by=office.anna, confirmed="change")

    assert response.status_code == 200
    assert "Wrong results</textarea>" in response.content.decode()
    assert not MassRevocation.objects.exists()


def test_a_form_that_is_sent_twice_proposes_once(office: Office) -> None:
    office.achieve()

    first, second = (propose(office, by=office.anna) for _ in range(2))

    assert first.url == second.url
    assert MassRevocation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"first_on": "2026-04-01"}, "id_last_on", "lies before the first day"),
        ({"last_on": "2999-01-01"}, "id_last_on", "lies ahead"),
        ({"last_on": "yesterday"}, "id_last_on", "Enter a valid date"),
        ({"reason": " "}, "id_reason", "required"),
        ({"reason": "x" * 1001}, "id_reason", "at most 1000 characters"),
        ({"partner": ""}, "id_partner", "required"),
    ],
)
def test_a_wrong_field_is_named(office: Office, changes: dict[str, str], place: str, says: str) -> None:
    office.achieve()

    response = propose(office, by=office.anna, **changes)

    assert response.status_code == 422
    error = re.search(rf'id="{place}_error">(.*?)</div>', response.content.decode(), re.S)
    assert error is not None
    assert says in error[1]


def test_a_period_with_nothing_in_it_is_refused(office: Office) -> None:
    response = propose(office, by=office.anna, confirmed="")

    assert response.status_code == 422
    assert "Nothing that was achieved with" in words(response)


def test_another_programs_partner_cannot_be_chosen(office: Office) -> None:
    response = propose(office, by=office.anna, partner=PartnerFactory().pk)

    assert response.status_code == 422
    assert not MassRevocation.objects.exists()


def test_who_proposed_it_sees_that_another_person_decides(office: Office) -> None:
    office.achieve()
    order = office.propose()

    page = words(as_user(office.anna).get(address(office, order.pk)))

    assert "another person has to decide" in page
    assert "Approve" not in page
    refused = decide(office, order, "approve", by=office.anna, seen=1, agreed="on")
    assert (refused.status_code, "Another person has to approve it." in words(refused)) == (422, True)


def test_approving_needs_the_tick(office: Office) -> None:
    office.achieve()
    order = office.propose()

    for sent in ({"seen": 1}, {"agreed": "on"}, {"seen": "x", "agreed": "on"}):
        response = decide(office, order, "approve", by=office.bela, **sent)
        assert response.status_code == 422
        assert 'class="error"' in response.content.decode() or "The number was not sent" in words(response)

    order.refresh_from_db()
    assert order.is_open


def test_a_number_that_has_changed_is_shown_and_asked_for_again(office: Office) -> None:
    office.achieve()
    order = office.propose()
    office.achieve()

    response = decide(office, order, "approve", by=office.bela, seen=1, agreed="on")

    assert response.status_code == 422
    assert "not 1 achievements now, but 2 of 2 people" in words(response)
    assert 'name="seen" value="2"' in response.content.decode()


@pytest.mark.parametrize(
    ("action", "name", "state"), [("refuse", "bela", "Refused"), ("withdraw", "anna", "Withdrawn")]
)
def test_a_decision_shows_who_and_when(office: Office, action: str, name: str, state: str) -> None:
    office.achieve()
    order, user = office.propose(), getattr(office, name)

    assert decide(office, order, action, by=user).status_code == 302

    page = words(as_user(office.anna).get(address(office, order.pk)))
    assert re.search(rf"{state} by {user}, \d+ \w+ \d+, \d\d:\d\d", page)
    assert f"{state} by {user}" in words(as_user(office.anna).get(address(office)))


@pytest.mark.parametrize("action", ["", "carry-out"])
def test_an_unknown_button_does_nothing(office: Office, action: str) -> None:
    office.achieve()

    assert decide(office, office.propose(), action, by=office.bela).status_code == 422


def test_an_approved_order_asks_again_by_itself_until_it_is_done(office: Office) -> None:
    office.achieve()
    order = office.approve(office.propose())
    waiting = as_user(office.anna).get(address(office, order.pk)).content.decode()
    carry_out_mass_revocation(order.pk, at=NOW)
    done = as_user(office.anna).get(address(office, order.pk))

    assert ('hx-trigger="every 2s"' in waiting, 'hx-trigger="every 2s"' in done.content.decode()) == (True, False)
    assert "1 achievement of 1 person revoked" in words(done)


def test_the_part_is_what_the_page_holds(office: Office) -> None:
    office.achieve()
    order = office.approve(office.propose())
    client = as_user(office.anna)

    page = client.get(address(office, order.pk))
    part = client.get(address(office, order.pk), headers={"HX-Request": "true"})

    assert part.content.decode().strip() in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in page.headers["Vary"]


def test_an_operator_may_open_it_and_other_roles_find_nothing(office: Office) -> None:
    office.achieve()
    pages = [address(office), address(office, office.propose().pk)]
    assert [as_user(UserFactory(is_staff=True, is_superuser=True)).get(page).status_code for page in pages] == [200] * 2
    partner_manager = MembershipFactory(program=office.program, role=Role.PARTNER_MANAGER, partner=office.partner)
    others = [MembershipFactory(program=office.program, role=role) for role in (Role.LEARNER, Role.MINISTRY)]
    strangers = [UserFactory(), MembershipFactory(role=Role.PROGRAM_MANAGER).user]

    for user in [partner_manager.user, *(row.user for row in others), *strangers]:
        assert [as_user(user).get(page).status_code for page in pages] == [404] * 2
        assert propose(office, by=user).status_code == 404


def test_an_order_of_another_program_is_not_found(office: Office) -> None:
    foreign = office_of(PartnerFactory(program=ProgramFactory()))
    foreign.achieve()
    order = foreign.propose()

    assert as_user(office.anna).get(address(office, order.pk)).status_code == 404
    assert decide(office, order, "refuse", by=office.bela).status_code == 404


def test_no_page_shows_a_person(office: Office) -> None:
    office.achieve(person=PersonFactory(program=office.program, name="Canary Nightingale"))
    order = office.carry_out(office.propose())

    for page in (address(office), address(office, order.pk)):
        assert "Canary" not in as_user(office.anna).get(page).content.decode()


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(page).status_code == 200
    return len(context)


def test_the_number_of_queries_does_not_grow(office: Office) -> None:
    client = as_user(office.anna)
    office.achieve()
    order = office.carry_out(office.propose())
    few = [queries(client, page) for page in (address(office), address(office, order.pk))]
    for day in range(2, 22):
        office.achieve(on=FIRST.replace(day=day))
        many = office.carry_out(office.propose())
    assert [queries(client, page) for page in (address(office), address(office, many.pk))] == few
    assert max(few) <= 10


def test_older_orders_have_a_page_of_their_own(office: Office) -> None:
    for _ in range(51):
        office.achieve()
        newest = office.carry_out(office.propose(reason=f"Reason {MassRevocation.objects.count()}."))
    client = as_user(office.anna)

    first = client.get(address(office))

    assert "Reason 50." in words(first)
    assert "Reason 0." not in words(first)
    assert "Reason 0." in words(client.get(address(office), {"before": newest.pk - 49}))


def test_a_reason_is_never_markup(office: Office) -> None:
    office.achieve()
    order = office.propose(reason="<script>alert(1)</script>")

    for page in (address(office), address(office, order.pk)):
        assert "<script>alert(1)" not in as_user(office.bela).get(page).content.decode()
