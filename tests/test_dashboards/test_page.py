import re
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from courses.achievements.operations import mark_dirty
from programs.models import Code, MeasureVersion, Membership, Partner, Program, Role
from tests.factories import (
    NOW,
    MeasureVersionFactory,
    MembershipFactory,
    PartnerFactory,
    PersonFactory,
    TargetFactory,
    UserFactory,
)
from tests.test_dashboards.counts import counted

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def a_day_in_november(db: None) -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def address(program: Program, **query: str) -> str:
    return reverse("dashboard", args=[program.code], query=query)


def text_of(client: Client, program: Program, **query: str) -> str:
    response = client.get(address(program, **query))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_manager_sees_people_target_and_pace(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners)
    text = text_of(client, two_partners.program)
    assert '<p class="figure">15</p>' in text
    assert "1.5 %</strong> of 1,000 people" in text
    assert 'Behind the plan of 445 by today </dt> <dd class="figure small"> 430 people, 314 days' in text
    assert "not in sight" in text


def test_a_target_without_due_date_has_no_pace(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners, starts_on=None, due_on=None)
    text = text_of(client, two_partners.program)
    assert "there is no pace to keep" in text
    assert "people a day" not in text


def test_a_target_says_its_kind_its_source_and_how_sure_it_is(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners, kind="deal", source="The Ruritanian Gazette.", grade="S")
    text = text_of(client, two_partners.program)
    assert "agreed in a deal" in text
    assert "Source (press that names its source, seen 22 Nov 2026): The Ruritanian Gazette." in text


def test_a_reached_target_says_so(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners, value=15)
    assert '<span class="badge success">reached</span>' in text_of(client, two_partners.program)


def test_the_page_says_by_how_much_the_parts_exceed_the_whole(client: Client, two_partners: MeasureVersion) -> None:
    text = text_of(client, two_partners.program)
    assert "The partners' figures add up to 18 people. That is <strong>3 more than the whole of 15</strong>" in text


def test_parts_that_add_up_are_said_to(client: Client, two_partners: MeasureVersion) -> None:
    assert "these figures add up to the whole" in text_of(client, two_partners.program, region="S")


@pytest.mark.parametrize(
    ("query", "people"),
    [({"region": "N"}, 10), ({"region": "S"}, 5), ({"partner": "small"}, 8), ({"partner": "small", "region": "N"}, 3)],
)
def test_filters_change_the_figure(
    client: Client, two_partners: MeasureVersion, query: dict[str, str], people: int
) -> None:
    assert f'<p class="figure">{people}</p>' in text_of(client, two_partners.program, **query)


def test_a_filtered_page_compares_nothing_with_the_target(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners)
    text = text_of(client, two_partners.program, region="N")
    assert "Behind the plan" not in text
    assert "Targets and pace are for the whole program" in text


def test_every_filter_is_a_plain_link_that_keeps_the_other_filter(client: Client, two_partners: MeasureVersion) -> None:
    text = text_of(client, two_partners.program, partner="small")
    here = address(two_partners.program).replace("?", "")
    for link in [f"{here}?measure=skills&amp;region=N&amp;partner=small", f"{here}?measure=skills"]:
        assert f'href="{link}" data-hx-get="{link}"' in text


def test_a_committed_partner_shows_how_far_it_is(client: Client, two_partners: MeasureVersion) -> None:
    Partner.objects.filter(code="small").update(committed_people=16)
    assert "50.0 %" in text_of(client, two_partners.program)


def test_figures_are_written_as_the_nation_writes_them(client: Client, version: MeasureVersion) -> None:
    Program.objects.update(number_locale="en_IN")
    counted(version, 15_000_000)
    assert '<p class="figure">1,50,00,000</p>' in text_of(client, version.program)


def test_measures_are_chosen_by_links(client: Client, two_partners: MeasureVersion) -> None:
    other = MeasureVersionFactory.create(program=two_partners.program, measure__code="other", measure__name="Others")
    counted(other, 7)
    assert '<p class="figure">7</p>' in text_of(client, two_partners.program, measure="other")


def test_the_first_measure_shown_is_that_of_the_first_target(client: Client, two_partners: MeasureVersion) -> None:
    other = MeasureVersionFactory.create(program=two_partners.program, measure__code="other")
    counted(other, 7)
    TargetFactory.create(measure_version=other)
    assert '<p class="figure">7</p>' in text_of(client, two_partners.program)


def test_a_target_on_an_older_version_is_not_compared(client: Client, two_partners: MeasureVersion) -> None:
    TargetFactory.create(measure_version=two_partners, name="Old promise")
    newer = MeasureVersion.objects.create(
        program=two_partners.program, measure=two_partners.measure, number=2, evidence=two_partners.evidence
    )
    counted(newer, 4)
    text = text_of(client, two_partners.program)
    assert "The target “Old promise” is still set on version 1" in text
    assert "Behind the plan" not in text


def test_people_of_no_stated_region_have_their_own_row(client: Client, version: MeasureVersion) -> None:
    counted(version, 4, region="")
    assert "Not stated" in text_of(client, version.program)


def test_people_who_wait_are_said(client: Client, two_partners: MeasureVersion) -> None:
    person = PersonFactory.create(program=two_partners.program)
    mark_dirty(person.program, [person.pk], at=datetime(2026, 11, 22, 8, 59, 48, tzinfo=NOW.tzinfo))
    assert "1 person waits to be counted, for 12 seconds at most" in text_of(client, two_partners.program)


def test_a_program_without_counts_says_what_to_do_next(client: Client, version: MeasureVersion) -> None:
    text = text_of(client, version.program)
    assert "Nobody is counted by this measure yet" in text
    assert "Send a partner's return" in text


def test_an_empty_program_already_shows_the_pace_that_it_needs(client: Client, version: MeasureVersion) -> None:
    TargetFactory.create(measure_version=version)
    assert "2.5 a day" in text_of(client, version.program)  # 1,000 people in the 404 days that are left


def test_partners_with_most_people_stand_first(client: Client, two_partners: MeasureVersion) -> None:
    text = text_of(client, two_partners.program, region="N")
    assert text.index('id="partner-big"') < text.index('id="partner-small"')
    text = text_of(client, two_partners.program, region="S", partner="big")
    assert text.index('id="partner-small"') < text.index('id="partner-big"')


def test_a_filtered_figure_is_a_share_of_everybody(client: Client, two_partners: MeasureVersion) -> None:
    assert "33.3 % of everybody counted" in text_of(client, two_partners.program, region="S")


def test_partners_without_anybody_stand_in_one_line(client: Client, two_partners: MeasureVersion) -> None:
    text = text_of(client, two_partners.program)
    assert "Uplift courses" in text.partition("Nobody counted yet with:")[2]


def test_who_is_asked_to_look_again_is_shown_the_same_page(client: Client, version: MeasureVersion) -> None:
    mark_dirty(version.program, [PersonFactory.create(program=version.program).pk], at=NOW)
    text = text_of(client, version.program, measure="skills")
    assert f'1 person is waiting to be counted. That takes seconds: <a href="{address(version.program)}' in text


def test_a_program_without_measures_says_what_to_do_next(client: Client, manager: Membership) -> None:
    assert "This program has no measure yet" in text_of(client, manager.program)


HOSTILE = ["nowhere", "\x00", "' OR 1=1", "<script>", "𝔘", "1" * 5000, "../..", "%"]


@pytest.mark.parametrize("name", ["measure", "region", "partner"])
@pytest.mark.parametrize("value", HOSTILE)
def test_an_unknown_filter_is_not_found(client: Client, two_partners: MeasureVersion, name: str, value: str) -> None:
    assert client.get(address(two_partners.program, **{name: value})).status_code == 404


def test_a_code_of_another_list_is_no_region(client: Client, two_partners: MeasureVersion) -> None:
    assert client.get(address(two_partners.program, region="small")).status_code == 404


def test_a_partner_of_another_program_is_not_found(client: Client, two_partners: MeasureVersion) -> None:
    PartnerFactory.create(code="foreign")
    assert client.get(address(two_partners.program, partner="foreign")).status_code == 404


def test_the_form_with_nothing_chosen_shows_the_whole(client: Client, two_partners: MeasureVersion) -> None:
    text = text_of(client, two_partners.program, measure="skills", region="", partner="")
    assert '<p class="figure">15</p>' in text


def test_outsiders_and_other_programs_managers_get_404(client: Client, two_partners: MeasureVersion) -> None:
    for user in (UserFactory.create(), MembershipFactory.create().user):
        client.force_login(user)
        assert client.get(address(two_partners.program)).status_code == 404


def test_a_visitor_is_asked_to_sign_in(two_partners: MeasureVersion) -> None:
    response = Client().get(address(two_partners.program))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_an_operator_sees_the_page(client: Client, two_partners: MeasureVersion) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    assert '<p class="figure">15</p>' in text_of(client, two_partners.program)


@pytest.mark.parametrize(
    ("role", "page"), [(Role.MINISTRY, "figures"), (Role.PARTNER_MANAGER, "returns"), (Role.LEARNER, "learn")]
)
def test_other_roles_are_sent_to_their_own_page(client: Client, manager: Membership, role: Role, page: str) -> None:
    partner = PartnerFactory.create(program=manager.program) if role == Role.PARTNER_MANAGER else None
    client.force_login(MembershipFactory.create(program=manager.program, role=role, partner=partner).user)
    response = client.get(address(manager.program))
    assert response.headers["Location"] == reverse(page, args=[manager.program.code])


def test_a_manager_who_also_learns_sees_the_dashboard(client: Client, manager: Membership) -> None:
    MembershipFactory.create(program=manager.program, user=manager.user, role=Role.LEARNER)
    assert client.get(address(manager.program)).status_code == 200


@pytest.mark.parametrize("query", [{}, {"region": "N"}, {"partner": "small", "region": "S"}])
def test_the_part_equals_the_page(client: Client, two_partners: MeasureVersion, query: dict[str, str]) -> None:
    TargetFactory.create(measure_version=two_partners)
    where = address(two_partners.program, **query)
    page, part = client.get(where).content.decode(), client.get(where, headers=HTMX).content.decode()
    assert part.strip() in page
    assert "<html" not in part


def test_the_answer_varies_with_htmx(client: Client, two_partners: MeasureVersion) -> None:
    assert "HX-Request" in client.get(address(two_partners.program)).headers["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(client: Client, two_partners: MeasureVersion) -> None:
    back = HTMX | {"HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(address(two_partners.program), headers=back).content


def add_rows(version: MeasureVersion) -> None:
    for n in range(20):
        partner = PartnerFactory.create(program=version.program)
        code = f"R{n}"
        Code.objects.create(program=version.program, kind="region", code=code, names={"en": code}, position=n + 5)
        TargetFactory.create(measure_version=version)
        for grain in (None, partner):
            counted(version, 5, partner=grain, region=code, day=date(2026, 5, n + 1))


def test_the_number_of_queries_is_fixed(
    client: Client, two_partners: MeasureVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    TargetFactory.create(measure_version=two_partners)
    client.get(address(two_partners.program))
    for query in ({}, {"region": "N", "partner": "small"}):
        with django_assert_num_queries(OF_ACCESS + OF_FIGURES):
            client.get(address(two_partners.program, **query), headers=HTMX)
    add_rows(two_partners)
    with django_assert_num_queries(OF_ACCESS + OF_FIGURES):
        client.get(address(two_partners.program), headers=HTMX)


OF_ACCESS = 1  # session with its user and the roles in all programs
OF_FIGURES = 8  # measures, targets, codes, partners, totals, days, freshness, incidents


def test_a_chart_of_data_that_ended_long_ago_ends_there(client: Client, version: MeasureVersion) -> None:
    counted(version, 4, day=date(2014, 9, 30))
    assert re.search("4 people were counted [a-z]+ 30 Sept 2014", text_of(client, version.program))
