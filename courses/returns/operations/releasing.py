"""Taking released rows in after all, through the same steps as the return that brought them."""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from courses.achievements.models import Achievement
from courses.achievements.operations import change_chosen
from courses.returns import staging, taking
from courses.returns.booked import ROWS as ROWS_IN_THE_BOOKS
from courses.returns.formats import ROWS, Block
from courses.returns.formats.block import block_of
from courses.returns.models import HeldRow, QuarantineDecision, Return
from courses.returns.profiles import Definition
from courses.returns.sealing import Seal
from people.keys import IdentityKeyError, using_identity_keys
from programs.models import Partner

from .deciding import count_again
from .loading import DATABASE_FAILED, checker_of, decide, failure_of, locked_partner, take

logger = logging.getLogger(__name__)
State = HeldRow.State
FAILED = "waits for a decision: our own software failed when it was released; tell the operators"


def release_waiting_rows(*, at: datetime) -> None:
    """Takes in every released row that waits and that nobody is taking in."""
    waiting = HeldRow.objects.filter(state=State.RELEASING).order_by("of_return")
    for return_id in list(waiting.values_list("of_return", flat=True).distinct()):
        try:
            release_rows_of(return_id, at=at, wait=False)
        except IdentityKeyError as fault:
            logger.error("rows of return %s wait: %s", return_id, fault)


def release_rows_of(return_id: int, *, at: datetime, wait: bool = True) -> None:
    """Takes in the released rows of a return; does nothing if there are none.

    They are checked again as of the day on which the return was received, under no rule, and keep their numbers. One
    that is a duplicate by now, or no longer fits the profile or the lists, ends like any row of a return. It can be
    killed at any moment: the next attempt goes on. Where our own software fails, rows that are in the books by then
    are released, and the others wait for a decision again.
    """
    released = Return.objects.select_related("program", "partner", "profile").get(pk=return_id)
    with (
        locked_partner(released.partner_id, wait=wait) as is_locked,
        using_identity_keys(released.program, wait=wait) as is_ours,
    ):
        waiting = HeldRow.objects.filter(of_return=return_id, state=State.RELEASING)
        if is_locked and is_ours and waiting.exists():
            _release_or_wait(released, at)


def _release_or_wait(released: Return, at: datetime) -> None:
    try:
        definition = Definition.of(released.profile.definition)
        _stage(released, definition)
        decide(released, definition, {})
        take(released, definition, at)
        _finish(released, at)
    except DATABASE_FAILED:
        raise
    except Exception as error:
        logger.error("rows of return %s could not be released: %s", released.pk, failure_of(error))
        _wait_again(released)
    finally:
        if connection.is_usable():
            staging.drop()


def _stage(released: Return, definition: Definition) -> None:
    with transaction.atomic():
        staging.create(definition)
    checker, seal = checker_of(released, definition, {}), Seal(released.program)
    for block in _blocks(released, definition, seal):
        checked = checker.check(block)
        with transaction.atomic():
            staging.stage(checked.staged)
            staging.hold(checked.held, seal)


def _blocks(released: Return, definition: Definition, seal: Seal) -> Iterator[Block]:
    """The rows as they were sent. Raises KeyError for a column that was not read then."""
    rows = HeldRow.objects.filter(of_return=released.pk, state=State.RELEASING).order_by("number")
    sealed = rows.values_list("number", "sealed").iterator(ROWS)
    places = {name: place for place, name in enumerate(released.columns)}
    wanted = [places[name] for name in definition.columns]
    while batch := list(islice(sealed, ROWS)):
        opened = [seal.opened(bytes(cells)) for _, cells in batch if cells is not None]
        cells = [[row[place] for place in wanted] for row in opened]
        yield block_of(definition.columns, [number for number, _ in batch], cells, [])


@transaction.atomic
def _finish(released: Return, at: datetime) -> None:
    """Says of every row how it ended, and counts the return's rows again."""
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=released.partner_id)
    given = {"return": released.pk, "partner": released.partner_id}
    restored = change_chosen(
        released.program, chosen=RECORDED, given=given, kind=Achievement.Kind.RESTORED, recorded_at=at,
        reason="Released from quarantine again", only_revoked_because=f"{QuarantineDecision.UNDONE}%",
    )  # fmt: skip
    ended = taking.tally()
    count_again(
        released.pk, accepted=ended.outcomes["accepted"], duplicate=ended.outcomes["duplicate"], facts=ended.facts
    )
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_IN, given)
        cursor.execute(FAULTY, given)
    if restored:
        Return.objects.filter(pk=released.pk).update(recorded_at=at)


@transaction.atomic
def _wait_again(released: Return) -> None:
    """After a failure of our own: what is in the books was released, and is counted so; only the others wait again."""
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=released.partner_id)
    undone = f"{QuarantineDecision.UNDONE}%"
    with connection.cursor() as cursor:
        cursor.execute(BOOKED, {"return": released.pk, "partner": released.partner_id, "undone": undone})
        booked = dict(cursor.fetchall())
    facts = {level: rows for level, rows in booked.items() if level}
    count_again(released.pk, accepted=sum(booked.values()), duplicate=0, facts=facts)
    rows = HeldRow.objects.filter(of_return=released.pk, state=State.RELEASING)
    rows.update(state=State.WAITING, decision=None, reason=FAILED)


# What an earlier release brought and its undoing revoked is not in the books again until the release has ended.
BOOKED = f"""
WITH booked AS (
    SELECT number, evidence FROM ({ROWS_IN_THE_BOOKS}) brought LEFT JOIN LATERAL (
        SELECT kind, reason FROM achievements_achievement WHERE refers_to_id = fact_id ORDER BY turn DESC LIMIT 1
    ) later ON true
    WHERE (later.kind = 'revoked' AND later.reason LIKE %(undone)s) IS NOT TRUE
), released AS (
    UPDATE returns_heldrow kept SET state = 'released' FROM booked
    WHERE kept.of_return_id = %(return)s AND kept.number = booked.number AND kept.state = 'releasing'
    RETURNING booked.evidence
)
SELECT evidence, count(*) FROM released GROUP BY evidence
"""  # noqa: S608 - our own SQL
RECORDED = """
SELECT fact.id FROM staged JOIN achievements_achievement fact ON fact.source_row = staged.number
WHERE staged.outcome = 'recorded' AND fact.partner_id = %(partner)s AND fact.kind = 'achieved'
  AND fact.source = 'return' AND fact.source_id = %(return)s
"""
TAKEN_IN = """
UPDATE returns_heldrow kept SET state = CASE staged.outcome WHEN 'duplicate' THEN 'known' ELSE 'released' END
FROM staged WHERE kept.of_return_id = %(return)s AND kept.number = staged.number AND kept.state = 'releasing'
  AND staged.outcome <> 'quarantined'
"""
FAULTY = """
UPDATE returns_heldrow kept SET state = 'faulty', rule = '', "group" = '', also = '', evidence = '{}',
    decision_id = NULL, "column" = found."column", value = found.value, reason = found.reason
FROM (
    SELECT number, "column", value, reason FROM held
    UNION ALL SELECT number, '', '', reason FROM staged WHERE outcome = 'quarantined'
) found
WHERE kept.of_return_id = %(return)s AND kept.number = found.number AND kept.state = 'releasing'
"""
