"""A load of a million achievements on a whole Uplift whose parts are killed all the while: `make kills`.

Workers, the clock, single backends and the whole of PostgreSQL die by SIGKILL at random moments, twenty times. Then
each achievement must be there once, and ledger and counts must equal both a recount and a plain count of what was sent.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from programs.models import MeasureVersion, Program

ROOT = Path(__file__).parents[2]
PARTS = {
    "a worker": "celery --quiet --app config.celery worker",
    "the clock": "config.celery beat",
    "a backend": "postgres: uplift: uplift",
    "PostgreSQL": "/postgres -D",
}
RETURN = 10_000  # rows
FACTS_A_PERSON = 3.11
PACE = 0.5  # seconds between two returns, so that the deaths fall into the load


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--facts", type=int, default=1_000_000)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=None)
    given = asked.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, running(Path(folder) / "data"):
        load(facts=given.facts, kills=given.kills, seed=seed)


@contextlib.contextmanager
def running(data: Path) -> Iterator[None]:
    """A whole Uplift of its own with two workers; this process is connected to its database."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
    os.environ |= {
        "UPLIFT_DATA": str(data), "PORT": port, "UPLIFT_DEMO": "0", "UPLIFT_WEB_PROCESSES": "1",
        "UPLIFT_WORKER_PROCESSES": "2", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    with (data.parent / "log").open("wb") as log:
        up = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(
            lambda: up.poll() is not None or b"Uplift is ready" in (data.parent / "log").read_bytes(), "Uplift is ready"
        )
        if up.poll() is not None:
            raise RuntimeError("Uplift did not start")
        import django

        django.setup()
        yield
    except BaseException:
        print((data.parent / "log").read_text()[-5000:])
        raise
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)


def load(*, facts: int, kills: int, seed: int) -> None:
    from courses.achievements.models import Achievement, DirtyPeople
    from programs.models import MeasureVersion

    from . import loading
    from .nation import make_nation

    program, people = make_nation(), round(facts / FACTS_A_PERSON)
    version = MeasureVersion.objects.of(program).current().get()
    first = loading.reserve(people)
    killer = threading.Thread(target=kill, args=(kills, seed))
    killer.start()
    sent = send(program, people, first=first, seed=seed)
    print(f"sent {sent.facts:,} achievements of {sent.people:,} people", flush=True)
    killer.join()
    patiently(wait_until, lambda: not DirtyPeople.objects.exists(), "everybody is settled")
    assert Achievement.objects.of(program).count() == sent.facts, "an achievement is missing or doubled"
    compare(version, sent)


@dataclass
class Sent:
    """What was sent, counted plainly while it was sent: people of the whole, and of each partner."""

    facts: int = 0
    whole: set[int] = field(default_factory=set)
    parts: set[tuple[int, int]] = field(default_factory=set)

    @property
    def people(self) -> int:
        return len(self.whole)


def send(program: Program, people: int, *, first: int, seed: int) -> Sent:
    """Sends returns, each in one transaction, and again whenever the connection dies; a known key says it arrived."""
    import numpy as np

    from . import loading
    from .nation import Lists
    from .population import Month, months

    lists, rng, sent, begun = Lists.of(program), np.random.default_rng(seed), Sent(), first
    for month in months(people, seed=seed):
        for rows in loading.persons_of(lists, month, first=begun):
            patiently(bring, "people_person", loading.PERSON, rows)
        begun += len(month.people)
        for start in range(0, len(month.facts), RETURN):
            chosen = np.arange(start, min(start + RETURN, len(month.facts)))
            part = Month(month.number, month.people, month.facts.at(chosen))
            persons = sorted({first + int(person) for person in part.facts.person})
            for rows in loading.facts_of(lists, part, first=first, rng=rng):
                patiently(bring, "achievements_achievement", loading.FACT, rows, program, persons)
            sent.facts += len(part.facts)
            sent.whole.update(persons)
            sent.parts.update(zip(part.facts.person.tolist(), part.facts.partner.tolist(), strict=True))
            time.sleep(PACE)
    return sent


def bring(
    table: str, columns: Sequence[str], rows: Any, program: Program | None = None, persons: Sequence[int] = ()
) -> None:
    """Copies the rows and marks the persons dirty, in one transaction."""
    from django.db import transaction
    from django.utils import timezone

    from courses.achievements.operations import mark_dirty

    from . import loading

    with transaction.atomic():
        loading.copy(table, columns, iter([rows]))
        if program:
            mark_dirty(program, persons, at=timezone.now())


def patiently(work: Callable[..., None], *given: Any) -> None:
    """Does the work, again after each lost connection. Rows that are known already have arrived before."""
    import psycopg
    from django.db import Error, IntegrityError, connection

    while True:
        try:
            return work(*given)
        except (IntegrityError, psycopg.errors.UniqueViolation):
            return None
        except (Error, psycopg.Error):
            connection.close()
            time.sleep(0.5)


def kill(times: int, seed: int) -> None:
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    while killed.total() < times:
        time.sleep(chance.uniform(1, 5))
        part = chance.choice(list(PARTS))
        victims = processes_having(PARTS[part])
        if victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
                killed[part] += 1
    print("killed:", ", ".join(f"{part} {number} times" for part, number in sorted(killed.items())), flush=True)


def processes_having(text: str) -> list[int]:
    """Processes of this installation with the text in their command: its children, and theirs."""
    commands, parents = dict[int, str](), dict[int, int]()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            commands[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return [pid for pid, command in commands.items() if text in command and is_ours(pid, parents)]


def is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def compare(version: MeasureVersion, sent: Sent) -> None:
    from django.db.models import Sum
    from django.utils import timezone

    from reporting.counting.models import Count, LedgerEntry, Posting
    from reporting.counting.operations import recount

    counts = Count.objects.filter(measure_version=version)
    whole = counts.filter(grouping="day-region").aggregate(people=Sum("people"))["people"]
    parts = counts.filter(grouping="partner-month-region").aggregate(people=Sum("people"))["people"]
    found = recount(version.program, at=timezone.now())
    print(f"{whole:,} people in the whole ({sent.people:,} sent), {parts:,} in the parts ({len(sent.parts):,} sent)")
    print(f"{LedgerEntry.objects.count():,} entries in {Posting.objects.count():,} postings; recount: {found}")
    assert (whole, parts, found.differences) == (sent.people, len(sent.parts), 0)


def wait_until(condition: Callable[[], bool], what: str, seconds: int = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
