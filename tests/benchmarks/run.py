"""All benchmarks, one after the other, on one server."""

from dataclasses import dataclass
from pathlib import Path

from .bench_booking import Booking, booking
from .bench_reading import Reading, reading
from .bench_recount import Recounting, recounting
from .bench_settling import Change, new, returning
from .cluster import Cluster, national_settings
from .nations import History, assert_recount_finds_nothing
from .sizes import Size


@dataclass(frozen=True)
class Found:
    size: Size
    settings: dict[str, str]
    histories: list[History]
    readings: list[Reading]
    recounting: Recounting
    changes: list[Change]
    booking: Booking


def everything(size: Size, folder: Path) -> Found:
    """What is read comes before what is changed, and what is small before what is large."""
    settings = national_settings()
    with Cluster(folder, settings).running() as cluster:
        cluster.make_template()
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
        return Found(
            size=size,
            settings={name: cluster.setting(name) for name in ("server_version", *settings)},
            histories=histories,
            readings=readings,
            recounting=recounted,
            changes=[*changes, booked.change],
            booking=booked,
        )
