"""Taking in a return of a million rows, beside a bare COPY of the same file into one table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from courses.catalogue.models import Course
from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import keep_return, load_return_now, loading
from courses.returns.profiles import SHIPPED
from programs.models import Code, Partner, Program
from reporting.counting.operations.settling import open_ledgers, open_measures

from .cluster import Cluster
from .cost import Cost, Processes, measured
from .work import batches_until_none_is_left

DATABASE = "intake"
COURSES = 8
PER_PERSON = 3.1  # completions: what iGOT Karmayogi reports (certificates for each user)
PIECE = 1024 * 1024
COUNTRY = Path(settings.BASE_DIR) / "platform" / "programs" / "countries" / "gb.toml"
COLUMNS = (
    "person_id", "course", "completed_on", "result", "region", "sector", "employer", "employer_size", "age_band",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What one return cost: received, staged and validated, every cell; a dry run, which looks for persons, known
    records and anomalies besides; and in earnest, until nobody waits to be counted.
    """

    staged: Cost
    tried: Cost
    booked: Cost
    memory: int  # bytes by which this process grew at most, for a while


@dataclass
class Intake:
    rows: int
    people: int
    copies: list[Cost] = field(default_factory=list)
    taken: dict[str, list[Taken]] = field(default_factory=dict)


def intake(cluster: Cluster, rows: int, rounds: int = 5) -> Intake:
    """Interleaved rounds: a bare COPY, then the return in each shape, each into a database of its own."""
    _fresh(cluster)
    with TemporaryDirectory() as folder:
        table, people = return_of(rows)
        files = {"CSV": Path(folder) / "return.csv", "Parquet": Path(folder) / "return.parquet"}
        pa_csv.write_csv(table, files["CSV"])
        pq.write_table(table, files["Parquet"])
        found = Intake(rows, people, taken={shape: [] for shape in files})
        for _ in range(rounds):
            found.copies.append(_copied(cluster, files["CSV"]))
            for shape, file in files.items():
                found.taken[shape].append(_taken(cluster, file, rows))
    cluster.drop(DATABASE)
    return found


def _fresh(cluster: Cluster) -> None:
    """A database with a program, courses and the standard profile, and nobody in it."""
    if connection.settings_dict["NAME"] == DATABASE:
        cluster.drop(DATABASE)
    cluster.copy(DATABASE)
    call_command("load_country", str(COUNTRY), stdout=StringIO())
    program = Program.objects.get()
    for number in range(COURSES):
        Course.objects.create(program=program, code=f"course-{number}", title="A course", tags=["ai-foundations"])
    call_command("load_profile", str(SHIPPED / "standard.toml"), stdout=StringIO())
    open_ledgers()
    open_measures(at=timezone.now())


def _copied(cluster: Cluster, file: Path) -> Cost:
    """The bare COPY: every cell a text, one table, no index."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS bare; CREATE TABLE bare ({', '.join(f'{name} text' for name in COLUMNS)})"
        )
        with measured(cluster.postmaster) as cost, cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            for piece in _pieces(file):
                copy.write(piece)
        cursor.execute("DROP TABLE bare")
    return cost


def _taken(cluster: Cluster, file: Path, rows: int) -> Taken:
    """A dry run, and then all of it in earnest."""
    _fresh(cluster)
    _forget_peak()
    before = _memory("VmRSS")
    with measured(cluster.postmaster) as tried, staging_measured(cluster) as staged:
        _load(file, is_trial=True)
    with measured(cluster.postmaster) as booked:
        loaded = _load(file, is_trial=False)
        batches_until_none_is_left()
    assert loaded.accepted == rows, loaded.refusal
    return Taken(staged, tried, booked, _memory("VmHWM") - before)


@contextmanager
def staging_measured(cluster: Cluster) -> Iterator[Cost]:
    """The cost from here until the last row is staged and validated: until its rows are looked at together."""
    cost, before = Cost(), Processes.now(cluster.postmaster)
    whole: Callable[..., None] = loading.decide

    def decide(*arguments: Any) -> None:
        spent = Processes.now(cluster.postmaster).since(before)
        cost.wall, cost.backends, cost.client = spent.wall, spent.backends, spent.client
        whole(*arguments)

    vars(loading)["decide"] = decide
    try:
        yield cost
    finally:
        vars(loading)["decide"] = whole


def _load(file: Path, *, is_trial: bool) -> Return:
    program = Program.objects.get()
    partner = Partner.objects.filter(program=program).that_report()[0]
    kept = keep_return(
        program, partner, ReturnProfile.objects.get(), file_name=file.name, content=_pieces(file),
        received_by=None, received_at=timezone.now(), is_trial=is_trial,
    )  # fmt: skip
    load_return_now(kept.pk, at=timezone.now())
    return Return.objects.get(pk=kept.pk)


def _memory(what: str) -> int:
    """`VmRSS`, what this process has in memory, or `VmHWM`, the most that it has had since `_forget_peak`; bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) * 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _numbers(people: int) -> "np.ndarray[Any, Any]":
    """Invented identifiers of ten digits whose last one fits, by the check of the program's national scheme."""
    first = 100_000_000 + np.arange(people * 2) * 7
    digits = first[:, None] // 10 ** np.arange(8, -1, -1) % 10
    rest = digits @ np.arange(10, 1, -1) % 11
    return np.char.add(first[rest > 0].astype(str), (10 - rest[rest > 0]).astype(str))[:people]


def return_of(rows: int, *, seed: int = 1) -> tuple[pa.Table, int]:
    """A return of one partner by the standard profile: people with three or four courses each, one after the other."""
    rng = np.random.default_rng(seed)
    people = int(rows / PER_PERSON)
    courses = rng.permuted(np.tile(np.arange(COURSES), (people, 1)), axis=1)
    number = np.full(people, 3) + (np.arange(people) < rows - 3 * people)
    person = np.repeat(np.arange(people), number)[:rows]
    place = np.concatenate([np.arange(n) for n in number])[:rows]
    days = np.datetime64("2026-01-28") + rng.integers(0, 290, rows)
    columns: dict[str, Any] = {
        "person_id": _numbers(people)[person],
        "course": np.array([f"course-{n}" for n in range(COURSES)])[courses[person, place]],
        "completed_on": np.datetime_as_string(days),
        "result": np.array(["completed", "assessed"])[rng.integers(0, 2, rows)],
    }
    drawn = {"region": 12, "sector": 21, "employer": 20_000, "employer_size": 4, "age_band": 3}
    described = {name: rng.integers(0, size, people)[person] for name, size in drawn.items()}
    codes = {name: _codes(name) for name in drawn if name != "employer"}
    for name, drawn_codes in described.items():
        words = codes.get(name) or [f"Employer {n} Limited" for n in range(drawn["employer"])]
        columns[name] = np.array(words)[drawn_codes]
    return pa.table({name: columns[name] for name in COLUMNS}), people


def _codes(name: str) -> list[str]:
    program = Program.objects.get()
    return list(Code.objects.of(program, name).values_list("code", flat=True))
