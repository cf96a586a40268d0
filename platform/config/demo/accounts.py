"""The cast of the demonstration: one account a role, in every program, so that each page can be tried."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from accounts.models import User
from people.operations import join_program
from programs.models import Partner, Program, Role
from programs.operations import grant_role


@dataclass(frozen=True)
class Account:
    who: str
    email: str
    sees: str
    role: str = ""


CAST = (
    Account("learner", "learner@demo.example", "courses, credentials", Role.LEARNER),
    Account("partner manager", "partner@demo.example", "one partner's returns", Role.PARTNER_MANAGER),
    Account("program manager", "manager@demo.example", "dashboard, all returns, figures, tokens", Role.PROGRAM_MANAGER),
    Account(
        "second program manager", "second@demo.example", "the same, for what needs two people", Role.PROGRAM_MANAGER
    ),
    Account("author", "author@demo.example", "courses that are being written", Role.AUTHOR),
    Account("second author", "reviewer@demo.example", "the same, for what needs two people", Role.AUTHOR),
    Account("ministry", "ministry@demo.example", "published figures, tokens", Role.MINISTRY),
    Account("operator", "operator@demo.example", "the instance: /admin/, every dashboard"),
)


def ensure_cast(programs: list[Program], *, password: str, at: datetime) -> int:
    """Creates the accounts that are missing, with their roles; answers how many were. Existing ones keep everything."""
    made = 0
    for account in CAST:
        user = User.objects.filter(email=account.email).first()
        if user is None:
            user, made = _create(account, password), made + 1
        for program in programs if account.role else []:
            _admit(account, user, program, at=at)
    return made


def _create(account: Account, password: str) -> User:
    is_operator = not account.role
    user = User.objects.create_user(
        account.email, password, name=f"Demo {account.who}", is_staff=is_operator, is_superuser=is_operator
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _admit(account: Account, user: User, program: Program, *, at: datetime) -> None:
    if account.role == Role.LEARNER:
        join_program(program, user, at=at)
    elif account.role == Role.PARTNER_MANAGER:
        partner = Partner.objects.filter(program=program, code__startswith="demo-").order_by("code").first()
        if partner:
            grant_role(program, user, role=account.role, partner=partner)
    else:
        grant_role(program, user, role=account.role)
