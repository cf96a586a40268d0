"""Making a return of the statements that wait: from there on they go the way of every file."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction
from django.db.models import Case, TextField, When
from django.db.models.functions import Length

from courses.returns.formats import FileRefusedError
from courses.returns.models import Return, ReturnProfile
from courses.returns.operations import receive_return
from courses.returns.operations.loading import DATABASE_FAILED, failure_of
from courses.returns.profiles import Definition
from courses.statements.cells import cells_of
from courses.statements.models import Arrival, Statement, partners_due
from programs.models import Partner

from .arrivals import claim_arrivals, note_taken
from .voidings import note_voidings

logger = logging.getLogger(__name__)
MOST = 50_000  # statements of a return, unless one request has more
AT_A_TIME = 2_000  # statements that are asked for together
LONGEST = 256 * 1024  # characters of a statement that is read
TOO_LONG = "x" * 65_536  # longer than a line may be: such a row goes to quarantine and says so


def report_waiting_statements(*, at: datetime) -> None:
    """Makes a return of the statements of every partner that are due. What fails of one partner stops no other."""
    for partner in partners_due(at=at):
        try:
            while report_statements(partner, at=at) > MOST // 2:
                pass  # a return was full: more may wait
        except DATABASE_FAILED:
            raise
        except Exception as error:
            logger.error("statements of partner %s could not be reported: %s", partner.pk, failure_of(error))


def report_statements(partner: Partner, *, at: datetime, most: int = MOST) -> int:
    """Makes one return of the partner's oldest statements that wait, and rings for a worker to load it.

    Answers how many statements were looked at. The return, the note that they were taken and the voidings among them
    are one transaction. Nothing happens, and they go on waiting, while no profile reads them or another worker takes
    them. Statements that the profile does not take, and those that were voided, become no row; where no statement
    does, there is no return.
    """
    profile = ReturnProfile.objects.for_statements_of(partner)
    if profile is None:
        return 0
    try:
        with transaction.atomic():
            return _report(partner, profile, at=at, most=most)
    except FileRefusedError:
        if most == 1:
            raise
        return report_statements(partner, at=at, most=most // 2)  # they were too large together


def _report(partner: Partner, profile: ReturnProfile, *, at: datetime, most: int) -> int:
    arrivals = claim_arrivals(partner, most=most)
    if not arrivals:
        return 0
    rows = dict[int, int]()
    lines = _lines(arrivals, Definition.of(profile.definition), rows)
    first = list(islice(lines, 1))
    made = _received(partner, profile, chain(first, lines), at) if first else None
    note_taken(arrivals, at=at, of_return=made, rows=rows)
    note_voidings(arrivals, at=at)
    return sum(len(arrival.statements) for arrival in arrivals)


def _received(partner: Partner, profile: ReturnProfile, content: Iterator[bytes], at: datetime) -> Return:
    local = at.astimezone(ZoneInfo(partner.program.time_zone))
    return receive_return(
        partner.program, partner, profile, file_name=f"xAPI statements, {local:%Y-%m-%d %H:%M:%S}",
        content=content, received_by=None, received_at=at,
    )  # fmt: skip


def _lines(arrivals: Sequence[Arrival], definition: Definition, rows: dict[int, int]) -> Iterator[bytes]:
    """JSON Lines of the statements that the profile takes; notes in `rows` the line of each, counted from 1."""
    assert definition.statements, "only a profile that reads statements is chosen"
    columns, statements = definition.columns, definition.statements
    for number, stored_at, text in _standing(arrivals):
        said = {"timestamp": stored_at.isoformat()} | orjson.loads(text) if text else None
        if said is None or statements.take(said):
            rows[number] = len(rows) + 1
            yield orjson.dumps(cells_of(said, columns) if said else {columns[0]: TOO_LONG}) + b"\n"


def _standing(arrivals: Sequence[Arrival]) -> Iterator[tuple[int, datetime, str | None]]:
    """Number, moment and text of the statements that nobody has taken back; no text of those that are too long."""
    numbers = sorted(number for arrival in arrivals for number in arrival.statements)
    short = Case(When(length__lte=LONGEST, then="said"), output_field=TextField())
    for start in range(0, len(numbers), AT_A_TIME):
        rows = Statement.objects.filter(pk__in=numbers[start : start + AT_A_TIME], is_voiding=False).standing()
        found = rows.annotate(length=Length("said"), text=short).order_by("pk")
        yield from found.values_list("pk", "stored_at", "text").iterator(200)
