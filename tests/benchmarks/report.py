"""The parts of `make bench`, and docs/benchmarks.md: each part between two marks; only the national size is kept."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from .bench_intake import intake
from .bench_lessons import lessons
from .bench_matching import matching
from .bench_statements import sending
from .cluster import Cluster, national_settings, print_line
from .counting import counting
from .counting_tables import counting_tables
from .door_tables import intake_tables, lesson_tables, matching_tables, statement_tables
from .sizes import Size

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
KEPT = "national"

# Intake comes first: its memory is what this process has grown by.
PARTS: dict[str, Callable[[Cluster, Size], list[str]]] = {
    "intake": lambda cluster, size: intake_tables(intake(cluster, size.rows)),
    "statements": lambda cluster, size: statement_tables(sending(cluster, seconds=size.seconds)),
    "matching": lambda cluster, size: matching_tables(matching(cluster, records=size.records, new=size.new_records)),
    "counting": lambda cluster, size: counting_tables(counting(cluster, size)),
    "lessons": lambda cluster, size: lesson_tables(lessons(cluster, seconds=size.seconds)),
}


def measure(parts: Iterable[str], size: Size, folder: Path) -> None:
    """Measures the parts on one server, prints their tables, and puts them into the page."""
    settings = national_settings()
    with Cluster(folder, settings).running() as cluster:
        cluster.make_template()
        known = {name: cluster.setting(name) for name in ("server_version", *settings)}
        for part in parts:
            text = "\n".join([machine(known), *PARTS[part](cluster, size)])
            print_line(text)
            if size.name == KEPT:
                keep(part, text)


def keep(part: str, text: str) -> None:
    begin, end = f"<!-- {part}: make bench writes from here -->\n", "<!-- to here -->\n"
    before, found, rest = PAGE.read_text().partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{PAGE} has no place for {part}")
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def machine(settings: dict[str, str]) -> str:
    """Where and when it was measured."""
    given = ", ".join(f"`{name}={value}`" for name, value in settings.items() if name != "server_version")
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {processor()}, {os.cpu_count()} cores, {memory():.0f} GB of memory,"
        f" PostgreSQL {settings['server_version']} with {given}.\n"
    )


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))


def memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
