"""What does it cost to book the largest change, against a statement that only counts, and with a second worker?

Each round works in copies of the same databases, in which the same people wait.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .baseline import AS_WRITTEN, TUNED, assert_counts_are_the_same, copy_counts, count_plainly, remember_who_waits
from .bench_settling import Change, turned
from .cluster import Cluster, print_line
from .cost import Cost
from .indexes import run
from .nations import History, assert_recount_finds_nothing, bring, the_version
from .sizes import Size
from .work import Settling, settle_alone, settle_together

# Reads the facts of those who wait into the server's memory, where they would be if they had just come in.
READ = f"SELECT sum(length(fact_key)) FROM achievements_achievement WHERE person_id {TUNED}"


@dataclass(frozen=True)
class Against:
    """Of each round: the statement as it is written and tuned, and settling, one after the other."""

    written: list[Cost] = field(default_factory=list)
    tuned: list[Cost] = field(default_factory=list)
    settled: list[Settling] = field(default_factory=list)


@dataclass(frozen=True)
class Booking:
    change: Change
    by_one: Against
    by_two: Against


def booking(cluster: Cluster, size: Size, histories: list[History]) -> Booking:
    """The largest change over each history; over the nation also by two workers, and by the statement."""
    for history in histories:
        cluster.use(history.database)
        bring(cluster, size.largest_change, seed=size.largest_change)
        remember_who_waits()
        print_line(f"{size.largest_change:,} new people wait beside {history.achievements:,} settled achievements")
    found = Booking(
        Change(size.largest_change, are_new=True, rounds={history.achievements: [] for history in histories}),
        by_one=Against(),
        by_two=Against(),
    )
    for number in range(size.rounds):
        for history in turned(histories, number):
            one_round(cluster, size, history, found, number)
        print_line(f"{size.largest_change:,} new people were settled over each history, round {number + 1}")
    return found


def one_round(cluster: Cluster, size: Size, history: History, found: Booking, number: int) -> None:
    settled = found.change.rounds[history.achievements]
    if history.achievements != size.nation:
        with copied(cluster, history):
            settled.append(settle_alone(cluster))
        return
    with copied(cluster, history):
        compare(cluster, found.by_one, settle_alone, plain_first=number % 2 == 0)
    with copied(cluster, history):
        compare(cluster, found.by_two, by_two, plain_first=number % 2 == 0)
    settled.append(found.by_one.settled[-1])


@contextmanager
def copied(cluster: Cluster, history: History) -> Iterator[None]:
    cluster.copy("round", of=history.database)
    cluster.rest()
    run(["SET enable_seqscan = off", READ, "RESET enable_seqscan"])
    yield
    cluster.drop("round")


def compare(cluster: Cluster, against: Against, settle: Callable[[Cluster], Settling], *, plain_first: bool) -> None:
    """Both in one database, and afterwards every count must be the same."""
    if plain_first:
        count_both(cluster, against)
    cluster.rest()
    against.settled.append(settle(cluster))
    cluster.rest()
    if not plain_first:
        count_both(cluster, against)
    assert_counts_are_the_same()
    assert_recount_finds_nothing()


def count_both(cluster: Cluster, against: Against) -> None:
    for costs, those_who_wait in ((against.written, AS_WRITTEN), (against.tuned, TUNED)):
        copy_counts()
        costs.append(count_plainly(cluster.postmaster, the_version(), those_who_wait=those_who_wait))


def by_two(cluster: Cluster) -> Settling:
    return settle_together(cluster, 2)
