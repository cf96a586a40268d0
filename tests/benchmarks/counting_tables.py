"""What counting costs, as tables in Markdown: what was measured, against what, and the goal beside it."""

import statistics
from collections.abc import Callable, Iterable

from .bench_booking import Against
from .bench_settling import Change
from .cost import Cost, median, ratio
from .counting import Counting
from .markdown import section
from .work import Settling

PEERS = {"Moodle 5, completion cron": (2_900, 3_100), "Open edX, completion aggregator": (24_000, 30_000)}


def counting_tables(found: Counting) -> list[str]:
    return [
        *section("Making a nation", nations(found)),
        *section("Settling over a growing history", over_history(found)),
        *section("Settling against a statement that only counts", booking(found)),
        *section("Processor time for a person", peers(found)),
        *section("Recounting against reading once", recounting(found)),
        *section("Figures of a page against `SELECT 1`", reading(found)),
    ]


def nations(found: Counting) -> list[list[str]]:
    return [
        ["achievements", "people", "seconds to load", "seconds to settle", "µs CPU a person settled", "longest batch"],
        *(
            [
                f"{history.loaded.facts:,}",
                f"{history.loaded.people:,}",
                f"{history.loading.wall:.0f}",
                f"{history.settling.cost.wall:.1f}",
                f"{history.settling.cpu_a_person:.1f}",
                f"{max(history.settling.batches):.2f} s",
            ]
            for history in found.histories
        ),
    ]


def over_history(found: Counting) -> list[list[str]]:
    """Each round against the same round over the smallest history."""
    head = ["people", "settled achievements before", "seconds", "µs CPU a person", "CPU ratio", "time ratio", "goal"]
    return [head, *(row for change in found.changes for row in rows_of_change(change))]


def rows_of_change(change: Change) -> list[list[str]]:
    least = min(change.rounds)
    people = f"{change.people:,} {'new' if change.are_new else 'returning'}"
    return [
        [
            people,
            f"{achievements:,}",
            f"{median(costs(rounds), wall):.2f}",
            f"{statistics.median(one.cpu_a_person for one in rounds):.1f}",
            *ratios(costs(rounds), costs(change.rounds[least]), cpu),
            "the measure" if achievements == least else "≤ 1.3",
        ]
        for achievements, rounds in change.rounds.items()
    ]


def booking(found: Counting) -> list[list[str]]:
    head = ["what", "seconds", "CPU seconds", "against the statement as written", "and tuned", "goal"]
    one, two = found.booking.by_one, found.booking.by_two
    return [
        head,
        plain_row("the statement as written", one.written, "1", ""),
        plain_row("the statement tuned", one.tuned, "", "1"),
        settling_row("settled by one worker", one, "≤ 1.5 in time"),
        settling_row("settled by two workers", two, ""),
        *pace_rows(one, "one worker"),
        *pace_rows(two, "two workers"),
    ]


def plain_row(name: str, plain: list[Cost], *ones: str) -> list[str]:
    return [name, f"{median(plain, wall):.2f}", f"{median(plain, cpu):.2f}", *ones, ""]


def settling_row(name: str, against: Against, goal: str) -> list[str]:
    settled = costs(against.settled)
    both = [f"{' in CPU, '.join(ratios(settled, plain, cpu))} in time" for plain in (against.written, against.tuned)]
    return [name, f"{median(settled, wall):.2f}", f"{median(settled, cpu):.2f}", *both, goal]


def pace_rows(against: Against, workers: str) -> list[list[str]]:
    rounds = against.settled
    lines = statistics.median(one.lines / one.cost.wall for one in rounds)
    bookings = statistics.median(one.bookings / one.cost.wall for one in rounds)
    longest = max(seconds for one in rounds for seconds in one.batches)
    return [
        [f"lines a second, {workers}", f"{lines:,.0f}", "", "", "", ""],
        [f"bookings of +1 or -1 a second, {workers}", f"{bookings:,.0f}", "", "", "", "≥ 100,000"],
        [f"longest batch of all rounds, {workers}, seconds", f"{longest:.2f}", "", "", "", "≤ 2"],
    ]


def peers(found: Counting) -> list[list[str]]:
    ours = statistics.median(one.cpu_a_person for one in found.booking.by_one.settled)
    return [
        ["who", "µs a completion or person", "times ours", "goal"],
        [f"Uplift, {found.size.largest_change:,} new people", f"{ours:.1f}", "1", "≤ 10"],
        *(
            [name, f"{low:,}–{high:,}", f"{low / ours:,.0f}–{high / ours:,.0f}", ""]
            for name, (low, high) in PEERS.items()
        ),
    ]


def recounting(found: Counting) -> list[list[str]]:
    reading, recount = found.recounting.reading, found.recounting.recount
    return [
        ["what", "seconds", "CPU seconds", "CPU ratio", "time ratio", "goal"],
        [
            "first day by person and partner",
            f"{median(reading, wall):.2f}",
            f"{median(reading, whole_cpu):.2f}",
            "1",
            "1",
            "",
        ],
        [
            f"recount of {found.size.nation:,} achievements",
            f"{median(recount, wall):.2f}",
            f"{median(recount, whole_cpu):.2f}",
            *ratios(recount, reading, whole_cpu),
            "≤ 2 in time",
        ],
    ]


def reading(found: Counting) -> list[list[str]]:
    return [
        ["figure", "queries", "rows", "ms", "ms CPU", "times `SELECT 1`", "goal"],
        *(
            [
                one.figure,
                str(one.queries),
                f"{one.rows:,}",
                f"{one.milliseconds:.1f}",
                f"{one.cpu:.1f}",
                f"{one.milliseconds / one.nothing:.0f}",
                "< 20 ms" if one.has_goal else "",
            ]
            for one in found.readings
        ),
    ]


def costs(settled: Iterable[Settling]) -> list[Cost]:
    return [one.cost for one in settled]


def ratios(of: list[Cost], against: list[Cost], processor: Callable[[Cost], float]) -> list[str]:
    """In processor time and in time on the wall."""
    return [f"{ratio(of, against, processor):.2f}", f"{ratio(of, against, wall):.2f}"]


def wall(cost: Cost) -> float:
    return cost.wall


def cpu(cost: Cost) -> float:
    return cost.cpu


def whole_cpu(cost: Cost) -> float:
    return cost.cpu_with_helpers
