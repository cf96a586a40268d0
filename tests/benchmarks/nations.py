"""Nations of different sizes, each in a database of its own, with all their people settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from programs.models import MeasureVersion, Program
from reporting.counting.operations import open_ledgers, open_measures, recount

from .cluster import Cluster, print_line
from .cost import Cost, measured
from .indexes import without_indexes
from .loading import Loaded, populate
from .nation import make_nation
from .population import LEARNED
from .work import Settling, drawn, everybody, mark, settle_alone

ROOMY = (
    5  # times the people of a change: a smaller history is copied for it, so that it stays as small as it is said to be
)
A_FEW = 1_000


@dataclass(frozen=True)
class History:
    """A nation whose achievements are settled: what it cost to load them, and to settle them."""

    achievements: int
    database: str
    loaded: Loaded
    loading: Cost
    settling: Settling

    @classmethod
    def of(cls, cluster: Cluster, achievements: int) -> "History":
        database = f"history_{achievements}"
        cluster.copy(database)
        with measured(cluster.postmaster) as loading:
            loaded = found(achievements)
        open_ledgers()
        open_measures(at=timezone.now())
        cluster.rest()
        settling = settle_alone(cluster)
        cluster.rest()
        print_line(f"{loaded.facts:,} achievements of {loaded.people:,} people lie ready and settled")
        return cls(achievements, database, loaded, loading, settling)

    @contextmanager
    def room_for(self, cluster: Cluster, people: int) -> Iterator[None]:
        """Django works in this history, or in a copy that is thrown away if so many people would change it much."""
        if self.loaded.people >= ROOMY * people:
            cluster.use(self.database)
            yield
            return
        cluster.copy("changed", of=self.database)
        yield
        cluster.drop("changed")


@transaction.atomic
def found(achievements: int) -> Loaded:
    """Makes the program and so many people that they have about as many achievements."""
    program = make_nation()
    with without_indexes("achievements_achievement"):
        return populate(program, persons=round(achievements / LEARNED.mean()), seed=1)


def the_program() -> Program:
    return Program.objects.get()


def the_version() -> MeasureVersion:
    return MeasureVersion.objects.select_related("program").get()


def bring(cluster: Cluster, number: int, *, seed: int) -> None:
    """New people with achievements of their own, all waiting to be settled."""
    loaded = populate(the_program(), persons=number, seed=seed)
    mark(everybody(loaded))
    cluster.rest()


def warm_up(cluster: Cluster, history: Loaded) -> None:
    """Settles a few of the history who did not change, so that no round is the first over its connection."""
    mark(drawn(history, min(A_FEW, history.people), seed=0))
    assert settle_alone(cluster).lines == 0


def assert_recount_finds_nothing() -> None:
    assert recount(the_program(), at=timezone.now()).differences == 0
