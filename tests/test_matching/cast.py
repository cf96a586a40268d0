"""A program with two managers and two partners, who say things of people."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from accounts.models import User
from courses.achievements.operations import merge_persons
from courses.matching.models import Candidate, Search
from courses.matching.operations import find_candidates
from people.models import Alias, Identity, Merge, Particulars, Person
from programs.models import Partner, Program
from tests.factories import NOW, MembershipFactory, PartnerFactory, PersonFactory, ProgramFactory

BORN = date(1990, 2, 3)


@dataclass
class Office:
    """anna and bela manage the program; `college` and `employer` report to it."""

    program: Program
    anna: User
    bela: User
    college: Partner
    employer: Partner
    said: list[Particulars] = field(default_factory=list)

    def say(
        self,
        name: str = "Ruritania Zenda",
        born_on: date | None = BORN,
        *,
        person: Person | None = None,
        partner: Partner | None = None,
        employer: str = "",
        at: datetime = NOW,
        **contacts: str,
    ) -> Person:
        """What a partner says of a new person, or of the one given; answers the person."""
        told: dict[str, Any] = {kind: sha256(value.encode()).digest() for kind, value in contacts.items()}
        whom = person or PersonFactory.create(program=self.program)
        self.said.append(
            Particulars.objects.create(
                program=self.program,
                person=whom,
                partner=partner or self.college,
                name=name,
                born_on=born_on,
                employer=employer,
                said_at=at,
                **told,
            )
        )
        return whom

    def crowd(self, number: int = 300) -> None:
        """People who are nobody else, so that the program is large enough for names and days to say something."""
        for n in range(number):
            letters = "".join("bcdfghjklmnprstvz"[n // 17**place % 17] + "aeiou"[place] for place in (2, 1, 0))
            self.say(f"{letters} Von{letters[::-1]}", date(1960 + n % 40, 1 + n % 12, 1 + n % 27))

    def search(self, *, everything: bool = False, at: datetime = NOW) -> Search:
        found = find_candidates(self.program, at=at, everything=everything)
        assert found is not None
        return found

    def pair(self, **second: Any) -> Candidate:
        """One person said twice, by name, birth date and e-mail unless told otherwise, and found."""
        told: dict[str, Any] = {"email": f"{len(self.said)}@example.org"}
        name = second.pop("name", f"Ruritania Zenda{'abcdefghijklmnopqrstuvwxyz'[len(self.said) % 26]}")
        one = self.say(name, **told)
        other = self.say(name, partner=self.employer, **told | second)
        self.search()
        return Candidate.objects.get(one=one, other=other)

    def alone(self) -> Candidate:
        """Two persons who have nothing but a name and a birth date in common, among many others."""
        self.crowd()
        one, other = self.say(), self.say(partner=self.employer)
        self.search()
        return Candidate.objects.get(one=one, other=other)

    def stands_for(self, person: Person) -> int:
        """Whom the person is counted as."""
        alias = Alias.objects.filter(person=person).first()
        return alias.stands_for_id if alias else person.pk

    def are_one(self, candidate: Candidate) -> bool:
        return self.stands_for(candidate.one) == self.stands_for(candidate.other)


def new_office() -> Office:
    program = ProgramFactory.create()
    anna, bela = (row.user for row in MembershipFactory.create_batch(2, program=program))
    college, employer = PartnerFactory.create_batch(2, program=program)
    return Office(program, anna, bela, college, employer)


def state_of(candidate: Candidate) -> str:
    return Candidate.objects.get(pk=candidate.pk).state


def know(person: Person, scheme: str, number: int) -> None:
    Identity.objects.create(
        program_id=person.program_id, person=person, scheme=scheme, digest=bytes([number]) * 32, created_at=NOW
    )


def merge(office: Office, person: Person, into: Person) -> Merge:
    return merge_persons(office.program, person, into, reason=Merge.Reason.NATIONAL, evidence={}, at=NOW)
