"""manage.py mass_revocation: the same two people, at the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from courses.achievements.models import MassRevocation
from tests.test_achievements.orders import Office

pytestmark = pytest.mark.django_db
PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


def run(*given: object, by: User) -> str:
    out = StringIO()
    call_command("mass_revocation", *[str(part) for part in given], "--by", by.email, stdout=out)
    return out.getvalue()


def propose(office: Office) -> str:
    names = ["--program", office.program.code, "--partner", office.partner.code]
    return run("propose", *names, *PERIOD, "--reason", "Wrong results", by=office.anna)


def test_two_people_revoke_and_undo(office: Office) -> None:
    office.achieve()

    assert "It would revoke 1 achievements of 1 people now" in propose(office)
    order = MassRevocation.objects.get()
    assert "Revoked: 1 achievements" in run("approve", order.pk, "--achievements", 1, by=office.bela)
    assert office.standing() == 0
    assert f"undo of mass revocation {order.pk}" in run("undo", order.pk, "--reason", "x", by=office.bela)
    undo = MassRevocation.objects.get(undoes=order)
    assert "Restored: 1 achievements" in run("approve", undo.pk, "--achievements", 1, by=office.anna)
    assert office.standing() == 1


def test_approving_without_a_number_says_the_number(office: Office) -> None:
    office.achieve()
    propose(office)

    with pytest.raises(CommandError, match="To approve that: --achievements 1"):
        run("approve", MassRevocation.objects.get().pk, by=office.bela)

    assert MassRevocation.objects.get().is_open


def test_a_refusal_and_a_withdrawal_are_said(office: Office) -> None:
    office.achieve()
    for action, who in (("refuse", office.bela), ("withdraw", office.anna)):
        propose(office)
        assert f"by {who}" in run(action, MassRevocation.objects.get(decision="").pk, by=who)


def test_what_is_not_allowed_is_an_error(office: Office) -> None:
    office.achieve()
    propose(office)
    number = MassRevocation.objects.get().pk

    with pytest.raises(CommandError, match="Another person has to approve it"):
        run("approve", number, "--achievements", 1, by=office.anna)
    with pytest.raises(CommandError, match="no mass revocation with the number"):
        run("refuse", number + 1, by=office.bela)
    with pytest.raises(CommandError, match="Nobody has an account"):
        run("refuse", number, by=User(email="nobody@example.org"))


def test_an_unknown_partner_is_an_error(office: Office) -> None:
    with pytest.raises(CommandError, match="no partner 'nobody'"):
        run(
            "propose", "--program", office.program.code, "--partner", "nobody", *PERIOD, "--reason", "x", by=office.anna
        )
