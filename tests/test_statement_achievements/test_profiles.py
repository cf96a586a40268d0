"""Profiles that read statements: what may stand in them, and which one reads a partner's."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from courses.returns.models import ReturnProfile
from courses.returns.operations import Change, load_profile
from courses.returns.profiles import Definition, ProfileRefusedError, parsed
from courses.statements.models import Statement
from programs.models import Partner, Program, Role
from tests.factories import NOW, MembershipFactory, PartnerFactory, ProgramFactory
from tests.test_returns.school import School, counts, quarantined
from tests.test_statement_achievements.academy import OWN, STANDARD, Academy, passed
from tests.test_statement_achievements.academy import counts as counts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    partner: Partner = PartnerFactory.create(code="academy")
    return partner


def refused(source: str, program: Program) -> list[str]:
    with pytest.raises(ProfileRefusedError) as refusal:
        load_profile(parsed(source), program)
    return refusal.value.faults


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"completed", "passed", "failed"]', '"voided"]', "statements.verbs: voided takes statements back"),
        ('"failed"]', '"failed", "mastered"]', "result.values: does not say what mastered means"),
        ('"failed"]', '"Failed"]', "statements.verbs[3]: 'Failed' is not the name of one of ADL's verbs, or an IRI"),
        ('verbs = ["completed", "passed", "failed"]', "verbs = []", "statements.verbs: a list of at least 1 is wanted"),
        ("[statements]", '[statements]\npartner = "nobody"', "statements.partner: 'nobody' is no partner of rur"),
        ("[statements]", '[statements]\nhome = "x"', "statements.home: unknown key; known are verbs, types, partner"),
        ("[statements]", '[statements]\ntypes = "course"', "statements.types: a list of at least 1 is wanted"),
        ("[statements]", "[statements]\ntypes = []", "statements.types: a list of at least 1 is wanted"),
        ("[statements]", "[statements]\ntypes = [1]", "statements.types[1]: one of ADL's activity types (assessment, "),
        ("[statements]", '[statements]\ntypes = ["course", "Lesson"]', "statements.types[2]: 'Lesson' is not one of"),
        ("[statements]", '[statements]\ntypes = ["cmi-interaction"]', "statements.types[1]: 'cmi-interaction' is not"),
        ('["learner", "id"]', '["learner", "activity"]', "record_key: needs id, that of the statement"),
        ('column = "activity"', 'column = "course"', "'course' is no part of a statement"),
        ('email = "email"', 'email = "authority.mbox"', "'authority.mbox' is no part of a statement"),
    ],
)  # fmt: skip
def test_a_profile_that_cannot_be_is_refused(old: str, new: str, fault: str) -> None:
    program = ProgramFactory.create(code="rur")
    assert old in STANDARD
    faults = refused(STANDARD.replace(old, new), program)
    assert any(found.startswith(fault) for found in faults), faults


@pytest.mark.parametrize(
    "column",
    ["object.id", "actor.account.name", "result.success", "context.extensions.https://x.example/region", "verb.id"],
)
def test_any_path_of_a_statement_may_be_a_column(column: str) -> None:
    source = STANDARD.replace('column = "activity"', f'column = "{column}"')
    assert load_profile(parsed(source), ProgramFactory.create()) == Change.ADDED


def test_without_verbs_the_usual_ones_are_read(partner: Partner) -> None:
    load_profile(parsed(STANDARD.replace('verbs = ["completed", "passed", "failed"]', "")), partner.program)
    profile = ReturnProfile.objects.for_statements_of(partner)
    assert profile
    said = Definition.of(profile.definition).statements
    assert said
    assert {verb.split("/")[-1] for verb in said.verbs} == {"completed", "passed", "failed"}


@pytest.mark.parametrize("word", ["course", "cmi.interaction", "https://academy.example/types/workshop"])
def test_types_are_adls_words_or_iris(word: str) -> None:
    source = STANDARD.replace("[statements]", f'[statements]\ntypes = ["{word}"]')
    assert load_profile(parsed(source), ProgramFactory.create()) == Change.ADDED


def test_the_shipped_profile_reads_activities_of_every_type(partner: Partner) -> None:
    load_profile(parsed(STANDARD), partner.program)
    said = Definition.of(ReturnProfile.objects.get().definition).statements
    assert said
    assert not said.types


def test_two_profiles_for_the_same_statements_are_refused(partner: Partner) -> None:
    load_profile(parsed(STANDARD), partner.program)
    again = STANDARD.replace('code = "standard-statements"', 'code = "another"')
    assert refused(again, partner.program) == [
        "statements: the profile standard-statements reads the statements of every partner without a profile of its own"
        " already; only one can"
    ]
    load_profile(parsed(OWN), partner.program)
    assert refused(OWN.replace("own-statements", "another"), partner.program) == [
        "statements: the profile own-statements reads the statements of academy already; only one can"
    ]
    assert load_profile(parsed(OWN), partner.program) == Change.UNCHANGED


def test_the_database_lets_one_profile_read_a_partners_statements(partner: Partner) -> None:
    load_profile(parsed(STANDARD), partner.program)
    first = ReturnProfile.objects.get()
    with pytest.raises(IntegrityError, match="statements_are_read_by_one_profile"), transaction.atomic():
        ReturnProfile.objects.create(program=partner.program, code="other", name="Other", definition=first.definition)


def test_a_partners_own_profile_is_found_first(partner: Partner) -> None:
    other = PartnerFactory.create(program=partner.program)
    assert ReturnProfile.objects.for_statements_of(partner) is None
    load_profile(parsed(OWN), partner.program)
    assert ReturnProfile.objects.for_statements_of(other) is None
    load_profile(parsed(STANDARD), partner.program)
    found = [ReturnProfile.objects.for_statements_of(each) for each in (partner, other, PartnerFactory.create())]
    assert [profile and profile.code for profile in found] == ["own-statements", "standard-statements", None]


def test_files_go_by_profiles_for_files(school: School) -> None:
    assert Definition.of(school.profile.definition).statements is None


@pytest.mark.parametrize(
    ("ended", "taken"),
    [("2026-05-01T23:30:00Z", "2026-05-02"), ("2026-05-01 23:30:00", "2026-05-01"), ("2026-05-01", "2026-05-01")],
)
def test_a_moment_with_a_zone_in_a_file_has_the_day_of_the_program(school: School, ended: str, taken: str) -> None:
    from tests.test_returns.school import row

    assert counts(school.report(row(ended=ended))) == (1, 1, 0, 0)
    assert str(school.facts()[0][3]) == taken


def test_a_moment_that_no_calendar_has_is_a_fault(school: School) -> None:
    from tests.test_returns.school import row

    sent = school.report(row(ended="0001-01-01T00:00:00+14:00"))
    assert [reason for *_, reason in quarantined(sent)] == ["is no day that exists, written as 2026-12-31"]


def test_rejected_rows_can_be_sent_again_as_a_file(academy: Academy) -> None:
    from courses.returns.operations import keep_return, load_return_now
    from courses.returns.rejected import rejected_csv

    academy.send(passed(object={"id": "https://academy.example/courses/First"}, timestamp="2026-03-01T10:00:00Z"))
    assert counts_of(academy.last()) == (1, 0, 0, 1)
    mended = b"".join(rejected_csv(academy.last())).replace(b",First,", b",first-steps,")
    given: dict[str, Any] = {"file_name": "a.csv", "content": [mended], "received_by": None}
    kept = keep_return(academy.program, academy.partner, academy.last().profile, received_at=academy.moment(), **given)
    load_return_now(kept.pk, at=NOW)
    assert counts_of(academy.last()) == (1, 1, 0, 0)
    assert Statement.objects.count() == 1


def test_nobody_can_send_a_file_by_a_profile_that_reads_statements(academy: Academy, client: Client) -> None:
    program = academy.partner.program
    assert [each.code for each in ReturnProfile.objects.of(program)] == ["standard-statements"]
    assert not ReturnProfile.objects.of_files(program).exists()
    client.force_login(MembershipFactory(program=program, role=Role.PARTNER_MANAGER, partner=academy.partner).user)
    page = client.get(reverse("returns", args=[program.code])).content.decode()
    assert "standard xAPI statements" not in page
    assert client.get(reverse("return-template", args=[program.code, "standard-statements"])).status_code == 404
