import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
import python_calamine as calamine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.returns.models import Return
from courses.returns.operations import forget_trials, load_return_now, load_waiting_returns
from programs.models import Role
from tests.factories import NOW, MembershipFactory, PartnerFactory, ProgramFactory, UserFactory
from tests.test_returns.school import HEADER, School, counts, file_of, quarantined, row, school_of


def member(school: School, role: str, **more: Any) -> User:
    user: User = MembershipFactory(program=school.program, role=role, **more).user
    return user


@pytest.fixture
def manager(school: School, client: Client) -> Client:
    client.force_login(member(school, Role.PROGRAM_MANAGER))
    return client


@pytest.fixture
def reporter(school: School, client: Client) -> Client:
    client.force_login(member(school, Role.PARTNER_MANAGER, partner=school.partner))
    return client


def address(school: School, *rest: object) -> str:
    return "/".join(["/p", school.program.code, "returns", *(str(part) for part in rest), ""])


def upload(client: Client, school: School, content: bytes, **more: object) -> Any:
    file = SimpleUploadedFile("july.csv", content)
    return client.post(address(school), {"profile": school.profile.pk, "file": file, **more})


def words(response: Any) -> str:
    """The page as it reads, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_partner_manager_sends_a_file_for_their_own_partner(school: School, reporter: Client) -> None:
    other = PartnerFactory(program=school.program)
    response = upload(reporter, school, file_of([row()]), partner=other.pk)
    sent = Return.objects.get()
    assert response.url == address(school, sent.pk)
    assert (sent.partner, sent.file_name, sent.status) == (school.partner, "july.csv", Return.Status.RECEIVED)
    assert sent.received_by is not None


def test_a_program_manager_says_for_which_partner(school: School, manager: Client) -> None:
    assert upload(manager, school, file_of([row()]), partner=school.partner.pk).status_code == 302
    assert upload(manager, school, file_of([row()])).status_code == 422
    assert Return.objects.get().partner == school.partner


def test_a_partner_of_another_program_cannot_be_chosen(school: School, manager: Client) -> None:
    foreign = school_of(PartnerFactory(program=ProgramFactory()))
    assert upload(manager, school, b"x", partner=foreign.partner.pk).status_code == 422
    assert upload(manager, school, b"x", partner=school.partner.pk, profile=foreign.profile.pk).status_code == 422
    assert not Return.objects.exists()


def test_an_empty_file_is_kept_and_refused_with_its_reason(school: School, reporter: Client) -> None:
    response = upload(reporter, school, b"")
    load_return_now(Return.objects.get().pk, at=NOW)
    assert "The file is empty" in reporter.get(response.url).content.decode()


def test_a_file_that_is_too_large_is_not_kept(school: School, reporter: Client, settings: LazySettings) -> None:
    settings.MAX_RETURN_BYTES = 1000
    response = upload(reporter, school, b"x" * 100_000)
    assert response.status_code == 422
    assert "The file is too large: at most 1,000 bytes are taken." in response.content.decode()
    assert not Return.objects.exists()


def test_a_return_shows_its_sum_and_its_quarantine(school: School, reporter: Client) -> None:
    sent = school.report(row("1"), row("1"), row("2", region="Atlantis"), row("3", result="Absent"))
    page = words(reporter.get(address(school, sent.pk)))
    assert "4 rows sent = 2 accepted + 1 duplicate + 1 in quarantine" in page
    assert "Atlantis" in page
    assert "unknown region" in page
    assert "Facts recorded as assessed 1" in page
    assert "Accepted, no achievement 1" in page


def place(number: int) -> str:
    """A place of its own, without digits, which could be somebody's number."""
    return f"({'x' * number})"


def test_quarantine_is_paged(school: School, reporter: Client) -> None:
    sent = school.report(*(row(number, region=place(number)) for number in range(120)))
    first = reporter.get(address(school, sent.pk)).content.decode()
    assert place(49) in first
    assert place(50) not in first
    last = reporter.get(address(school, sent.pk), {"after": 101}).content.decode()
    assert place(100) in last
    assert place(119) in last
    assert "Next rows" not in last


def test_a_waiting_return_asks_again_and_a_settled_one_does_not(school: School, reporter: Client) -> None:
    kept = school.keep(file_of([row()]))
    waiting = reporter.get(address(school, kept.pk)).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert f'<a href="{address(school, kept.pk)}">Refresh</a>' in waiting
    load_return_now(kept.pk, at=NOW)
    assert "hx-get" not in reporter.get(address(school, kept.pk)).content.decode()


@pytest.mark.parametrize("content", [file_of([row(region="Atlantis")]), b"nonsense\n"])
def test_the_part_is_what_the_page_holds(school: School, reporter: Client, content: bytes) -> None:
    sent = school.send(content)
    page = reporter.get(address(school, sent.pk))
    part = reporter.get(address(school, sent.pk), headers={"HX-Request": "true"})
    assert part.content.decode().strip() in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in page.headers["Vary"]


def test_outsiders_find_nothing(school: School, client: Client) -> None:
    sent = school.report(row())
    pages = [address(school), address(school, sent.pk), f"{address(school)}template/school.csv"]
    elsewhere = MembershipFactory(role=Role.PROGRAM_MANAGER).user
    for user in (UserFactory(), elsewhere, member(school, Role.LEARNER), member(school, Role.MINISTRY)):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [404, 404, 404]
        assert upload(client, school, b"x").status_code == 404


def test_a_manager_of_another_partner_does_not_find_it(school: School, client: Client) -> None:
    sent = school.report(row())
    other = PartnerFactory(program=school.program)
    client.force_login(member(school, Role.PARTNER_MANAGER, partner=other))
    assert client.get(address(school, sent.pk)).status_code == 404
    assert "school.csv</a></th>" not in client.get(address(school)).content.decode()


def test_a_return_of_another_program_is_not_found(school: School, manager: Client) -> None:
    foreign = school_of(PartnerFactory(program=ProgramFactory())).report(row())
    assert manager.get(address(school, foreign.pk)).status_code == 404


def test_a_manager_of_both_kinds_sees_every_partner(school: School, reporter: Client) -> None:
    user = User.objects.get(memberships__partner=school.partner)
    MembershipFactory(program=school.program, user=user, role=Role.PROGRAM_MANAGER)
    school_of(PartnerFactory(program=school.program, name="The other school")).report(row())
    assert "The other school</td>" in reporter.get(address(school)).content.decode()


def test_the_template_is_an_empty_file_of_the_profile(school: School, reporter: Client) -> None:
    response = reporter.get(f"{address(school)}template/school.csv")
    header = next(csv.reader(StringIO(response.content.decode())))
    assert header == ["citizen_no", "course", "term", "ended", "result", "region"]
    assert "school.csv" in response.headers["Content-Disposition"]


def test_older_returns_have_a_page_of_their_own(school: School, reporter: Client) -> None:
    oldest, *_ = [school.keep(b"", file_name=f"number-{number}.csv") for number in range(51)]
    first = reporter.get(address(school)).content.decode()
    assert "number-50.csv" in first
    assert "number-0.csv" not in first
    assert "number-0.csv" in reporter.get(address(school), {"before": oldest.pk + 1}).content.decode()


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(page).status_code == 200
    return len(context)


def test_the_number_of_queries_does_not_grow(school: School, reporter: Client) -> None:
    one = school.report(row(region="Atlantis"))
    few = [queries(reporter, page) for page in (address(school), address(school, one.pk))]
    for _ in range(20):
        many = school.report(*(row(person, region=f"Place {person}") for person in range(20)))
    assert [queries(reporter, page) for page in (address(school), address(school, many.pk))] == few
    assert max(few) <= 17


def test_what_a_cell_holds_is_never_markup(school: School, reporter: Client) -> None:
    sent = school.report(row(region="<i>Atlantis</i>"), row("2", region="=A+B"))
    page = reporter.get(address(school, sent.pk)).content.decode()
    assert "<i>Atlantis" not in page
    assert "&lt;i&gt;Atlantis" in page
    assert "=A+B" in page


def test_a_dry_run_is_shown_as_one_and_can_be_loaded(school: School, reporter: Client) -> None:
    trial = school.send(file_of([row("1"), row("2", region="Atlantis")]), is_trial=True)
    page_address = reverse("return", args=[school.program.code, trial.pk])
    page = reporter.get(page_address).content.decode()
    assert "This was a dry run" in page
    assert "Facts it would record as assessed" in page
    assert school.facts() == []
    assert reporter.post(reverse("load-tried", args=[school.program.code, trial.pk])).status_code == 302
    load_waiting_returns(at=NOW)
    assert counts(Return.objects.get(pk=trial.pk)) == (2, 1, 0, 1)
    assert "This was a dry run" not in reporter.get(page_address).content.decode()
    reporter.post(reverse("load-tried", args=[school.program.code, trial.pk]))
    assert len(school.facts()) == 1


def test_the_file_of_a_dry_run_is_let_go_after_a_day_and_its_rows_with_it(school: School, reporter: Client) -> None:
    content = file_of([row("1"), row("2", region="Atlantis"), row("00000000")])
    trial, loaded = school.send(content, is_trial=True), school.send(content)
    assert forget_trials(at=NOW + timedelta(hours=23)) == 0
    assert trial.held_rows.filter(sealed__isnull=False).count() == 2
    assert forget_trials(at=NOW + timedelta(hours=25)) == 1
    assert trial.held_rows.filter(sealed__isnull=True).count() == 2
    assert loaded.held_rows.filter(sealed__isnull=False).count() == 2
    page = reporter.get(reverse("return", args=[school.program.code, trial.pk])).content.decode()
    assert "The file is no longer kept." in page


def test_rejected_rows_come_as_a_file_that_can_be_mended_and_sent(school: School, reporter: Client) -> None:
    bad = [row("2", region="=Atlantis"), row("7", term=""), "8,Digging", row("3"), row("3", region="Lower")]
    sent = school.report(row("1"), *bad)
    assert counts(sent) == (6, 1, 0, 5)
    answer = reporter.get(reverse("rejected-rows", args=[school.program.code, sent.pk]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [*HEADER.split(","), "uplift_row", "uplift_reason", "uplift_row_as_sent"]
    assert rows[1] == ["2", "Digging", "2026A", "2026-05-01", "Pass", "'=Atlantis", "3", "region: unknown region", ""]
    assert rows[3] == [*[""] * 6, "5", "the row has 2 cells where the header has 6", "8,Digging"]
    assert [cells[6] for cells in rows[1:]] == ["3", "4", "5", "6", "7"]
    again = school.send(content)
    assert "differs from row 6 of this file, which has the same key" in {entry[3] for entry in quarantined(again)}
    assert quarantined(again)[0][2] == "=Atlantis"
    mended = content.replace(b"'=Atlantis", b"Lower").replace(b"7,Digging,,", b"7,Digging,B,")
    assert counts(school.send(mended))[1] == 2


def test_the_workbook_of_a_profile_offers_its_codes_and_is_read_back(school: School, reporter: Client) -> None:
    answer = reporter.get(reverse("return-workbook", args=[school.program.code, "school"]))
    book = calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.get_sheet_by_name("Return").to_python() == [HEADER.split(",")]
    codes = book.get_sheet_by_name("Codes").to_python()
    assert codes[0][::2] == ["course", "result", "region"]
    assert codes[1][:4] == ["Digging", "Digging", "Pass", "assessed"]
