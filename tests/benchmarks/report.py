"""The tables of docs/benchmarks.md, between two marks; only the national size is kept there."""

import os
from datetime import UTC, datetime
from pathlib import Path

from .cluster import print_line
from .run import Found
from .tables import tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- make bench writes from here -->\n", "<!-- to here -->\n"
KEPT = "national"


def report(found: Found) -> None:
    """Prints the tables, and puts them into the page."""
    text = "\n".join([machine(found), *tables(found)])
    print_line(text)
    if found.size.name == KEPT:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def machine(found: Found) -> str:
    """Where and when it was measured."""
    settings = ", ".join(f"`{name}={value}`" for name, value in found.settings.items() if name != "server_version")
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {processor()}, {os.cpu_count()} cores, {memory():.0f} GB of memory,"
        f" PostgreSQL {found.settings['server_version']} with {settings}.\n"
    )


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))


def memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
