"""How long does a nation take to be searched for candidates, how right are they, and what does the next night cost?"""

import resource
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from courses.matching.models import Candidate, Search
from courses.matching.operations import find_candidates
from people.models import Particulars, Person
from programs.models import Partner, Program
from tests.matching_loading import load_world
from tests.matching_world import Judgement, World, judge, world

from .cluster import Cluster, print_line
from .cost import Cost, measured
from .nation import make_nation

SEED = 1
MEGABYTE = 1024  # of the kilobytes in which the system counts


@dataclass(frozen=True)
class Searched:
    """One search: what it cost, and the most memory that this process has had."""

    search: Search
    cost: Cost
    megabytes: int


@dataclass(frozen=True)
class Matching:
    """A nation searched at once, nothing new, and then with some new people; how right the first search was."""

    first: Searched
    nothing: Searched
    new: Searched
    judgement: Judgement
    with_further_agreement: Judgement


def matching(cluster: Cluster, *, records: int, new: int) -> Matching:
    """In a database of its own: so many records with 3 % planted duplicates, and then so many new ones."""
    cluster.copy("matching")
    program, made = make_nation(), world(records, seed=SEED)
    first = load(program, made)
    cluster.rest()
    at_once, nothing = searched(cluster, program), searched(cluster, program)
    judgements = [judged(program, made, first, **only) for only in ({}, {"is_alone": False})]
    load(program, world(new, seed=SEED + 1))
    later = searched(cluster, program)
    return Matching(at_once, nothing, later, *judgements)


def load(program: Program, made: World) -> int:
    partners = list(Partner.objects.that_report().filter(program=program).order_by("pk"))
    first = load_world(program, partners, made, at=timezone.now())
    print_line(f"{Particulars.objects.count():,} sayings of {Person.objects.count():,} persons lie ready")
    return first


def searched(cluster: Cluster, program: Program) -> Searched:
    connection.ensure_connection()
    with measured(cluster.postmaster) as cost:
        search = find_candidates(program, at=timezone.now())
    assert search is not None, "nobody else searches here"
    return Searched(search, cost, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE)


def judged(program: Program, made: World, first: int, **only: bool) -> Judgement:
    found = Candidate.objects.of(program).filter(**only).values_list("one_id", "other_id")
    return judge(made, ((one - first, other - first) for one, other in found.iterator()))
