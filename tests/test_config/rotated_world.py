"""A program in which identifiers lie wherever they can: two partners, contacts, rows in quarantine, a learner."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import User
from courses.matching.models import Candidate
from courses.matching.operations import find_candidates
from courses.returns.models import HeldRow
from people.identities import digest, partners_own
from people.keys import instance_keys
from people.models import IdentityKey, Person
from people.operations import person_of_user
from programs.models import MeasureVersion, Program
from reporting.counting.models import Count
from reporting.counting.operations import open_measures
from tests.factories import NOW, MeasureVersionFactory, PartnerFactory, UserFactory
from tests.test_counting.cast import settle_now
from tests.test_returns.anomaly_world import academy_of, file_of_lines
from tests.test_returns.anomaly_world import line as academy_line
from tests.test_returns.school import School, counts, file_of
from tests.test_returns.test_two_identifiers import HEADER, line, mine_of

ACCOUNTS, EMAILS, PHONES = ["GB01", "GB02"], ["anna@post.test", "berta@post.test"], ["+4479001", "+4479002"]


@dataclass
class World:
    version: MeasureVersion
    academy: School
    mine: School
    learner: User

    @property
    def program(self) -> Program:
        return self.version.program

    def send(self) -> list[tuple[int, int, int, int]]:
        """Both returns; the same rows each time."""
        shared = [academy_line(f"S{n}", account=ACCOUNTS[0], name=f"Name {n}") for n in range(3)]
        rows = [
            academy_line("P1", phone=PHONES[0], email=EMAILS[0], account=ACCOUNTS[1], name="Anna Berg"),
            academy_line("P2", phone=PHONES[1], email=EMAILS[1], name="Berta Tal"),
            academy_line("P3", result="Absent"), academy_line("", name="Nobody"), *shared,
        ]  # fmt: skip
        own = [
            line("1", "A", "sorting"), line("2", "C", "sorting", name="Cleo"), line("", "B"), line("3", "B"),
            line("1", "A", name="Anna Berg", email=EMAILS[0], phone=PHONES[0], born="1990-02-03"),
        ]  # fmt: skip
        academy = self.academy.send(file_of_lines(rows))
        return [counts(academy), counts(self.mine.send(file_of(own, HEADER)))]

    def figures(self) -> list[tuple[Any, ...]]:
        return sorted(Count.objects.filter(people__gt=0).values_list("grouping", "day", "region", "people"))

    def candidates(self) -> list[tuple[Any, ...]]:
        return sorted(Candidate.objects.values_list("one_id", "other_id", "score", "state"))

    def names(self) -> Iterator[tuple[str, str]]:
        """Scheme and identifier of everything that is hashed."""
        yield from (("citizen", number) for number in "123")
        for school, numbers in ((self.academy, ["P1", "P2", "P3", "S0", "S1", "S2"]), (self.mine, ["A", "B", "C"])):
            yield from ((partners_own(school.partner), number) for number in numbers)
        for scheme, values in (("account", ACCOUNTS), ("email", [*EMAILS, self.learner.email]), ("phone", PHONES)):
            yield from ((scheme, value) for value in values)

    def guesses(self) -> set[bytes]:
        """What can be computed with the oldest key of who the program knows: hashes, and what may be made of them."""
        key = instance_keys(self.program)[0]
        salts = [b"", *(bytes(row.salt or b"") for row in IdentityKey.objects.filter(salt__isnull=False))]
        hashes = {digest([key], scheme, identifier) for scheme, identifier in self.names()}
        made = {hashlib.sha256(salt + sign).digest()[:16] for sign in hashes for salt in salts}
        records = [
            hmac.digest(key, b"record\0" + cells, hashlib.sha256)[:16] for cells in (b"safety", b"digging", b"sorting")
        ]
        keys = {
            hashlib.sha256(f"{school.partner.pk}:".encode() + level.to_bytes(2) + sign + record).digest()[:16]
            for school in (self.academy, self.mine) for level in (0, 3) for sign in hashes for record in records
        }  # fmt: skip
        return hashes | made | keys


def world_of(version: MeasureVersion | None = None) -> World:
    version = version or MeasureVersionFactory.create(evidence=3)
    open_measures(at=NOW)
    academy = academy_of(PartnerFactory(program=version.program))
    mine = mine_of(PartnerFactory(program=version.program))
    learner = UserFactory.create(email=f"lea@{version.program.code}.test")
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    world = World(version, academy, mine, learner)
    world.send()
    person_of_user(world.program, learner, at=NOW)
    find_candidates(world.program, at=NOW)
    settle_now()
    return world


def stored() -> set[bytes]:
    """Every value of 16 bytes in a column of bytes, and what stands for one in the groups of rows in quarantine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        found: set[bytes] = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT substr("{column}", 1, 16) FROM {table} WHERE "{column}" IS NOT NULL')
            found |= {bytes(value) for (value,) in cursor.fetchall()}
        return found


def marks() -> set[str]:
    groups = HeldRow.objects.filter(rule="shared").values_list("group", flat=True)
    return {group.partition("-")[2] for group in groups}


def persons() -> int:
    return Person.objects.count()
