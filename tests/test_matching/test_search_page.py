"""The button "Search now": what it says before, during and after, and who has none."""

import pytest
from django.test import Client

from courses.matching.models import AskedSearch, Search
from courses.matching.operations import find_candidates_asked
from programs.models import Role
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.test_matching.cast import Office, new_office
from tests.test_matching.test_asking import twice
from tests.test_matching.test_pages import BY_HTMX, address, as_user, words

pytestmark = pytest.mark.django_db


def test_the_button_asks_and_the_page_says_so(office: Office) -> None:
    client = as_user(office.anna)
    assert "Search now" in words(client.get(address(office)))

    page = words(client.post(address(office, "search"), follow=True))

    assert f"Searching, because {office.anna} asked for it" in page
    assert "Search now" not in page
    assert AskedSearch.objects.get().asked_by == office.anna


def test_pressing_twice_is_one_search(office: Office) -> None:
    for client in (as_user(office.anna), as_user(office.bela), as_user(office.anna)):
        assert client.post(address(office, "search")).status_code == 302
    find_candidates_asked(at=NOW)
    assert (AskedSearch.objects.count(), Search.objects.count()) == (1, 1)


def test_a_page_that_waits_asks_again_until_it_has_ended(office: Office) -> None:
    client = as_user(office.anna)
    part = client.post(address(office, "search"), headers=BY_HTMX)
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert 'hx-trigger="every 2s"' in client.get(address(office, "search"), headers=BY_HTMX).content.decode()

    find_candidates_asked(at=NOW)

    part = client.get(address(office, "search"), headers=BY_HTMX)
    assert "The search has ended. Look at what waits now" in words(part)
    assert "hx-trigger" not in part.content.decode()
    assert "Search now" in words(part)


def test_where_nothing_was_shown_the_first_candidate_comes_by_itself(office: Office) -> None:
    client = as_user(office.anna)
    assert "?empty" in client.get(address(office)).content.decode()
    client.post(address(office, "search") + "?empty", headers=BY_HTMX)
    twice(office)
    find_candidates_asked(at=NOW)

    part = client.get(address(office, "search") + "?empty", headers=BY_HTMX)

    assert (part.headers["HX-Retarget"], part.headers["HX-Reswap"]) == ("#review", "outerHTML")
    assert "Ruritania Zenda" in words(part)


def test_the_page_says_what_the_last_search_looked_at(office: Office) -> None:
    twice(office)
    office.say("Somebody Else")
    office.search()

    page = words(as_user(office.anna).get(address(office)))

    assert "The last search ended" in page
    assert "3 of 3 sayings were new or had changed, 1 pair was compared, 1 candidate is new or has changed" in page


def test_how_it_stands_is_no_page_of_its_own(office: Office) -> None:
    assert as_user(office.anna).get(address(office, "search")).headers["Location"] == address(office)


def test_nobody_else_may_ask(office: Office) -> None:
    others = [MembershipFactory(program=office.program, role=role) for role in (Role.LEARNER, Role.MINISTRY)]
    partner = MembershipFactory(program=office.program, role=Role.PARTNER_MANAGER, partner=office.college)
    operator = UserFactory(is_staff=True, is_superuser=True)

    for user in [*(row.user for row in others), partner.user, operator, UserFactory(), new_office().anna]:
        assert as_user(user).post(address(office, "search")).status_code == 404
    assert Client().post(address(office, "search")).status_code == 302  # to the page for signing in
    assert not AskedSearch.objects.exists()


def test_a_press_from_another_site_is_refused(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.anna)
    assert client.post(address(office, "search")).status_code == 403
    assert not AskedSearch.objects.exists()
