"""The pages of candidates: what a program manager sees and decides, and what nobody else sees."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.achievements.operations import merge_persons
from courses.matching.models import Candidate, Decision
from courses.matching.operations import decide_alike, decide_later, decide_same
from people.models import Merge, Particulars
from programs.models import Role
from tests.factories import NOW, AchievementFactory, CourseFactory, MembershipFactory, PersonFactory, UserFactory
from tests.test_matching.cast import Office, new_office, state_of

pytestmark = pytest.mark.django_db
BY_HTMX = {"HX-Request": "true"}


def address(office: Office, *rest: object) -> str:
    return "/".join(["/p", office.program.code, "candidates", *(str(part) for part in rest), ""])


def words(response: Any) -> str:
    """The page as it reads, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def without_tokens(response: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_said_stands_side_by_side(office: Office) -> None:
    candidate = office.pair(name="राहुल शर्मा", employer="Acme Ltd")
    course = CourseFactory.create(program=office.program, title="Welding")
    AchievementFactory.create_batch(2, program=office.program, person=candidate.one, course=course)

    page = words(as_user(office.anna).get(address(office)))

    for text in ("राहुल शर्मा", "3 Feb 1990", "Acme Ltd", office.college.name, office.employer.name, "Welding, 2 times"):
        assert text in page
    assert f"Candidate {candidate.pk}, score {candidate.score} of 100" in page


def test_nobody_sees_a_contact_or_an_identifier(office: Office) -> None:
    office.pair(phone="canary")
    said = Particulars.objects.order_by("pk").first()
    assert said is not None

    page = as_user(office.anna).get(address(office)).content.decode()

    assert "canary" not in page
    assert bytes(said.email or b"").hex() not in page


def test_the_likeliest_comes_first_and_those_put_off_have_a_page(office: Office) -> None:
    weak, strong = office.alone(), office.pair(employer="Acme", phone="1")
    client = as_user(office.anna)
    assert f"Candidate {strong.pk}," in words(client.get(address(office)))

    decide_later(strong, at=NOW, by=office.anna)

    assert f"Candidate {weak.pk}," in words(client.get(address(office)))
    assert f"Candidate {strong.pk}," in words(client.get(address(office) + "?later"))


def test_name_and_birth_date_alone_say_so_and_ask_for_a_reason(office: Office) -> None:
    candidate = office.alone()
    client = as_user(office.anna)
    assert "alone is never enough to merge" in words(client.get(address(office)))

    refused = client.post(address(office, candidate.pk), {"action": "same", "because": " "})
    assert (refused.status_code, "Say what else you know" in words(refused)) == (422, True)
    client.post(address(office, candidate.pk), {"action": "same", "because": "One certificate"})

    assert state_of(candidate) == "same"
    assert "“One certificate”" in words(client.get(address(office, candidate.pk)))


@pytest.mark.parametrize(("action", "says"), [("same", "Merged"), ("different", "Kept apart"), ("later", "Put off")])
def test_a_button_decides_and_the_next_one_comes(office: Office, action: str, says: str) -> None:
    first, second = sorted([office.pair(), office.pair()], key=lambda row: (-row.score, row.pk))
    client = as_user(office.anna)

    page = words(client.post(address(office, first.pk), {"action": action}, follow=True))

    assert state_of(first) == action
    assert says in page
    assert f"Candidate {second.pk}," in page


@pytest.mark.parametrize("action", ["same", "different", "later"])
def test_htmx_gets_the_next_one_at_once(office: Office, action: str) -> None:
    first, second = sorted([office.pair(), office.pair()], key=lambda row: (-row.score, row.pk))

    part = as_user(office.anna).post(address(office, first.pk), {"action": action}, headers=BY_HTMX)

    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert f"Candidate {second.pk}," in words(part)
    assert "autofocus" in part.content.decode()


def test_the_part_is_what_the_page_holds(office: Office) -> None:
    office.pair()
    client = as_user(office.anna)

    page, part = client.get(address(office)), client.get(address(office), headers=BY_HTMX)

    assert without_tokens(part).replace(" autofocus", "").strip() in without_tokens(page)
    assert "HX-Request" in page.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, BY_HTMX])
def test_an_undo_brings_it_back(office: Office, headers: dict[str, str]) -> None:
    candidate = office.pair()
    decision = decide_same(candidate, at=NOW, by=office.bela)
    client = as_user(office.anna)
    assert f"Candidate {candidate.pk} : one person" in words(client.get(address(office)))

    page = client.post(address(office, "undo", decision.pk), headers=headers, follow=True)

    assert "Undone: it is open again" in words(page)
    assert f"Candidate {candidate.pk}," in words(page)
    assert not office.are_one(candidate)


def test_an_undo_of_what_was_decided_anew_is_refused_and_of_a_part_says_so(office: Office) -> None:
    rows = [office.pair() for _ in range(2)]
    put_off = decide_alike(rows, "later", at=NOW, by=office.bela)
    decide_same(rows[0], at=NOW, by=office.bela)
    client = as_user(office.anna)

    page = client.post(address(office, "undo", put_off.pk), headers=BY_HTMX)

    assert "1 of 2 are open again; the others were decided anew since" in words(page)
    assert f"Candidate {rows[1].pk}" in words(page)
    first = decide_later(rows[1], at=NOW, by=office.bela)
    decide_same(rows[1], at=NOW, by=office.bela)
    page = client.post(address(office, "undo", first.pk))
    assert (page.status_code, "undo what was decided after it" in words(page)) == (422, True)


def test_what_was_decided_in_between_is_shown_and_refused(office: Office) -> None:
    candidate = office.pair()
    decide_same(candidate, at=NOW, by=office.bela)

    page = as_user(office.anna).post(address(office, candidate.pk), {"action": "different"})

    assert page.status_code == 422
    assert f"{office.bela} has decided already: one person" in words(page)


@pytest.mark.parametrize("action", ["", "merge"])
def test_an_unknown_button_does_nothing(office: Office, action: str) -> None:
    candidate = office.pair()

    assert as_user(office.anna).post(address(office, candidate.pk), {"action": action}).status_code == 422
    assert state_of(candidate) == "open"


def test_the_same_evidence_is_shown_and_decided_together(office: Office) -> None:
    rows = [office.pair() for _ in range(3)]
    client = as_user(office.anna)
    assert "Decide together with 2 more" in words(client.get(address(office)))

    page = client.get(address(office, rows[0].pk, "alike"))
    assert "3 open candidates have the same evidence" in words(page)
    assert ("E-mail: the same" in words(page), "Telephone" in words(page)) == (True, False)
    chosen = [row.pk for row in rows]
    sent = {"candidate": chosen, "action": "same"}
    assert client.post(address(office, rows[0].pk, "alike"), sent).status_code == 422
    done = client.post(address(office, rows[0].pk, "alike"), sent | {"agreed": "on"}, follow=True)

    assert "Decided 3 together" in words(done)
    assert f"Candidate {rows[0].pk} and 2 more: one person" in words(done)
    assert all(office.are_one(row) for row in rows)
    assert Decision.objects.get().candidates == 3


def test_name_and_birth_date_alone_have_no_button_to_merge_many(office: Office) -> None:
    candidate = office.alone()

    page = as_user(office.anna).get(address(office, candidate.pk, "alike")).content.decode()

    assert ('value="same"' in page, 'value="different"' in page) == (False, True)


def test_candidates_of_another_program_are_not_found(office: Office) -> None:
    other = new_office()
    candidate = other.pair()
    decision = decide_later(candidate, at=NOW, by=other.anna)
    client = as_user(office.anna)

    pages = [address(office, candidate.pk), address(office, candidate.pk, "alike")]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(address(office, candidate.pk), {"action": "same"}).status_code == 404
    assert client.post(address(office, "undo", decision.pk)).status_code == 404
    own = office.pair()
    sent = {"candidate": [candidate.pk], "action": "different", "agreed": "on"}
    assert client.post(address(office, own.pk, "alike"), sent).status_code == 422
    assert state_of(candidate) == "later"


def test_only_program_managers_open_them(office: Office) -> None:
    candidate = office.pair()
    pages = [address(office), address(office, candidate.pk), address(office, candidate.pk, "alike")]
    others = [MembershipFactory(program=office.program, role=role) for role in (Role.LEARNER, Role.MINISTRY)]
    partner = MembershipFactory(program=office.program, role=Role.PARTNER_MANAGER, partner=office.college)
    operator = UserFactory(is_staff=True, is_superuser=True)

    for user in [*(row.user for row in others), partner.user, operator, UserFactory(), new_office().anna]:
        assert [as_user(user).get(page).status_code for page in pages] == [404] * 3
        assert as_user(user).post(pages[1], {"action": "same"}).status_code == 404


def test_an_empty_queue_says_why(office: Office) -> None:
    client = as_user(office.anna)
    assert "Nothing was searched yet" in words(client.get(address(office)))
    office.search()
    assert "Nobody waits" in words(client.get(address(office)))


def test_a_merged_person_shows_all_that_is_said_of_them(office: Office) -> None:
    candidate = office.pair()
    third = PersonFactory.create(program=office.program)
    office.say("Another Name", person=third)
    merge_persons(office.program, third, candidate.one, reason=Merge.Reason.NATIONAL, evidence={}, at=NOW)

    page = words(as_user(office.anna).get(address(office)))

    assert "with 1 merged" in page
    assert "Another Name" in page


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(page).status_code == 200
    return len(context)


def test_the_number_of_queries_does_not_grow(office: Office) -> None:
    client = as_user(office.anna)
    first = office.pair()
    pages = [address(office), address(office, first.pk), address(office, first.pk, "alike")]
    few = [queries(client, page) for page in pages]
    for _ in range(20):
        row = office.pair()
        AchievementFactory.create(program=office.program, person=row.one)
    assert Candidate.objects.like(first).count() > 15

    assert [queries(client, page) for page in pages] == few
    assert max(few) <= 20
