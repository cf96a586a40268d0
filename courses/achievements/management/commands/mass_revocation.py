"""manage.py mass_revocation propose | approve | refuse | withdraw | undo, each --by the e-mail of who does it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from courses.achievements.models import MassRevocation, Reach
from courses.achievements.operations import (
    MassRevocationRefusedError,
    approve_mass_revocation,
    carry_out_mass_revocation,
    propose_mass_revocation,
    propose_undo,
    refuse_mass_revocation,
    withdraw_mass_revocation,
)
from programs.models import Partner, Program


class Command(BaseCommand):
    help = "Revokes all achievements of a partner in a period, by two people: one proposes, another one approves."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        propose = actions.add_parser("propose", help="propose to revoke; nothing is revoked yet")
        propose.add_argument("--program", required=True, help="code of the program")
        propose.add_argument("--partner", required=True, help="code of the partner")
        propose.add_argument("--from", dest="first_on", required=True, type=day, help="first day, as 2026-01-31")
        propose.add_argument("--to", dest="last_on", required=True, type=day, help="last day, included")
        undo = actions.add_parser("undo", help="propose to restore what one revoked; nothing is restored yet")
        approve = actions.add_parser("approve", help="approve what another person proposed, and carry it out")
        approve.add_argument("--achievements", type=int, help="the number that you approve; without it, it is shown")
        others = [actions.add_parser("refuse"), actions.add_parser("withdraw", help="take one's own proposal back")]
        for action in (undo, approve, *others):
            action.add_argument("number", type=int, help="of the mass revocation")
        for action in (propose, undo):
            action.add_argument("--reason", required=True, help="why; public on the page of a credential that falls")
        for action in (propose, undo, approve, *others):
            action.add_argument("--by", required=True, help="e-mail of who does it: a program manager or operator")

    def handle(self, *, action: str, by: str, **options: Any) -> None:  # noqa: ANN401
        deeds: dict[str, Callable[..., MassRevocation]] = {
            "propose": self.propose,
            "undo": self.undo,
            "approve": self.approve,
            "refuse": self.refuse,
            "withdraw": self.withdraw,
        }
        try:
            order = deeds[action](by=user_named(by), **options)
        except MassRevocationRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.say(MassRevocation.objects.of(order.program).get(pk=order.pk))

    def propose(self, *, by: User, program: str, partner: str, **options: Any) -> MassRevocation:  # noqa: ANN401
        tenant = Program.objects.filter(code=program).first()
        found = Partner.objects.filter(program=tenant, code=partner).first() if tenant else None
        if tenant is None or found is None:
            raise CommandError(f"There is no partner {partner!r} in a program {program!r}. Look at their codes.")
        asked = {name: options[name] for name in ("first_on", "last_on", "reason")}
        return propose_mass_revocation(tenant, found, **asked, proposed_by=by, at=timezone.now())

    def undo(self, *, by: User, number: int, reason: str, **options: object) -> MassRevocation:
        return propose_undo(order_numbered(number), reason=reason, proposed_by=by, at=timezone.now())

    def approve(self, *, by: User, number: int, achievements: int | None, **options: object) -> MassRevocation:
        order = order_numbered(number)
        if achievements is None and order.is_open:
            reach = order.takes().reach()
            verb = "restore" if order.is_undo else "revoke"
            raise CommandError(
                f"It would {verb} {in_words(reach)} now. To approve that: --achievements {reach.achievements}"
            )
        approved = approve_mass_revocation(order, approved_by=by, seen=achievements or 0, at=timezone.now())
        carry_out_mass_revocation(approved.pk, at=timezone.now())
        return approved

    def refuse(self, *, by: User, number: int, **options: object) -> MassRevocation:
        return refuse_mass_revocation(order_numbered(number), refused_by=by, at=timezone.now())

    def withdraw(self, *, by: User, number: int, **options: object) -> MassRevocation:
        return withdraw_mass_revocation(order_numbered(number), withdrawn_by=by, at=timezone.now())

    def say(self, order: MassRevocation) -> None:
        what = f"undo of mass revocation {order.undoes_id}" if order.is_undo else "mass revocation"
        days = f"{order.partner}, achieved from {order.first_on} to {order.last_on}"
        self.stdout.write(f"Number {order.pk}, {what}: {days}")
        self.stdout.write(f"Proposed by {order.proposed_by}: {order.reason}")
        if order.achievements is not None and order.people is not None:
            done = "Restored" if order.is_undo else "Revoked"
            self.stdout.write(f"{done}: {in_words(Reach(order.achievements, order.people))}")
        elif order.is_open:
            verb = "restore" if order.is_undo else "revoke"
            self.stdout.write(
                f"It would {verb} {in_words(order.takes().reach())} now. Another person has to approve it."
            )
        if order.decision:
            self.stdout.write(f"{order.get_decision_display().capitalize()} by {order.decided_by}")


def day(text: str) -> date:
    return date.fromisoformat(text)


def in_words(reach: Reach) -> str:
    return f"{reach.achievements:,} achievements of {reach.people:,} people"


def user_named(email: str) -> User:
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody has an account with the e-mail {email!r}.") from error


def order_numbered(number: int) -> MassRevocation:
    order = MassRevocation.objects.filter(pk=number).select_related("program", "partner").first()
    if order is None:
        raise CommandError(f"There is no mass revocation with the number {number}.")
    return order
