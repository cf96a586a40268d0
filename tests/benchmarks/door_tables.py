"""What comes in by the doors, and who is one person: as tables in Markdown."""

import statistics

from .bench_intake import Intake
from .bench_lessons import Lessons, Rate
from .bench_matching import Matching, Searched
from .bench_statements import MANY, Sending
from .cost import Cost, median, ratio
from .markdown import section

MEBIBYTE = 1024 * 1024


def intake_tables(found: Intake) -> list[str]:
    head = ["what", "seconds", "CPU seconds", "its rate, of COPY's in CPU", "memory", "goal"]
    rows = [head, ["raw COPY into one table", *spent(found.copies), "1", "", ""]]
    for shape, rounds in found.taken.items():
        memory = f"+ {max(one.memory for one in rounds) / MEBIBYTE:.0f} MiB"
        steps = {
            ("staged and validated", "≥ 0.25"): [one.staged for one in rounds],
            ("dry run: rules and persons besides", ""): [one.tried for one in rounds],
            ("booked, until everybody is counted", "≥ 0.1"): [one.booked for one in rounds],
        }
        for (step, goal), costs in steps.items():
            share = f"{ratio(found.copies, costs, cpu):.3f}"
            rows.append([f"{shape}: {step}", *spent(costs), share, memory, goal])
    return section(f"A return of {found.rows:,} rows and {found.people:,} people", rows)


def spent(costs: list[Cost]) -> list[str]:
    return [f"{median(costs, lambda cost: cost.wall):.2f}", f"{median(costs, cpu):.2f}"]


def cpu(cost: Cost) -> float:
    return cost.cpu


def statement_tables(found: Sending) -> list[str]:
    kinds = {f"{MANY} a request": found.many, "one a request": found.one}
    rows = [["what", "statements a second", "µs CPU a statement", "times the single rate", "in CPU", "goal"]]
    for kind, rates in kinds.items():
        is_many = rates is found.many
        rows.append(
            [
                kind,
                f"{statistics.median(rate.a_second for rate in rates):,.0f}",
                f"{statistics.median(rate.microseconds for rate in rates):,.0f}",
                f"{found.ratio:.1f}" if is_many else "1",
                f"{found.cpu_ratio:.1f}" if is_many else "1",
                "≥ 20 ×, ≥ 10,000/s" if is_many else "",
            ]
        )
    return section("xAPI statements over HTTP, validated, stored and once each", rows)


def matching_tables(found: Matching) -> list[str]:
    searches = {"all at once": found.first, "again, nothing new": found.nothing, "some new": found.new}
    costs = [
        ["search", "looked at", "of sayings", "pairs compared", "minutes", "CPU minutes", "memory"],
        *([name, *searched(one)] for name, one in searches.items()),
    ]
    judgements = {"all": found.judgement, "not by name and birth date alone": found.with_further_agreement}
    rightness = [
        ["candidates", "proposed", "precision", "recall"],
        *([name, f"{one.proposed:,}", f"{one.precision:.3f}", f"{one.recall:.3f}"] for name, one in judgements.items()),
    ]
    kinds = [
        ["how the second record differs", "planted", "found"],
        *([kind, f"{most:,}", f"{seen / most:.2f}"] for kind, (most, seen) in found.judgement.by_kind.items() if most),
    ]
    return [
        *section("Candidates for one person", costs),
        *section("How right they are", rightness),
        *section("Which duplicates are found", kinds),
    ]


def searched(one: Searched) -> list[str]:
    search = one.search
    minutes = [f"{one.cost.wall / 60:.1f}", f"{one.cost.cpu / 60:.1f}"]
    return [f"{search.changed:,}", f"{search.sayings:,}", f"{search.pairs:,}", *minutes, f"{one.megabytes:,} MB"]


def lesson_tables(found: Lessons) -> list[str]:
    """The lesson page beside a bare page, an answer beside an empty view: CPU of the web server and the database."""
    names = {
        "bare": "a bare Django page with session, user and three queries",
        "lesson": "the lesson page",
        "empty": "an empty view",
        "answer": "an answer to practice: judged, recorded durably, shown",
    }
    beside = {"lesson": ("bare", "≥ 0.8"), "answer": ("empty", "≥ 0.3")}
    rows = [["what", "µs of CPU", "requests a second", "rate beside", "goal"]]
    for name, words in names.items():
        rates = found.rates[name]
        other, goal = beside.get(name, ("", ""))
        share = f"{found.ratio(name, other):.2f} × {names[other]}" if other else ""
        rows.append(
            [words, micro(rates), f"{statistics.median(r.requests / r.seconds for r in rates):,.0f}", share, goal]
        )
    whole = f"{found.of_template('lesson'):.2f} × its template"
    rows.append(
        ["its template alone, with nothing kept", f"{statistics.median(found.template):,.0f}", "", whole, "≤ 3"]
    )
    return section("A lesson page and an answer", rows)


def micro(rates: list[Rate]) -> str:
    return f"{statistics.median(rate.microseconds for rate in rates):,.0f}"
