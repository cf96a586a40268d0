"""What the benchmarks do with people: mark them, let them come back, settle them by one worker or by several."""

import multiprocessing as mp
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from courses.achievements.operations import mark_dirty
from programs.models import Program
from reporting.counting.operations import settle_batch

from .cluster import Cluster
from .cost import Cost, measured
from .indexes import fetch
from .loading import Loaded

# The last achievement of each of these people once more, with another key. Some of it is with another partner, and some
# was achieved long before and reported late: one in seven, and one in ten.
RETURN_AGAIN = """
    INSERT INTO achievements_achievement
        (program_id, person_id, partner_id, course_id, kind, reason, evidence, achieved_on, recorded_at, source,
         source_id, source_row, fact_key, region, sector, employer, employer_size, age_band, occupation)
    SELECT program_id, person_id,
           CASE WHEN number %% 7 = 0 THEN %(other)s ELSE partner_id END,
           course_id, kind, reason, evidence,
           achieved_on + CASE WHEN number %% 10 = 0 THEN -90 ELSE 15 END,
           %(at)s, source, source_id + 1000000, number + 1, substr(sha256(fact_key || %(at)s::text::bytea), 1, 16),
           region, sector, employer, employer_size, age_band, occupation
    FROM (
        SELECT last.*, row_number() OVER (ORDER BY partner_id, person_id) AS number FROM (
            SELECT DISTINCT ON (person_id) * FROM achievements_achievement
            WHERE person_id = ANY (%(people)s) ORDER BY person_id, achieved_on DESC, id
        ) last
    ) numbered
    ORDER BY number
"""


@dataclass
class Settling:
    """What settling some people cost, the seconds of each batch, and what it booked."""

    people: int = 0
    cost: Cost = field(default_factory=Cost)
    batches: list[float] = field(default_factory=list)
    lines: int = 0
    bookings: int = 0  # of +1 and -1: a line books one or two

    @property
    def cpu_a_person(self) -> float:
        """Microseconds."""
        return self.cost.cpu / self.people * 1e6


def mark(people: "range | list[int]") -> None:
    mark_dirty(Program.objects.get(), people, at=timezone.now())


def everybody(loaded: Loaded) -> range:
    return range(loaded.first_person, loaded.last_person + 1)


def drawn(history: Loaded, number: int, *, seed: int) -> list[int]:
    """Different people of the history, drawn at random."""
    rng = np.random.default_rng(seed)
    return sorted(int(person) for person in rng.choice(everybody(history), number, replace=False))


@transaction.atomic
def return_again(program: Program, people: list[int]) -> None:
    """Each of these people gets one new achievement."""
    partner = fetch("SELECT max(id) FROM programs_partner WHERE program_id = %s", program.pk)[0][0]
    with connection.cursor() as cursor:
        cursor.execute(RETURN_AGAIN, {"people": people, "at": timezone.now(), "other": partner})


def settle_alone(cluster: Cluster) -> Settling:
    """Settles all who are dirty, over the connection of this process."""
    entries = entries_now()
    with measured(cluster.postmaster) as cost:
        people, batches = batches_until_none_is_left()
    lines, bookings = (now - before for now, before in zip(entries_now(), entries, strict=True))
    return Settling(people, cost, batches, lines, bookings)


def batches_until_none_is_left() -> tuple[int, list[float]]:
    """What the operation `settle` does, with the time of each batch."""
    people, batches = 0, []
    started = time.perf_counter()
    while settled := settle_batch(at=timezone.now()):
        people += settled.people
        batches.append(time.perf_counter() - started)
        started = time.perf_counter()
    return people, batches


def settle_together(cluster: Cluster, workers: int) -> Settling:
    """The same by as many processes at once, each with a connection of its own that is open before the clock runs."""
    entries = entries_now()
    connection.close()
    context = mp.get_context("fork")
    start, done = context.Barrier(workers + 1), context.Barrier(workers + 1)
    answers: mp.Queue[Any] = context.Queue()
    processes = [context.Process(target=work, args=(start, done, answers)) for _ in range(workers)]
    for process in processes:
        process.start()
    start.wait()
    with measured(cluster.postmaster) as cost:
        answered = [answers.get() for _ in processes]
    done.wait()
    for process in processes:
        process.join()
    cost.client = sum(client for _, _, client in answered)
    batches = [seconds for _, each, _ in answered for seconds in each]
    lines, bookings = (now - before for now, before in zip(entries_now(), entries, strict=True))
    return Settling(sum(people for people, _, _ in answered), cost, batches, lines, bookings)


def work(start: Any, done: Any, answers: Any) -> None:
    connection.ensure_connection()
    start.wait()
    used = time.process_time()
    people, batches = batches_until_none_is_left()
    answers.put((people, batches, time.process_time() - used))
    done.wait()
    connection.close()


def entries_now() -> tuple[int, int]:
    """The lines of the ledger and the +1 and -1 in them."""
    lines, bookings = fetch("SELECT count(*), sum(abs(part) + abs(whole)) FROM counting_ledgerentry")[0]
    return int(lines), int(bookings or 0)
