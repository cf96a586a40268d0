"""Merging persons who are one human being, and undoing it: each puts the counts right by marking whom it concerns.

Standing merges are trees, and `Alias` says for each person where theirs leads: to its root, who is counted. Whoever
changes a tree holds the row of its root. docs/decisions/0013-merging.md
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from people.models import Identity, Merge, Person
from programs.models import Program

from .edges import Edge, edges_of
from .marking import mark_sql

STAGED_PAIR_COLUMNS = ("person_id", "other_id", "evidence")  # bigint, bigint, jsonb

ROOTS = """
    SELECT person.id, coalesce(alias.stands_for_id, person.id)
    FROM unnest(%s::bigint[]) person (id) LEFT JOIN people_alias alias ON alias.person_id = person.id"""
# Pairs of roots that a staged table says are one, and are not yet.
STAGED_ROOTS = """
    SELECT * FROM (
        SELECT coalesce(one.stands_for_id, pair.person_id) AS one,
               coalesce(other.stands_for_id, pair.other_id) AS other,
               pair.evidence::text
        FROM {table} pair
        LEFT JOIN people_alias one ON one.person_id = pair.person_id
        LEFT JOIN people_alias other ON other.person_id = pair.other_id
        ORDER BY pair.person_id, pair.other_id
    ) roots WHERE one <> other"""
# By which of these schemes a root, or anybody who stands for it, is known.
KNOWN_BY = """
    SELECT root, array_agg(DISTINCT scheme) FROM (
        SELECT id AS root, id AS person_id FROM unnest(%(roots)s::bigint[]) person (id)
        UNION ALL
        SELECT stands_for_id, person_id FROM people_alias WHERE stands_for_id = ANY (%(roots)s)
    ) tree JOIN people_identity identity USING (person_id)
    WHERE identity.program_id = %(program)s AND scheme = ANY (%(schemes)s) GROUP BY root"""
LOCK = "SELECT FROM people_person WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

MERGE = f"""
WITH edge AS (
    SELECT * FROM unnest(%(persons)s::bigint[], %(intos)s::bigint[], %(evidence)s::jsonb[])
        edge (person_id, into_id, evidence)
), merged AS (
    INSERT INTO people_merge
        (program_id, person_id, into_id, evidence, reason, merged_at, merged_by_id, undone_because)
    SELECT %(program)s, edge.*, %(reason)s, %(at)s, %(by)s, '' FROM edge
), moved AS (
    UPDATE people_alias alias SET stands_for_id = edge.into_id, since = %(at)s
    FROM edge WHERE alias.stands_for_id = edge.person_id
    RETURNING alias.person_id
), made AS (
    INSERT INTO people_alias (program_id, person_id, stands_for_id, since)
    SELECT %(program)s, person_id, into_id, %(at)s FROM edge
)
{mark_sql("SELECT person_id FROM moved UNION SELECT person_id FROM edge UNION SELECT into_id FROM edge")}"""  # noqa: S608
# Whoever was merged into the person, and into these, goes along.
UNMERGE = f"""
WITH RECURSIVE below AS (
    SELECT %(person)s::bigint AS person_id
    UNION
    SELECT lower.person_id FROM people_merge lower JOIN below ON lower.into_id = below.person_id
    WHERE lower.undone_at IS NULL
), freed AS (
    DELETE FROM people_alias WHERE person_id = %(person)s RETURNING stands_for_id
), moved AS (
    UPDATE people_alias SET stands_for_id = %(person)s, since = %(at)s
    WHERE person_id IN (SELECT person_id FROM below) AND person_id <> %(person)s
)
{mark_sql("SELECT person_id FROM below UNION SELECT stands_for_id FROM freed")}"""  # noqa: S608


class MergeRefusedError(Exception):
    """The two cannot be merged, or not be separated; the message says why."""


class IdentifiersDifferError(MergeRefusedError):
    """Both are known by national identifiers of one scheme. Equal ones are one person already, so these differ."""


class _RootsChangedError(Exception):
    """While we waited for a root, somebody else merged it."""


@transaction.atomic
def merge_persons(
    program: Program,
    person: Person,
    into: Person,
    *,
    reason: Merge.Reason,
    evidence: Mapping[str, Any],
    at: datetime,
    by: User | None = None,
) -> Merge:
    """Says that two persons are one: from now on all that `person` is counted as is counted as `into`.

    It merges those whom the two are counted as. Where they are one already, nothing happens, and the answer is the
    standing merge whose undoing would part them: so merging twice is merging once, whoever is given first. Raises
    `MergeRefusedError` for one and the same person, and for persons of another program, and `IdentifiersDifferError`
    for two who have different national identifiers of one scheme, counting with each who was merged into them.
    """
    _refuse_unless_two(program, person, into)
    both = [person.pk, into.pk]
    _lock_roots(lambda: set(_roots(both).values()))
    roots = _roots(both)
    if roots[person.pk] == roots[into.pk]:
        return _merge_between(person.pk, into.pk)
    _refuse_known_apart(program, roots[person.pk], roots[into.pk])
    edge = Edge(roots[person.pk], roots[into.pk], json.dumps(dict(evidence)))
    _merge(program, [edge], reason=reason, at=at, by=by)
    return Merge.objects.standing().get(person=edge.person)


@transaction.atomic
def merge_staged(program: Program, *, table: str, at: datetime) -> int:
    """Merges all pairs of the temporary table `table` for an equal national identifier; answers how many it made.

    The table has the columns of `STAGED_PAIR_COLUMNS`. Pairs may hang together, may be named twice, and may be one
    person already. Of all who become one, the one that `merging_order` would choose survives, and the others are merged
    into it. A pair that would make one of two who have different national identifiers of one scheme is left out; which
    one of several that is hangs on their numbers alone. Call it once in the transaction that decides on the pairs: it
    locks persons in the order of their numbers.
    """
    _lock_roots(lambda: {root for pair in _staged_roots(table) for root in pair[:2]})
    pairs = _staged_roots(table)
    roots = {root for pair in pairs for root in pair[:2]}
    edges = edges_of(pairs, _ranks(program, roots), _known_by(program, roots))
    if edges:
        _merge(program, edges, reason=Merge.Reason.NATIONAL, at=at, by=None)
    return len(edges)


@transaction.atomic
def unmerge(merge: Merge, *, because: str, at: datetime, by: User) -> Merge:
    """Undoes a merge: its person is counted as themself again, with those who were merged into it.

    All other merges stay. Undoing twice is undoing once; the two may be merged again.
    Raises `MergeRefusedError` without a reason.
    """
    if not because.strip():
        raise MergeRefusedError(_("Say why they are two persons: the reason stays with the merge."))
    _lock_roots(lambda: set(_roots([merge.person_id]).values()))
    locked = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if locked.undone_at is not None:
        return locked
    locked.undone_at, locked.undone_by, locked.undone_because = at, by, because.strip()
    locked.save(update_fields=["undone_at", "undone_by", "undone_because"])
    with connection.cursor() as cursor:
        cursor.execute(UNMERGE, {"program": locked.program_id, "person": locked.person_id, "at": at})
    return locked


def merging_order(program: Program, one: Person, other: Person) -> tuple[Person, Person]:
    """Who of two is to be merged into whom: those whom they are counted as, the one who survives last.

    Who signs in survives, else who has a national identity, else who was known first. Who are one already stay as they
    were given.
    """
    roots = set(_roots([one.pk, other.pk]).values())
    if len(roots) == 1:
        return one, other
    person, into = sorted(roots, key=_ranks(program, roots).__getitem__, reverse=True)
    known = Person.objects.in_bulk([person, into])
    return known[person], known[into]


def merge_between(one: Person, other: Person) -> Merge | None:
    """The standing merge whose undoing would part the two; nothing if they are counted as two people."""
    are_one = len(set(_roots([one.pk, other.pk]).values())) == 1
    return _merge_between(one.pk, other.pk) if are_one else None


def _refuse_unless_two(program: Program, person: Person, into: Person) -> None:
    if person.pk == into.pk:
        raise MergeRefusedError(_("A person cannot be merged with themself."))
    if {person.program_id, into.program_id} != {program.pk}:
        raise MergeRefusedError(_("Only persons of one program can be merged."))


def _refuse_known_apart(program: Program, one: int, other: int) -> None:
    known_by = _known_by(program, [one, other])
    if known_by.get(one, set()) & known_by.get(other, set()):
        raise IdentifiersDifferError(_("Both have a national identifier, and they differ: these are two people."))


def _lock_roots(roots_now: Callable[[], set[int]]) -> None:
    """Locks the rows of roots, in the order of their numbers, so that nobody waits in a circle.

    If a root turns out to be merged when its lock is there, all are given back, and the new roots are locked with them.
    """
    wanted = set[int]()
    while True:
        wanted |= roots_now()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(LOCK, [sorted(wanted)])
                if not roots_now() <= wanted:
                    raise _RootsChangedError
                return
        except _RootsChangedError:
            continue


def _roots(people: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(ROOTS, [list(people)])
        return dict(cursor.fetchall())


def _staged_roots(table: str) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(STAGED_ROOTS.format(table=table))
        return list(cursor.fetchall())


def _ranks(program: Program, roots: Iterable[int]) -> dict[int, tuple[bool, bool, int]]:
    """The least of them survives."""
    people = Person.objects.filter(pk__in=roots).values_list("pk", "user")
    identified = Identity.objects.filter(program=program, person__in=roots, scheme__in=_national(program))
    with_identity = set(identified.values_list("person", flat=True))
    return {pk: (user is None, pk not in with_identity, pk) for pk, user in people}


def _known_by(program: Program, roots: Iterable[int]) -> dict[int, set[str]]:
    """The national schemes by which each root is known, with all who stand for it; roots without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_BY, {"roots": list(roots), "program": program.pk, "schemes": _national(program)})
        return {root: set(schemes) for root, schemes in cursor.fetchall()}


def _national(program: Program) -> list[str]:
    return [scheme["code"] for scheme in program.identity_schemes if scheme.get("is_national")]


def _merge(program: Program, edges: Sequence[Edge], *, reason: Merge.Reason, at: datetime, by: User | None) -> None:
    """Adds merges from locked roots to locked roots that are not merged themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            MERGE,
            {
                "program": program.pk,
                "persons": [edge.person for edge in edges],
                "intos": [edge.into for edge in edges],
                "evidence": [edge.evidence for edge in edges],
                "reason": reason,
                "at": at,
                "by": by.pk if by else None,
            },
        )


def _merge_between(one: int, other: int) -> Merge:
    """Of two who are counted as one: the topmost merge by which only one of them gets there."""
    paths = [_path(one), _path(other)]
    shared = {merge.pk for merge in paths[0]} & {merge.pk for merge in paths[1]}
    return next(merge for path in paths for merge in reversed(path) if merge.pk not in shared)


def _path(person: int) -> list[Merge]:
    """The standing merges from a person up to their root."""
    path, last = list[Merge](), person
    while merge := Merge.objects.standing().filter(person=last).first():
        path.append(merge)
        last = merge.into_id
    return path
