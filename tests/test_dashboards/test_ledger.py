from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from courses.achievements.operations import revoke_achievement
from programs.models import MeasureVersion, Membership, Partner, Program, Role
from reporting.counting.models import Count, Posting
from reporting.counting.operations import recount, repair, settle
from tests.factories import NOW, MembershipFactory, PartnerFactory, PersonFactory, UserFactory
from tests.test_counting.cast import achieve, settle_now

MARCH, APRIL = datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 4, 10, 9, tzinfo=UTC)
PAGES = ["ledger", "ledger-revision", "ledger-postings"]


@pytest.fixture(autouse=True)
def _a_day_in_november(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def counted(version: MeasureVersion) -> MeasureVersion:
    """Two people of the college, one of whom the firm trained later; the other one revoked in April."""
    college, firm = (
        PartnerFactory.create(program=version.program, code=c, name=c.title()) for c in ("college", "firm")
    )
    revoked = achieve(version, partner=college)
    twice = achieve(version, partner=college, region="S", sector="B").person
    achieve(version, person=twice, partner=firm, region="S", achieved_on=date(2026, 3, 5))
    settle_now(at=MARCH)
    revoke_achievement(revoked, reason="issued in error", recorded_at=APRIL)
    settle_now(at=APRIL)
    return version


def address(program: Program, page: str = "ledger", **query: str) -> str:
    return reverse(page, args=[program.code], query=query)


def text_of(client: Client, program: Program, page: str = "ledger", **query: str) -> str:
    response = client.get(address(program, page, **query))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_number_of_the_dashboard_leads_to_how_it_came_to_be(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program, "dashboard", region="S")
    here = reverse("ledger", args=[counted.program.code])
    assert f'<a href="{here}?measure=skills&amp;region=S">How this number came to be</a>' in text
    assert f'<a href="{here}?measure=skills&amp;region=S">1 <span class="visually-hidden">people of South' in text
    assert f'<a href="{here}?measure=skills&amp;region=S&amp;partner=firm">1 <span' in text


def test_the_page_shows_the_figure_and_what_it_is_made_of(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program)
    assert '<p class="figure">1</p>' in text
    assert "the whole, each person once, in all regions and all sectors" in text
    assert '<th scope="row">Revoked</th> <td class="num">0</td> <td class="num">1</td> <td class="num">-1</td>' in text
    assert "a person counts once, on the day of the first completion that is at least assessed" in text
    assert "add up to 2 people. That is <strong>1 more than the whole of 1</strong>" in text
    assert "Everything reported until then is in these figures" in text


def test_a_figure_of_the_past_reads_as_it_did(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program, as_of="2026-03-10")
    assert '<p class="figure">2</p>' in text
    assert "As of <strong>10 Mar 2026, 23:59</strong>" in text
    assert "Nothing will ever be booked before that moment any more" in text


def test_a_link_shows_the_same_figure_for_ever(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program)
    link = text.partition('">A link that will always show this figure')[0].rpartition('href="')[2]
    achieve(counted)
    settle(clock=lambda: MARCH)
    assert '<p class="figure">2</p>' in text_of(client, counted.program)
    assert '<p class="figure">1</p>' in client.get(link.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize(
    ("query", "people"),
    [({"region": "S"}, 1), ({"region": "N"}, 0), ({"sector": "B"}, 1), ({"partner": "firm"}, 1), ({"version": "1"}, 1)],
)
def test_a_figure_is_narrowed_down_by_its_address(
    client: Client, counted: MeasureVersion, query: dict[str, str], people: int
) -> None:
    assert f'<p class="figure">{people}</p>' in text_of(client, counted.program, **query)


def test_every_version_of_the_measure_stands_with_its_figure(client: Client, counted: MeasureVersion) -> None:
    MeasureVersion.objects.create(program=counted.program, measure=counted.measure, number=2, evidence=4)
    text = text_of(client, counted.program)
    assert '<p class="figure">0</p>' in text
    assert "measure=skills&amp;version=1" in text
    older = text_of(client, counted.program, version="1")
    assert '<p class="figure">1</p>' in older
    assert '<input type="hidden" name="version" value="1">' in older


def test_the_revision_says_what_changed_and_draws_it(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program, "ledger-revision", since="2026-03-31", until="2026-04-30")
    assert '<p class="figure">-1</p>' in text
    assert "From <strong>2</strong> people as of 31 Mar 2026, 23:59 to <strong>1</strong>" in text
    assert "From 1 Apr 2026 to 30 Apr 2026, 0 people were gained and 1 lost." in text
    assert '<path class="chart-lost"' in text
    assert '<th scope="row">10 Apr 2026</th> <td class="num">0</td> <td class="num">1</td>' in text


def test_the_revision_of_a_part_stands_beside_that_of_the_whole(client: Client, counted: MeasureVersion) -> None:
    query = {"since": "2026-03-01", "until": "2026-03-31"}
    text = text_of(client, counted.program, "ledger-revision", partner="firm", **query)
    part, _, whole = text.partition("The whole in the same time")
    assert '<p class="figure">+1</p>' in part
    assert '<th scope="row">Added up</th> <td class="num">2</td>' in whole


def test_without_dates_the_revision_is_that_of_thirteen_weeks(client: Client, counted: MeasureVersion) -> None:
    text = text_of(client, counted.program, "ledger-revision")
    assert 'value="2026-08-23"' in text
    assert 'value="2026-11-22"' in text
    assert "Nothing was booked." in text


def test_postings_are_listed_a_page_at_a_time(client: Client, counted: MeasureVersion) -> None:
    for n in range(26):
        achieve(counted)
        settle_now(at=APRIL + timedelta(hours=n + 1))
    text = text_of(client, counted.program, "ledger-postings")
    assert text.count('<th scope="row">') == 25
    last = Posting.objects.order_by("-number")[24].number
    assert f"measure=skills&amp;before={last}" in text
    earlier = text_of(client, counted.program, "ledger-postings", before=str(last))
    assert "10 Mar 2026, 10:00" in earlier
    assert "Earlier postings" not in earlier


@pytest.mark.parametrize(
    ("page", "query", "message"),
    [
        ("ledger", {"as_of": "2999-01-01"}, "2999-01-01 is still to come"),
        ("ledger", {"as_of": "soon"}, "“soon” is no date"),
        ("ledger", {"as_of": "\x00"}, "Null characters"),
        ("ledger-postings", {"as_of": "1" * 5000}, "is no date"),
        ("ledger-revision", {"since": "2026-04-01", "until": "2026-03-01"}, "first date must be earlier"),
        ("ledger-revision", {"since": "<script>"}, "“&lt;script&gt;” is no date"),
        ("ledger-revision", {"until": "9999-12-31"}, "9999-12-31 is still to come"),
    ],
)
def test_dates_that_cannot_be_answered_are_refused_in_words(
    client: Client, counted: MeasureVersion, page: str, query: dict[str, str], message: str
) -> None:
    response = client.get(address(counted.program, page, **query))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'class="figure"' not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["measure", "version", "region", "sector", "partner"])
@pytest.mark.parametrize("value", ["nowhere", "\x00", "' OR 1=1", "1" * 5000])
def test_an_unknown_code_is_not_found(
    client: Client, counted: MeasureVersion, page: str, name: str, value: str
) -> None:
    assert client.get(address(counted.program, page, **{name: value})).status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "²", "1" * 40])
def test_a_posting_that_is_no_number_is_not_found(client: Client, counted: MeasureVersion, before: str) -> None:
    assert client.get(address(counted.program, "ledger-postings", before=before)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_only_managers_of_the_program_and_operators_see_it(client: Client, counted: MeasureVersion, page: str) -> None:
    college = Partner.objects.get(code="college")
    others = [
        MembershipFactory.create(program=counted.program, role=role, partner=partner).user
        for role, partner in ((Role.MINISTRY, None), (Role.LEARNER, None), (Role.PARTNER_MANAGER, college))
    ]
    for user in (UserFactory.create(), MembershipFactory.create().user, *others):
        client.force_login(user)
        assert client.get(address(counted.program, page)).status_code == 404
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    assert client.get(address(counted.program, page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_program_without_measures_or_people_has_its_pages_too(client: Client, manager: Membership, page: str) -> None:
    assert "This program has no measure yet" in text_of(client, manager.program, page)


@pytest.mark.parametrize("page", PAGES)
def test_a_measure_that_counts_nobody_has_its_pages_too(client: Client, version: MeasureVersion, page: str) -> None:
    assert "Added up" not in text_of(client, version.program, page).partition("By cause")[2].partition("By partner")[0]


@pytest.mark.parametrize("page", PAGES)
def test_no_person_is_shown(client: Client, counted: MeasureVersion, page: str) -> None:
    canary = PersonFactory.create(pk=987_654_321, program=counted.program)
    fact = achieve(counted, person=canary, pk=876_543_210)
    settle_now(at=APRIL + timedelta(hours=1))
    text = text_of(client, counted.program, page, since="2026-01-01").replace(",", "")
    assert str(canary.pk) not in text
    assert str(fact.pk) not in text
    assert "/admin/" not in text


OF_ACCESS = 2  # session with its user and the roles in all programs; drafts that wait for a second person
OF_CHOICES = 4  # versions, targets, codes, partners
OF_A_MOMENT = 5  # the clock twice, closing the ledger in a transaction
OF_AN_EARLIER_MOMENT = 4  # the same, and the ledger is closed already
OF_STANDING = 4  # clock, freshness, last recount, incidents
OF_ALL = OF_ACCESS + OF_CHOICES + OF_A_MOMENT + OF_STANDING
QUERIES = {
    "ledger": OF_ALL + 2,
    "ledger-revision": OF_ALL - OF_A_MOMENT + 2 * OF_AN_EARLIER_MOMENT + 2,
    "ledger-postings": OF_ALL + 1,
}


@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_queries_is_fixed(
    client: Client, counted: MeasureVersion, page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(address(counted.program, page))
    with django_assert_num_queries(QUERIES[page]):
        client.get(address(counted.program, page))
    for _ in range(20):
        achieve(counted, partner=PartnerFactory.create(program=counted.program))
    settle_now(at=APRIL + timedelta(hours=1))
    with django_assert_num_queries(QUERIES[page]):
        client.get(address(counted.program, page))


def break_the_count(version: MeasureVersion) -> None:
    Count.objects.filter(grouping="region-sector", region="S").update(people=5)
    recount(version.program, at=NOW)


@pytest.mark.parametrize("page", ["dashboard", *PAGES])
def test_an_incident_is_shown_until_it_is_repaired(client: Client, counted: MeasureVersion, page: str) -> None:
    break_the_count(counted)
    text = text_of(client, counted.program, page)
    assert "The last recount found 1 difference." in text
    assert "manage.py recount" in text
    repair(counted.program, reason="somebody wrote into it", at=NOW + timedelta(seconds=1))
    assert "The last recount found" not in text_of(client, counted.program, page)


def test_an_incident_of_one_program_is_none_of_another(client: Client, counted: MeasureVersion) -> None:
    other = MembershipFactory.create()
    break_the_count(counted)
    client.force_login(other.user)
    assert "The last recount found" not in text_of(client, other.program, "dashboard")


def test_operators_see_incidents_on_the_first_page_and_nobody_else_does(
    client: Client, counted: MeasureVersion
) -> None:
    break_the_count(counted)
    assert "A recount found differences" not in client.get("/").content.decode()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    text = client.get("/").content.decode()
    assert "A recount found differences" in text
    assert reverse("ledger", args=[counted.program.code]) in text


@pytest.mark.parametrize("page", PAGES)
def test_the_last_recount_is_said(client: Client, counted: MeasureVersion, page: str) -> None:
    assert "has not been compared with a count from scratch yet" in text_of(client, counted.program, page)
    recount(counted.program, at=NOW)
    assert "a count from scratch 22 Nov 2026, 10:00: no difference" in text_of(client, counted.program, page)
