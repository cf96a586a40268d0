"""Persons to merge, and what the merges of a test come to."""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from accounts.models import User
from courses.achievements.operations import merge_persons, unmerge
from people.models import Alias, Identity, Merge, Person
from programs.models import Program
from tests.factories import NOW, PersonFactory, UserFactory

LATER = NOW + timedelta(hours=1)


def people_of(program: Program, number: int) -> list[Person]:
    return [PersonFactory.create(program=program) for _ in range(number)]


def merge(person: Person, into: Person, *, by: User | None = None) -> Merge:
    return merge_persons(
        person.program, person, into, reason=Merge.Reason.REVIEW, evidence={"name": 0.9}, at=NOW, by=by
    )


def undo(made: Merge) -> Merge:
    return unmerge(made, because="two brothers", at=LATER, by=UserFactory.create())


def aliases() -> dict[int, int]:
    return dict(Alias.objects.values_list("person", "stands_for"))


def where_merges_lead() -> dict[int, int]:
    """The aliases as they should be: read plainly from the merges."""
    into = dict(Merge.objects.standing().values_list("person", "into"))
    led = {}
    for person in into:
        end = person
        for _ in into:
            end = into.get(end, end)
        assert end not in into, "the merges lead in a circle"
        led[person] = end
    return led


def stage(pairs: Sequence[tuple[Person | int, ...]]) -> str:
    """The name of a temporary table of the pairs, whose evidence is their place among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pairs;"
            "CREATE TEMPORARY TABLE pairs (person_id bigint, other_id bigint, evidence jsonb)"
        )
        for row, pair in enumerate(pairs):
            one, other = (person.pk if isinstance(person, Person) else person for person in pair)
            cursor.execute("INSERT INTO pairs VALUES (%s, %s, %s)", [one, other, json.dumps({"row": row})])
    return "pairs"


def know_nationally(person: Person, scheme: str = "citizen") -> None:
    Identity.objects.create(
        program=person.program, person=person, scheme=scheme, digest=bytes([person.pk % 256]) * 32, created_at=NOW
    )
