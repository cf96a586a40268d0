"""The page of a partner and the page of all partners: what each role sees, sets and cannot reach."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.returns.models import NothingToReport, ReportingSchedule, Return
from courses.returns.operations import load_return_now, set_schedule
from programs.models import Partner, Role
from programs.operations import grant_role
from tests.factories import NOW, MembershipFactory, PartnerFactory, ProgramFactory, UserFactory
from tests.test_returns.school import School, file_of, row, school_of

LONG_AGO = date(2026, 1, 1)
FORM = {"months": "1", "begins_on": "2026-01-01", "due_after_days": "15"}


@pytest.fixture
def manager(school: School, client: Client) -> Client:
    client.force_login(MembershipFactory(program=school.program, role=Role.PROGRAM_MANAGER).user)
    return client


def reporting_for(client: Client, *partners: Partner) -> User:
    user: User = UserFactory.create()
    for partner in partners:
        grant_role(partner.program, user, role=Role.PARTNER_MANAGER, partner=partner)
    client.force_login(user)
    return user


def due(partner: Partner) -> ReportingSchedule:
    return set_schedule(partner, months=1, begins_on=LONG_AGO, due_after_days=15, at=NOW, by=None)


def address(partner: Partner, name: str = "partner", **more: Any) -> str:
    return reverse(name, kwargs={"program": partner.program.code, "code": partner.code, **more})


def of_all(school: School) -> str:
    return reverse("partners", args=[school.program.code])


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_partner_manager_sees_what_is_due_and_the_score_beside_the_returns(school: School, client: Client) -> None:
    due(school.partner)
    school.report(row(ended="2026-03-02"), row("2", region="Atlantis"))
    reporting_for(client, school.partner)
    page = words(client.get(reverse("returns", args=[school.program.code])))
    assert "periods overdue, the oldest by" in page
    assert "Mar 2026 15 Apr 2026 Reported 22 Nov 2026 221 days late 1 1 0 1" in page
    assert "Quality score" in page
    assert "Rows with a fault 50.0 % 1 of 2 rows sent −30 Download the rejected rows" in page
    assert "Send a file" in page
    assert "Set the schedule" not in page


def test_the_score_can_be_recalculated_from_the_page(school: School, client: Client) -> None:
    school.report(*(row(n, ended="2026-11-01") for n in range(9)), row(9, region="Atlantis"))
    reporting_for(client, school.partner)
    page = words(client.get(address(school.partner)))
    assert "80 of 100, by what" in page
    assert "10.0 % 1 of 10 rows sent −20" in page
    assert "100 − 20, rounded, never below 0 80" in page
    assert "Rows with a fault rows sent 2 30" in page


def test_the_score_leads_to_the_returns_that_lowered_it(school: School, client: Client) -> None:
    bad = school.report(row(region="Atlantis"))
    reporting_for(client, school.partner)
    page = client.get(address(school.partner)).content.decode()
    section = page[page.index('id="quality"') : page.index("How the score comes about")]
    assert f'href="{reverse("return", args=[school.program.code, bad.pk])}"' in section


def test_one_press_says_that_there_is_nothing_to_report_and_another_undoes_it(school: School, client: Client) -> None:
    due(school.partner)
    user = reporting_for(client, school.partner)
    told = client.post(address(school.partner, "nothing-to-report"), {"period": "2026-02-01"}, follow=True)
    said = NothingToReport.objects.get()
    assert (said.first_on, said.last_on, said.said_by) == (date(2026, 2, 1), date(2026, 2, 28), user)
    assert "Feb 2026 15 Mar 2026 Nothing to report Undo" in words(told)

    undone = client.post(address(school.partner, "undo-nothing-to-report", pk=said.pk), follow=True)
    assert "Taken back" in words(undone)
    assert not NothingToReport.objects.standing().exists()


@pytest.mark.parametrize("period", ["", "yesterday", "2026-02-02", "9999-01-01"])
def test_a_period_that_is_none_is_refused_in_words(school: School, client: Client, period: str) -> None:
    due(school.partner)
    reporting_for(client, school.partner)
    page = client.post(address(school.partner, "nothing-to-report"), {"period": period}, follow=True)
    assert page.status_code == 200
    assert 'class="message error"' in page.content.decode()
    assert not NothingToReport.objects.exists()


def test_a_program_manager_sets_a_schedule_and_sees_who_set_which(school: School, manager: Client) -> None:
    assert manager.post(address(school.partner), FORM).status_code == 302
    holds = ReportingSchedule.objects.get()
    assert (holds.months, holds.begins_on, holds.due_after_days) == (1, LONG_AGO, 15)
    manager.post(address(school.partner), FORM | {"months": "0"})
    page = words(manager.get(address(school.partner)))
    assert "Nothing is due" in page
    assert "Every month, due 15 days after its end, from 1 Jan 2026" in page


def test_a_schedule_that_cannot_be_is_refused_with_the_reason(school: School, manager: Client) -> None:
    page = manager.post(address(school.partner), FORM | {"begins_on": "2026-01-02"})
    assert page.status_code == 422
    assert "choose its first day" in words(page)
    assert manager.post(address(school.partner), FORM | {"months": "2"}).status_code == 422
    assert not ReportingSchedule.objects.exists()


def test_all_partners_without_a_schedule_get_one_at_once(school: School, manager: Client) -> None:
    others = [PartnerFactory.create(program=school.program) for _ in range(3)]
    kept = due(others[0])
    elsewhere = PartnerFactory.create()
    assert manager.post(of_all(school), FORM | {"months": "3"}).status_code == 302
    assert set(ReportingSchedule.objects.exclude(pk=kept.pk).values_list("partner", flat=True)) == {
        school.partner.pk, others[1].pk, others[2].pk,
    }  # fmt: skip
    assert not ReportingSchedule.objects.filter(partner=elsewhere).exists()
    assert manager.post(of_all(school), FORM).status_code == 422


def test_who_needs_most_comes_first(school: School, manager: Client) -> None:
    Partner.objects.filter(pk=school.partner.pk).update(name="Reports well")
    names = ["Never reported", "Has no schedule", "Just began"]
    never, _, began = (PartnerFactory.create(program=school.program, name=name) for name in names)
    for partner in (never, school.partner):
        due(partner)
    today = school.program.today()
    set_schedule(began, months=1, begins_on=today.replace(day=1), due_after_days=5, at=NOW, by=None)
    kept = school.keep(file_of(row(month, ended=f"2026-{month:02}-05") for month in range(1, 11)))
    Return.objects.filter(pk=kept.pk).update(received_at=timezone.now())
    load_return_now(kept.pk, at=timezone.now())
    page = words(manager.get(of_all(school)))
    places = [page.index(name) for name in ("Never reported", "Just began", "Reports well", "Has no schedule")]
    assert places == sorted(places)
    assert "Partners with an overdue return 1" in page


def test_a_manager_of_several_partners_sees_each_of_them_and_no_other(school: School, client: Client) -> None:
    second, third = (PartnerFactory.create(program=school.program, name=f"{n} school") for n in ("Second", "Third"))
    mine, theirs = school.report(row()), school_of(third).report(row("2"))
    also_mine = school_of(second).report(row("3"))
    reporting_for(client, school.partner, second)
    page = client.get(reverse("returns", args=[school.program.code]))
    assert "You report for several partners." in words(page)
    assert "Second school" in words(page)
    assert "Third school" not in words(page)
    codes = [client.get(address(partner)).status_code for partner in (school.partner, second, third)]
    assert codes == [200, 200, 404]
    seen = [client.get(reverse("return", args=[school.program.code, each.pk])).status_code
            for each in (mine, also_mine, theirs)]  # fmt: skip
    assert seen == [200, 200, 404]


def test_a_manager_of_several_partners_says_for_which_one_a_file_is(school: School, client: Client) -> None:
    second, third = (PartnerFactory.create(program=school.program) for _ in range(2))
    reporting_for(client, school.partner, second)

    def sent(**more: Any) -> int:
        form = {"profile": school.profile.pk, "file": SimpleUploadedFile("a.csv", file_of([row()]))} | more
        return client.post(reverse("returns", args=[school.program.code]), form).status_code

    assert [sent(), sent(partner=third.pk), sent(partner=second.pk)] == [422, 422, 302]
    assert Return.objects.get().partner == second


def test_what_belongs_to_another_partner_cannot_be_reached_or_changed(school: School, client: Client) -> None:
    other = PartnerFactory.create(program=school.program)
    due(other)
    said = NothingToReport.objects.create(
        program=other.program, partner=other, first_on=date(2026, 1, 1), last_on=date(2026, 1, 31), said_at=NOW,
        said_by=UserFactory(),
    )  # fmt: skip
    reporting_for(client, school.partner)
    tries = [
        client.get(address(other)),
        client.post(address(other), FORM),
        client.post(address(school.partner), FORM),  # the own schedule is set by the program manager
        client.post(address(other, "nothing-to-report"), {"period": "2026-02-01"}),
        client.post(address(other, "undo-nothing-to-report", pk=said.pk)),
        client.post(address(school.partner, "undo-nothing-to-report", pk=said.pk)),
        client.get(of_all(school)),
    ]
    assert [answer.status_code for answer in tries] == [404] * len(tries)
    assert NothingToReport.objects.standing().count() == 1
    assert ReportingSchedule.objects.count() == 1


def test_who_manages_no_partner_finds_nothing(school: School, client: Client) -> None:
    user = reporting_for(client, school.partner)
    assert client.get(reverse("returns", args=[school.program.code])).status_code == 200
    user.memberships.all().delete()
    pages = [reverse("returns", args=[school.program.code]), address(school.partner), of_all(school)]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_partners_of_another_program_are_not_found(school: School, manager: Client) -> None:
    foreign = PartnerFactory.create(program=ProgramFactory(), code=school.partner.code, name="Foreign")
    assert manager.get(address(foreign)).status_code == 404
    assert "Foreign" not in words(manager.get(of_all(school)))
    elsewhere = reverse("partner", args=[school.program.code, PartnerFactory.create().code])
    assert manager.get(elsewhere).status_code == 404


def test_the_courses_taken_here_have_no_page_of_returns(school: School, manager: Client) -> None:
    own = Partner.objects.own_courses_of(school.program)
    assert manager.get(address(own)).status_code == 404
    assert own.name not in words(manager.get(of_all(school)))


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(page).status_code == 200
    return len(context)


def test_the_number_of_queries_does_not_grow(school: School, manager: Client) -> None:
    due(school.partner)
    school.report(row(region="Atlantis"))
    pages = [of_all(school), address(school.partner)]
    few = [queries(manager, page) for page in pages]
    for number in range(20):
        partner = PartnerFactory.create(program=school.program)
        due(partner)
        school_of(partner).report(row(100 + number, region="Atlantis"))
        school.report(row(number, region="Atlantis", ended=f"2026-0{number % 9 + 1}-03"))
    assert [queries(manager, page) for page in pages] == few
    assert max(few) <= 16
