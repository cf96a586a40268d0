"""What a piece of work costs: time on the wall, and CPU time of the database and of ourselves."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from os import sysconf
from pathlib import Path
from typing import Self

NANOSECONDS = 1e9
TICKS = sysconf("SC_CLK_TCK")
REAPED_TIMES = slice(13, 15)  # of /proc/<pid>/stat after the name: cutime and cstime


@dataclass(slots=True)
class Cost:
    """Seconds. `backends` is the CPU of the processes that serve connections, `helpers` that of processes that ended
    meanwhile (parallel workers, and autovacuum's), `rest` that of the server's others, `client` that of this process.
    """

    wall: float = 0.0
    backends: float = 0.0
    helpers: float = 0.0
    rest: float = 0.0
    client: float = 0.0

    @property
    def cpu(self) -> float:
        """Of the connections and of this side of them: what the work itself needs."""
        return self.backends + self.client

    @property
    def cpu_with_helpers(self) -> float:
        return self.cpu + self.helpers


@dataclass(frozen=True, slots=True)
class Processes:
    """The server's processes at one moment: seconds that each has used, and whether it serves a connection."""

    used: dict[int, tuple[float, bool]]
    ended: float
    client: float
    wall: float

    @classmethod
    def now(cls, postmaster: int) -> Self:
        used = {}
        for pid in children(postmaster):
            with suppress(OSError):  # it may end while we look
                seconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / NANOSECONDS
                used[pid] = seconds, "[local]" in Path(f"/proc/{pid}/cmdline").read_text()
        return cls(used, time_of_ended_children(postmaster), time.process_time(), time.perf_counter())

    def since(self, before: Self) -> Cost:
        spent = [(used - before.used.get(pid, (0.0, False))[0], serves) for pid, (used, serves) in self.used.items()]
        return Cost(
            wall=self.wall - before.wall,
            backends=sum(seconds for seconds, serves in spent if serves),
            helpers=self.ended - before.ended,
            rest=sum(seconds for seconds, serves in spent if not serves),
            client=self.client - before.client,
        )


@contextmanager
def measured(postmaster: int) -> Iterator[Cost]:
    """The cost of what happens inside; it is filled in at the end. Connections must outlive it to be seen."""
    cost = Cost()
    before = Processes.now(postmaster)
    yield cost
    spent = Processes.now(postmaster).since(before)
    for field in fields(Cost):
        setattr(cost, field.name, getattr(spent, field.name))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def time_of_ended_children(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[REAPED_TIMES])) / TICKS


def ratio(of: Iterable[Cost], against: Iterable[Cost], what: Callable[[Cost], float]) -> float:
    """The median of the ratios of rounds, each of two things that were measured one after the other."""
    return statistics.median(what(one) / what(other) for one, other in zip(of, against, strict=True))


def median(costs: Iterable[Cost], what: Callable[[Cost], float]) -> float:
    return statistics.median(map(what, costs))
