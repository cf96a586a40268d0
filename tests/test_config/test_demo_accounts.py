import pytest

from accounts.models import User
from config.demo.accounts import CAST, ensure_cast
from programs.models import Role
from tests.factories import NOW, PASSWORD, PartnerFactory

pytestmark = pytest.mark.django_db


def test_every_role_can_be_tried_and_what_needs_two_people_too() -> None:
    program = PartnerFactory.create(code="demo-college").program

    assert ensure_cast([program], password=PASSWORD, at=NOW) == len(CAST)

    held = list(program.memberships.values_list("role", flat=True))
    assert set(held) == set(Role.values)
    assert held.count(Role.PROGRAM_MANAGER) == 2
    assert User.objects.get(email="operator@demo.example").is_operator


def test_the_cast_is_made_once() -> None:
    program = PartnerFactory.create(code="demo-college").program
    ensure_cast([program], password=PASSWORD, at=NOW)

    assert ensure_cast([program], password=PASSWORD, at=NOW) == 0
    assert program.memberships.count() == len(CAST) - 1
