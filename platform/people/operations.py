"""Every write of persons who sign in. Persons known from returns alone are made by courses.returns."""

from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from people.identities import EMAIL, digest
from people.keys import use_identity_keys
from people.models import Identity, Person
from people.situations import Experience, Occupation
from programs.models import Code, Program, Role
from programs.names import unprintable
from programs.operations import grant_role

LONGEST_NAME = 200


class JoiningRefusedError(Exception):
    """The user cannot join the program; the message says why."""


class DescriptionRefusedError(Exception):
    """What a person says of themself cannot be stored. `problems` says why, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


def person_of_user(program: Program, user: User, *, at: datetime) -> Person:
    """The person that the user is in the program; who was not there yet joins it as a learner.

    Whoever proves an e-mail address by which a return has named somebody is that person. Joining twice is joining once.
    Raises `JoiningRefusedError` for a program that is closed to new learners.
    """
    known = Person.objects.of_learner(program, user).first()
    return known or join_program(program, user, at=at)


@transaction.atomic
def join_program(program: Program, user: User, *, at: datetime) -> Person:
    """See `person_of_user`, which is quicker for those who have joined."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two clicks at once join one after the other
    person = Person.objects.filter(program=program, user=user).first()
    if person is None:
        if not program.is_open_to_learners:
            raise JoiningRefusedError(
                _("%(program)s is closed to new learners. Ask its managers when it opens again.") % {"program": program}
            )
        person = person_behind_email(program, user) or Person(program=program, created_at=at)
        person.user, person.name = user, person.name or user.name
        person.save()
    grant_role(program, user, role=Role.LEARNER)
    know_by_email(person, at=at)
    return person


def person_behind_email(program: Program, user: User) -> Person | None:
    """Whom the program knows by the user's proven e-mail address, unless somebody else signs in as them."""
    known = Person.objects.filter(
        program=program, user=None, identities__scheme=EMAIL, identities__digest__in=email_digests(program, user)
    )
    return known.select_for_update(of=("self",)).order_by("pk").first()


@transaction.atomic
def know_by_email(person: Person, *, at: datetime) -> None:
    """Remembers the proven e-mail addresses of the person's user, as keyed hashes, so that returns find the person.

    An address that stands for another person already stays with that person.
    """
    if person.user is None:
        return
    signs = [
        Identity(program_id=person.program_id, person=person, scheme=EMAIL, digest=sign, created_at=at)
        for sign in email_digests(person.program, person.user)
    ]
    Identity.objects.bulk_create(signs, ignore_conflicts=True)


def know_user_by_email(user: User, *, at: datetime) -> None:
    """The same for every program of a user who has just proven an address."""
    for person in Person.objects.filter(user=user).select_related("program", "user"):
        know_by_email(person, at=at)


def email_digests(program: Program, user: User) -> list[bytes]:
    """As the addresses are hashed until the end of the transaction."""
    layers = use_identity_keys(program).layers
    proven = EmailAddress.objects.filter(user=user, verified=True).order_by("pk").values_list("email", flat=True)
    return [digest(layers, EMAIL, email) for email in proven]


def describe_person(
    person: Person,
    *,
    name: str = "",
    region: str = "",
    sector: str = "",
    employer_size: str = "",
    age_band: str = "",
    occupation: str = "",
    experience: str = "",
) -> Person:
    """Replaces what a person says of themself; empty is "not stated". Facts already recorded keep their codes.

    Raises `DescriptionRefusedError` for codes that the program does not have, and for a name that cannot be printed.
    """
    codes = {"region": region, "sector": sector, "employer_size": employer_size, "age_band": age_band}
    tidy = " ".join(name.split())
    problems = unknown_codes(person.program, codes) | problems_of_name(tidy)
    if problems:
        raise DescriptionRefusedError(problems)
    person.name = tidy
    person.region, person.sector, person.employer_size, person.age_band = region, sector, employer_size, age_band
    person.occupation = occupation if occupation in Occupation else ""
    person.experience = experience if experience in Experience else ""
    person.save(update_fields=["name", *codes, "occupation", "experience"])
    return person


def describe_work(person: Person, *, sector: str, occupation: str, experience: str) -> Person:
    """Takes over what somebody says of their work when they join; what is left open or unknown changes nothing."""
    known = sector and not unknown_codes(person.program, {"sector": sector})
    person.sector = sector if known else person.sector
    person.occupation = occupation if occupation in Occupation else person.occupation
    person.experience = experience if experience in Experience else person.experience
    person.save(update_fields=["sector", "occupation", "experience"])
    return person


def unknown_codes(program: Program, codes: Mapping[str, str]) -> dict[str, str]:
    kinds = dict(Code.Kind.choices)
    said = _('There is no %(kind)s "%(code)s" in this program. Choose one of its list, or leave it open.')
    known = set(Code.objects.filter(program=program, code__in=codes.values()).values_list("kind", "code"))
    return {
        kind: said % {"kind": kinds[kind], "code": code}
        for kind, code in codes.items()
        if code and (kind, code) not in known
    }


def problems_of_name(name: str) -> dict[str, str]:
    if len(name) > LONGEST_NAME:
        said = _("The name has %(number)s characters; at most %(most)s fit on a credential.")
        return {"name": said % {"number": len(name), "most": LONGEST_NAME}}
    if unprintable(name):
        return {"name": _("The name holds a character that cannot be printed. Please type it again.")}
    return {}
