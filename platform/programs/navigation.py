"""Which pages of a program somebody may open by their roles, as links of the header and of the first page."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, cast

from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from programs.access import OPERATOR
from programs.models import Membership, Program, Role
from programs.waiting import Said, said_behind


class Page(NamedTuple):
    """A page that the header names: URL name, label, for whom it is, and the URL names of the pages below it."""

    name: str
    label: str | Promise
    roles: tuple[str, ...]
    below: tuple[str, ...] = ()


class Link(NamedTuple):
    """`waiting` is what waits behind it for the reader: asked of the database by who looks at it."""

    url: str
    label: str
    is_current: bool = False
    waiting: Said | None = None


class OwnProgram(NamedTuple):
    """A program in which the user has roles, with the pages that these open."""

    program: Program
    roles: list[str]
    links: list[Link]


PAGES = (
    Page("dashboard", _("Dashboard"), (Role.PROGRAM_MANAGER, OPERATOR)),
    Page("ledger", _("Ledger"), (Role.PROGRAM_MANAGER, OPERATOR), ("ledger-revision", "ledger-postings")),
    Page(
        "learn",
        _("Learn"),
        (Role.LEARNER,),
        ("describe", "find", "course", "lesson", "package-play", "assessment", "attempt"),
    ),
    Page("credentials", _("My credentials"), (Role.LEARNER,), ("credential-name",)),
    Page(
        "drafts",
        _("Authoring"),
        (Role.AUTHOR, Role.PROGRAM_MANAGER),
        (
            "draft",
            "draft-edit",
            "draft-history",
            "draft-preview",
            "draft-preview-assessment",
            "draft-question",
            "draft-change",
            "draft-video",
            "draft-change-video",
            "draft-bank",
        ),
    ),
    Page("returns", _("Returns"), (Role.PARTNER_MANAGER, Role.PROGRAM_MANAGER), ("return",)),
    Page("partners", _("Partners"), (Role.PROGRAM_MANAGER,), ("partner",)),
    Page("quarantine", _("Quarantine"), (Role.PROGRAM_MANAGER,), ("quarantine-rules",)),
    Page("candidates", _("Candidates"), (Role.PROGRAM_MANAGER,), ("candidate", "candidates-alike")),
    Page("revocations", _("Revocations"), (Role.PROGRAM_MANAGER, OPERATOR), ("revocation",)),
    Page("figures", _("Published figures"), (Role.PROGRAM_MANAGER, Role.MINISTRY)),
    Page("tokens", _("API tokens"), (Role.PROGRAM_MANAGER, Role.MINISTRY, Role.PARTNER_MANAGER)),
)


def links_for(
    roles: Iterable[str], program: Program, *, shown: str | None = None, memberships: Sequence[Membership] = ()
) -> list[Link]:
    """Links to the program's pages that are for any of the roles; the one with the URL name `shown`, or above it, is
    current. What waits is said to who has these `memberships`."""
    held = set(roles)
    return [link_to(page, program, shown, memberships) for page in PAGES if held.intersection(page.roles)]


def link_to(page: Page, program: Program, shown: str | None, memberships: Sequence[Membership]) -> Link:
    waiting = cast(Said | None, SimpleLazyObject(lambda: said_behind(page.name, memberships)))
    is_current = shown in (page.name, *page.below)
    return Link(reverse(page.name, args=[program.code]), str(page.label), is_current, waiting)


def own_programs(memberships: Iterable[Membership]) -> list[OwnProgram]:
    """The programs of one user, whose memberships come in the order of programs."""
    programs = groupby(memberships, key=lambda membership: membership.program)
    return [own_program(program, list(rows)) for program, rows in programs]


def own_program(program: Program, memberships: list[Membership]) -> OwnProgram:
    roles = [row.role for row in memberships]
    return OwnProgram(program, role_names(roles), links_for(roles, program, memberships=memberships))


def role_names(roles: Iterable[str]) -> list[str]:
    """In words, each once, in the order in which the roles are declared."""
    held = set(roles)
    return [str(role.label) for role in Role if role in held]
