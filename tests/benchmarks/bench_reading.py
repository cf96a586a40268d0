"""What do the figures of a page cost the database? The queries are caught from the code that asks them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from programs.models import MeasureVersion
from reporting.counting.history import Figure
from reporting.counting.models import Count, Posting
from reporting.dashboards.figures import daily_of, totals_of
from reporting.publishing.cells import exact_cells

from .cluster import Cluster, print_line
from .cost import measured
from .nations import History, the_version

TIMES, FEW_TIMES = 100, 5
NOTHING = "SELECT 1"


@dataclass(frozen=True)
class Reading:
    """Milliseconds of each query of a figure, from sending it until the last row is here; and of `SELECT 1`."""

    figure: str
    queries: int
    rows: int
    milliseconds: float
    cpu: float
    nothing: float
    has_goal: bool


def reading(cluster: Cluster, nation: History) -> list[Reading]:
    cluster.use(nation.database)
    version = the_version()
    found = [read_often(cluster, name, caught(ask), TIMES) for name, ask in figures_of(version).items()]
    found += [read_often(cluster, name, caught(ask), FEW_TIMES) for name, ask in from_the_ledger(version).items()]
    print_line("figures were read")
    return found


def figures_of(version: MeasureVersion) -> dict[str, Callable[[], object]]:
    return {
        "headline, with regions and partners": lambda: totals_of(version),
        "daily curve": lambda: daily_of(version, region=None, partner=None, today=version.program.today()),
        "region × sector": lambda: list(by_region_and_sector(version)),
        "everything that is published": lambda: exact_cells([version]),
    }


def from_the_ledger(version: MeasureVersion) -> dict[str, Callable[[], object]]:
    """As of the moment at which half of the postings were made; there is no goal for these."""
    postings = Posting.objects.of(version.program).order_by("number").values_list("posted_at", flat=True)
    half, end = postings[len(postings) // 2], postings[len(postings) - 1]
    figure = Figure(version=version)
    return {
        "headline as of a moment": lambda: figure.people(half),
        "region × sector as of a moment": lambda: figure.by_region_and_sector(half),
        "revision between two moments, by cause": lambda: figure.by_cause(end, since=half),
    }


def by_region_and_sector(version: MeasureVersion) -> Any:
    rows = Count.objects.filter(measure_version=version, grouping=Count.Grouping.REGION_SECTOR)
    return rows.values_list("region", "sector").annotate(total=Sum("people"))


def caught(ask: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        ask()
    return [query["sql"] for query in queries.captured_queries]


def read_often(cluster: Cluster, figure: str, queries: list[str], times: int) -> Reading:
    """Each time the figure, then `SELECT 1`, over the same connection."""
    rows = sum(len(fetched(query)) for query in queries)
    both = [(timed(queries), timed([NOTHING])) for _ in range(times)]
    with measured(cluster.postmaster) as cost:
        for _ in range(times):
            timed(queries)
    return Reading(
        figure=figure,
        queries=len(queries),
        rows=rows,
        milliseconds=statistics.median(one for one, _ in both) * 1000,
        cpu=cost.cpu_with_helpers / times * 1000,
        has_goal=times == TIMES,
        nothing=statistics.median(nothing for _, nothing in both) * 1000,
    )


def timed(queries: list[str]) -> float:
    started = time.perf_counter()
    for query in queries:
        fetched(query)
    return time.perf_counter() - started


def fetched(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
