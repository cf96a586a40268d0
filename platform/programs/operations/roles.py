"""Who may do what in a program."""

from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import Membership, Partner, Program, Role


class RoleRefusedError(Exception):
    """The role cannot be given; the message says why, and what to do instead."""


def grant_role(program: Program, user: User, *, role: str, partner: Partner | None = None) -> Membership:
    """Gives the user the role; a partner manager has it for each partner that they manage. Twice is once.

    Raises `RoleRefusedError` where such a role makes no sense.
    """
    check_role(program, role=role, partner=partner)
    return Membership.objects.get_or_create(program=program, user=user, role=role, partner=partner)[0]


def revoke_role(program: Program, user: User, *, role: str, partner: Partner | None = None) -> bool:
    """Takes the role from the user; says whether they had it."""
    taken, _ = Membership.objects.filter(program=program, user=user, role=role, partner=partner).delete()
    return taken > 0


def check_role(program: Program, *, role: str, partner: Partner | None) -> None:
    """Raises `RoleRefusedError` if nobody can have this role in the program."""
    if role not in Role.values:
        raise RoleRefusedError(
            _('There is no role "%(role)s". Choose one of: %(roles)s.')
            % {"role": role, "roles": ", ".join(Role.values)}
        )
    if role != Role.PARTNER_MANAGER and partner is not None:
        raise RoleRefusedError(_("Only a partner manager has a partner. Leave the partner out, or choose that role."))
    if role == Role.PARTNER_MANAGER:
        check_partner(program, partner)


def check_partner(program: Program, partner: Partner | None) -> None:
    if partner is None:
        raise RoleRefusedError(_("A partner manager needs a partner. Choose the partner whose returns they send."))
    if partner.program_id != program.pk:
        raise RoleRefusedError(
            _("%(partner)s is a partner of another program. Choose a partner of %(program)s.")
            % {"partner": partner, "program": program}
        )
    if partner.kind == Partner.Kind.OWN:
        raise RoleRefusedError(
            _("%(partner)s sends no returns. Choose a partner that does, or make them program manager.")
            % {"partner": partner}
        )
