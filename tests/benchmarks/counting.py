"""The benchmarks of counting, one after the other."""

from dataclasses import dataclass

from .bench_booking import Booking, booking
from .bench_reading import Reading, reading
from .bench_recount import Recounting, recounting
from .bench_settling import Change, new, returning
from .cluster import Cluster
from .nations import History, assert_recount_finds_nothing
from .sizes import Size


@dataclass(frozen=True)
class Counting:
    size: Size
    histories: list[History]
    readings: list[Reading]
    recounting: Recounting
    changes: list[Change]
    booking: Booking


def counting(cluster: Cluster, size: Size) -> Counting:
    """What is read comes before what is changed, and what is small before what is large."""
    histories = [History.of(cluster, achievements) for achievements in size.histories]
    nation = next(history for history in histories if history.achievements == size.nation)
    readings, recounted = reading(cluster, nation), recounting(cluster, size, nation)
    changes = [
        returning(cluster, size, histories),
        *(new(cluster, size, histories, people) for people in size.changes[:-1]),
    ]
    for history in histories:
        cluster.use(history.database)
        assert_recount_finds_nothing()
    booked = booking(cluster, size, histories)
    return Counting(
        size=size,
        histories=histories,
        readings=readings,
        recounting=recounted,
        changes=[*changes, booked.change],
        booking=booked,
    )
