"""Who may do what: roles given, taken and refused, by operation and in the operators' admin."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from programs.models import Membership, Partner, Role
from programs.operations import RoleRefusedError, grant_role, revoke_role
from tests.factories import MembershipFactory, PartnerFactory, ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_granting_a_role_twice_grants_it_once() -> None:
    program, user = ProgramFactory(), UserFactory()
    first = grant_role(program, user, role=Role.MINISTRY)
    assert grant_role(program, user, role=Role.MINISTRY) == first
    assert list(Membership.objects.of_user(user).filter(program=program)) == [first]


def test_a_user_may_manage_several_partners_and_each_of_them_once() -> None:
    one, user = PartnerFactory(name="Weavers"), UserFactory()
    other = PartnerFactory(program=one.program, name="Clockmakers")
    for partner in (one, other, other):
        grant_role(one.program, user, role=Role.PARTNER_MANAGER, partner=partner)
    assert [row.partner for row in Membership.objects.of_user(user).filter(program=one.program)] == [other, one]
    revoke_role(one.program, user, role=Role.PARTNER_MANAGER, partner=other)
    assert [row.partner for row in Membership.objects.of_user(user).filter(program=one.program)] == [one]


def test_the_database_refuses_the_same_partner_and_the_same_role_twice() -> None:
    manager = MembershipFactory(role=Role.PROGRAM_MANAGER)
    reporter = MembershipFactory(
        program=manager.program, role=Role.PARTNER_MANAGER, partner=PartnerFactory(program=manager.program)
    )
    for held in (manager, reporter):
        with pytest.raises(IntegrityError, match="is_once"), transaction.atomic():
            MembershipFactory(program=held.program, user=held.user, role=held.role, partner=held.partner)


def test_revoking_a_role_twice_says_that_it_was_gone() -> None:
    membership = MembershipFactory(role=Role.PROGRAM_MANAGER)
    assert revoke_role(membership.program, membership.user, role=Role.PROGRAM_MANAGER)
    assert not revoke_role(membership.program, membership.user, role=Role.PROGRAM_MANAGER)


def test_revoking_one_role_leaves_the_others() -> None:
    membership = MembershipFactory(role=Role.MINISTRY)
    grant_role(membership.program, membership.user, role=Role.LEARNER)
    revoke_role(membership.program, membership.user, role=Role.MINISTRY)
    assert [row.role for row in Membership.objects.of_user(membership.user).filter(program=membership.program)] == [
        Role.LEARNER
    ]


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(RoleRefusedError, match=r'no role "king"\. Choose one of: learner, partner_manager'):
        grant_role(ProgramFactory(), UserFactory(), role="king")


def test_a_partner_manager_without_a_partner_is_refused() -> None:
    with pytest.raises(RoleRefusedError, match="A partner manager needs a partner"):
        grant_role(ProgramFactory(), UserFactory(), role=Role.PARTNER_MANAGER)


def test_a_partner_for_another_role_is_refused() -> None:
    partner = PartnerFactory()
    with pytest.raises(RoleRefusedError, match="Only a partner manager has a partner"):
        grant_role(partner.program, UserFactory(), role=Role.LEARNER, partner=partner)


def test_a_partner_of_another_program_is_refused() -> None:
    with pytest.raises(RoleRefusedError, match="partner of another program"):
        grant_role(ProgramFactory(), UserFactory(), role=Role.PARTNER_MANAGER, partner=PartnerFactory())


def test_a_manager_of_the_courses_taken_here_is_refused() -> None:
    program = ProgramFactory()
    own = Partner.objects.own_courses_of(program)
    with pytest.raises(RoleRefusedError, match="sends no returns"):
        grant_role(program, UserFactory(), role=Role.PARTNER_MANAGER, partner=own)


def test_an_operator_gives_a_role_in_the_admin(operator: Client) -> None:
    partner, user = PartnerFactory(), UserFactory()
    form = {"program": partner.program_id, "user": user.pk, "role": Role.PARTNER_MANAGER, "partner": partner.pk}
    assert operator.post("/admin/programs/membership/add/", form).status_code == 302
    assert Membership.objects.get(user=user).partner == partner


def test_the_admin_says_why_a_role_is_refused(operator: Client) -> None:
    form = {"program": ProgramFactory().pk, "user": UserFactory().pk, "role": Role.PARTNER_MANAGER, "partner": ""}
    page = operator.post("/admin/programs/membership/add/", form)
    assert "A partner manager needs a partner" in page.content.decode()
    assert not Membership.objects.exists()


def test_an_operator_takes_a_role_in_the_admin(operator: Client) -> None:
    membership = MembershipFactory()
    operator.post(f"/admin/programs/membership/{membership.pk}/delete/", {"post": "yes"})
    assert not Membership.objects.exists()
