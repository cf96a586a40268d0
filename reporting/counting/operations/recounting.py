"""Comparing ledger and counts with a count from scratch, and repairing them by booking the difference."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from courses.catalogue.models import Course
from programs.models import MeasureVersion, Program
from reporting.counting import comparison
from reporting.counting.models import Lane, Ledger, OpenedMeasure, Posting, Recount
from reporting.counting.settlement import PLAN, REBOOK

from .settling import open_ledgers

logger = logging.getLogger(__name__)
MOST_EXAMPLES = 20
NIGHT = 2  # o'clock in the program's time zone


class RepairRefusedError(Exception):
    """Nothing was repaired; the message says why."""


@dataclass(frozen=True)
class Findings:
    """`people` counts those who stand in the ledger; `unlike` are people (with version and partner) booked wrongly,
    `broken` is a number of entries and postings, `cells` are counts with what they should be."""

    people: int
    unlike: list[tuple[int, int, int]]
    broken: int
    cells: list[dict[str, Any]]

    @property
    def are_none(self) -> bool:
        return not (self.unlike or self.broken or self.cells)


@transaction.atomic
def recount(program: Program, *, at: datetime) -> Recount:
    """Counts from scratch, compares with ledger and counts on one snapshot, and keeps what it found.

    It changes nothing else. A difference is an incident: it is logged as an error and shown to operators until a later
    recount finds nothing.
    """
    _take_one_snapshot()
    return _keep(program, _compare(program), at=at)


def recount_due(*, at: datetime) -> list[Recount]:
    """Recounts each program that was not recounted since two o'clock of its night, unless somebody is at it."""
    made = [_recount_if_due(program, at=at) for program in Program.objects.all()]
    return [one for one in made if one]


@transaction.atomic
def _recount_if_due(program: Program, *, at: datetime) -> Recount | None:
    _take_one_snapshot()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('recount'), %s)", [program.pk])
        is_mine = cursor.fetchone()[0]
    is_done = Recount.objects.of(program).filter(counted_at__gte=last_night(program, at)).exists()
    return None if is_done or not is_mine else _keep(program, _compare(program), at=at)


def last_night(program: Program, at: datetime) -> datetime:
    """The last two o'clock in the program's time zone that was not after `at`."""
    local = at.astimezone(ZoneInfo(program.time_zone))
    night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


@transaction.atomic
def repair(program: Program, *, reason: str, at: datetime) -> Recount:
    """Books what a recount finds, with the reason, as a posting of its own: nothing is overwritten.

    Counts are brought to the sums of their entries, then people to their facts, with cause "repair". Meanwhile nobody
    settles people of this program. Answers what was found. Raises `RepairRefusedError` without a reason, and for
    entries that do not follow from the one before: those were tampered with, and no booking can mend them.
    """
    if not reason.strip():
        raise RepairRefusedError("Say why it is repaired: the reason stays with the posting.")
    open_ledgers()
    list(Lane.objects.filter(program=program).order_by("number").select_for_update())
    found = _compare(program)
    if found.broken:
        raise RepairRefusedError(
            f"{found.broken} entries or postings do not follow from the one before. They were changed past the rules"
            " of the database; restore the ledger from a backup."
        )
    if found.are_none:
        return _keep(program, found, at=at)
    posting = _post_correction_of_counts(program, reason=reason.strip(), at=at) if found.cells else None
    people = sorted({person for person, _, _ in found.unlike})
    with connection.cursor() as cursor:
        if people:
            cursor.execute(PLAN)
            cursor.execute(REBOOK, {"program": program.pk, "people": people, "at": at, "reason": reason.strip()})
            posting = Posting.objects.filter(pk=cursor.fetchone()[1]).first() or posting
    return _keep(program, found, at=at, repaired_by=posting)


def _take_one_snapshot() -> None:
    """Must come first in its transaction; inside another one, as in tests, that one's rules hold."""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _compare(program: Program) -> Findings:
    given = {"program": program.pk}
    with connection.cursor() as cursor:
        cursor.execute(comparison.PLAN)
        cursor.execute(comparison.BOOKS, given)
        whole, part, later_steps, broken = cursor.fetchone()
        cursor.execute(comparison.BROKEN, given)
        broken += cursor.fetchone()[0]
        cursor.execute(comparison.MISCOUNTED, given)
        names = [column.name for column in cursor.description]
        cells = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    roots = _roots(program)
    facts = _compare_facts(program, roots, later_steps=later_steps)
    unlike, unexplained = facts.unlike, 0
    if unlike or (facts.whole, facts.beside) != (whole, part - whole):
        unfounded = _unfounded(program, roots, later_steps=later_steps)
        unlike += [(person, version, partner) for person, version, partner, waits in unfounded if not waits]
        unexplained = 0 if unlike or facts.whole + facts.beside + len(unfounded) == part else 1
    return Findings(people=max(whole, 0), unlike=sorted(set(unlike)), broken=broken + unexplained, cells=cells)


def _roots(program: Program) -> dict[int, int]:
    """Whom everybody who was merged counts as."""
    with connection.cursor() as cursor:
        cursor.execute(comparison.STANDING_MERGES, {"program": program.pk})
        return comparison.roots(dict(cursor.fetchall()))


@dataclass
class _Facts:
    """How many of them found a standing entry, in the whole and beside it, and whose are not booked."""

    whole: int = 0
    beside: int = 0
    unlike: list[tuple[int, int, int]] = field(default_factory=list)


def _compare_facts(program: Program, roots: Mapping[int, int], *, later_steps: int) -> _Facts:
    """What one pass over the facts of each version leaves open is looked at closely."""
    found, merges = _Facts(), bool(roots)
    for version in MeasureVersion.objects.of(program):
        given = _what_counts(version, roots)
        with connection.cursor() as cursor:
            cursor.execute(comparison.facts_sql(later_steps=later_steps, merges=merges), given)
            whole, beside, facts = cursor.fetchone()
            found.whole += whole
            found.beside += beside
            if facts:
                cursor.execute(comparison.PLAN_FOR_FEW)
                closer = comparison.unbooked_sql(later_steps=later_steps, merges=merges)
                cursor.execute(closer, given | {"facts": facts})
                found.unlike += cursor.fetchall()
                cursor.execute(comparison.PLAN)
    return found


def _unfounded(program: Program, roots: Mapping[int, int], *, later_steps: int) -> list[tuple[int, int, int, bool]]:
    found = []
    with connection.cursor() as cursor:
        for version in MeasureVersion.objects.of(program):
            unfounded = comparison.unfounded_sql(later_steps=later_steps, merges=bool(roots))
            cursor.execute(unfounded, _what_counts(version, roots))
            found += cursor.fetchall()
    return found


def _what_counts(version: MeasureVersion, roots: Mapping[int, int]) -> dict[str, Any]:
    """The conditions of a measure version, for the statements that compare facts with entries, and for whom facts count
    that do not count for their own person. Nothing counts under a version that is not open."""
    opened = OpenedMeasure.objects.filter(measure_version=version).first()
    courses = Course.objects.of(version.program).filter(tags__contains=[version.tag] if version.tag else [])
    return {
        "program": version.program_id,
        "version": version.pk,
        "courses": list(courses.values_list("pk", flat=True)) if opened else [],
        "evidence": version.evidence,
        "starts_on": version.starts_on or "-infinity",
        "ends_on": version.ends_on or "infinity",
        "employer_sizes": version.employer_sizes,
        "everybody_was_marked": opened is not None and opened.marked_at is not None,
        "merged": list(roots.keys()),
        "roots": list(roots.values()),
    }


def _post_correction_of_counts(program: Program, *, reason: str, at: datetime) -> Posting:
    with connection.cursor() as cursor:
        cursor.execute(comparison.CORRECT_COUNTS, {"program": program.pk})
    ledger = Ledger.objects.select_for_update().get(program=program)
    ledger.turn(at=at)
    return Posting.objects.create(
        program=program, number=ledger.number, posted_at=ledger.closed_until, people=0, reason=reason
    )


def _keep(program: Program, found: Findings, *, at: datetime, repaired_by: Posting | None = None) -> Recount:
    kept = Recount.objects.create(
        program=program,
        counted_at=at,
        people=found.people,
        facts_unlike_ledger=len(found.unlike),
        broken_entries=found.broken,
        ledger_unlike_counts=len(found.cells),
        examples=[_in_words(cell) for cell in found.cells[:MOST_EXAMPLES]],
        repaired_by=repaired_by,
    )
    if kept.differences:
        logger.error("recount of %s found %s differences: %s", program.code, kept.differences, kept.examples)
    return kept


def _in_words(cell: dict[str, Any]) -> str:
    """A miscounted cell without any person: its grouping, what of it is set, and the two figures."""
    place = [f"{name} {cell[name]}" for name in ("partner_id", "day", "region", "sector", "employer_size", "age_band")
             if cell[name] is not None]  # fmt: skip
    return f"{cell['grouping']}, {', '.join(place)}: {cell['people']} instead of {cell['should_be']}"
