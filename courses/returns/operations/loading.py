"""Loading a return: read and judged as a whole, then taken in, a chunk of rows a transaction."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from courses.returns import linking, resolving, staging, taking
from courses.returns.anomalies import Rules, flag_rows, rules_of
from courses.returns.booked import booked_rows
from courses.returns.checking import Checker, Held, Placeholders
from courses.returns.content import Content
from courses.returns.formats import FileRefusedError, OtherColumnsError, open_sheet
from courses.returns.models import AnomalyRule, Piece, Return
from courses.returns.profiles import Definition
from courses.returns.sealing import Seal
from people.keys import IdentityKeyError, using_identity_keys

from .rules import ensure_rules
from .suggesting import advice_on_profile

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 20  # a worker that is killed often is no reason to refuse; a file that kills every worker is
CHUNK = 131_072  # rows that are taken in one transaction
LOCK = 4_711_004  # the kind of advisory lock that a partner's loading holds
# The database failed, not the file: a lost connection, a deadlock, a full disk. Inside a COPY psycopg's own is raised.
DATABASE_FAILED = (OperationalError, InterfaceError, psycopg.OperationalError)


def load_return_now(return_id: int, *, at: datetime, wait: bool = True) -> None:
    """Loads a return that waits. Does nothing if it is dealt with already.

    It can be killed at any moment: what was taken in stays, and the next attempt goes on behind it. With `wait=False` a
    return that somebody else is loading, or another return of the partner, is left to them. A file that cannot be taken
    is refused with the reason; so is one on which our own software fails. Where the database fails, the return goes on
    waiting and the error is raised; the same without the keys of the program's identities, with `IdentityKeyError`.
    """
    partner_id = Return.objects.values_list("partner_id", flat=True).get(pk=return_id)
    # One return of a partner at a time: what one brings, the next one knows.
    with locked_partner(partner_id, wait=wait) as is_locked:
        if is_locked:
            _load_while_keys_stay(return_id, at, wait=wait)


def load_waiting_returns(*, at: datetime) -> None:
    """Loads every return that waits and that nobody is loading."""
    for return_id in Return.objects.waiting().values_list("pk", flat=True):
        try:
            load_return_now(return_id, at=at, wait=False)
        except IdentityKeyError as fault:
            logger.error("return %s waits: %s", return_id, fault)


def _load_while_keys_stay(return_id: int, at: datetime, *, wait: bool) -> None:
    """Nothing begins without the right keys, so that a return waits for them and is not refused."""
    program = Return.objects.select_related("program").get(pk=return_id).program
    with using_identity_keys(program, wait=wait) as is_ours:
        if is_ours and _begun(return_id):
            _load_or_refuse(return_id, at)


@contextmanager
def locked_partner(partner_id: int, *, wait: bool) -> Iterator[bool]:
    """Holds the lock of the partner's loading, over transactions; who dies gives it back with the connection."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT true FROM pg_advisory_lock(%s, %s)", [LOCK, partner_id])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, partner_id])
        is_locked = bool(cursor.fetchone()[0])
    try:
        yield is_locked
    finally:
        if is_locked and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, partner_id])


def _begun(return_id: int) -> bool:
    """Notes that loading begins, so that a file which kills every worker does not come back for ever."""
    with transaction.atomic():
        waiting = Return.objects.waiting().filter(pk=return_id).select_for_update(of=("self",)).first()
        if waiting is None:
            return False
        if waiting.attempts >= MOST_ATTEMPTS:
            _refuse(waiting, f"Loading this file was interrupted {MOST_ATTEMPTS} times. {_so_far(waiting)}"
                    " Send it in smaller parts, or ask the operators.")  # fmt: skip
            return False
        Return.objects.filter(pk=return_id).update(attempts=waiting.attempts + 1)
        return True


def _load_or_refuse(return_id: int, at: datetime) -> None:
    loading = Return.objects.select_related("program", "partner", "profile").get(pk=return_id)
    try:
        _load(loading, at)
    except FileRefusedError as refusal:
        _refuse(loading, str(refusal))
    except DATABASE_FAILED:
        raise
    except Exception as error:
        _refuse_failed(loading, error)
    finally:
        if connection.is_usable():
            staging.drop()


def _load(loading: Return, at: datetime) -> None:
    definition = Definition.of(loading.profile.definition)
    ensure_rules(loading.program)
    rules = rules_of(loading.program)
    try:
        notes = _stage(loading, definition, rules)
    except OtherColumnsError as refusal:
        raise FileRefusedError(f"{refusal} {advice_on_profile(loading)}") from refusal
    decide(loading, definition, rules)
    _hold_decided(loading, definition)
    if not loading.is_trial:
        take(loading, definition, at)
    _finish(loading, definition, notes, at)


def _stage(loading: Return, definition: Definition, rules: Rules) -> list[str]:
    """Reads and checks the whole file; answers how it is read where that is not plain."""
    with transaction.atomic():
        staging.create(definition)
    checker = checker_of(loading, definition, rules)
    seal, rows = Seal(loading.program), 0
    with Content(loading.pk) as content, open_sheet(content, definition) as sheet:
        for block in sheet.blocks:
            checked = checker.check(block)
            rows += len(block)
            with transaction.atomic():
                staging.stage(checked.staged)
                staging.hold(checked.held, seal)
                _note_read(loading.pk, rows, content.reached(rows, sheet.rows))
    if not rows:
        raise FileRefusedError("The file has a header and no rows. Send it again when it has some.")
    _note_read(loading.pk, rows, loading.size)
    return [*sheet.notes, *checker.notes]


def _note_read(return_id: int, rows: int, reached: int) -> None:
    """How far reading has come, for who watches. An attempt that begins again does not lower it."""
    further = {"rows_read": Greatest(F("rows_read"), rows), "bytes_read": Greatest(F("bytes_read"), reached)}
    Return.objects.filter(pk=return_id).update(**further)


def checker_of(loading: Return, definition: Definition, rules: Rules) -> Checker:
    """Checks the return's rows as of the day on which it was received."""
    received_on = loading.received_at.astimezone(ZoneInfo(loading.program.time_zone)).date()
    words = rules.get(AnomalyRule.Kind.PLACEHOLDER)
    placeholders = Placeholders(definition, words) if words else None
    return Checker(definition, loading.program, loading.partner, today=received_on, placeholders=placeholders)


@transaction.atomic
def decide(loading: Return, definition: Definition, rules: Rules) -> None:
    """What the rows say beside each other and beside what is known."""
    staging.plan()
    staging.look_over()
    resolving.decide_persons(definition, loading.program, loading.partner)
    resolving.decide_known_records(definition, loading.partner, return_id=loading.pk)
    staging.decide_repeated(definition)
    if rules:
        flag_rows(definition, loading, rules)
    linking.hold_rows_of_held_links()
    resolving.forget_units_without_fact()


@transaction.atomic
def _hold_decided(loading: Return, definition: Definition) -> None:
    """Reads the cells of the rows that were put in quarantine since they were checked once more."""
    reasons = dict(taking.quarantined_numbers())
    if not reasons:
        return
    seal = Seal(loading.program)
    with Content(loading.pk) as content, open_sheet(content, definition) as sheet:
        for block in sheet.blocks:
            wanted = [place for place, number in enumerate(block.numbers.to_pylist()) if number in reasons]
            cells = [block.cells_of(place) for place in wanted]
            numbers = [block.numbers[place].as_py() for place in wanted]
            rows = [Held(number, "", "", reasons[number], row) for number, row in zip(numbers, cells, strict=True)]
            staging.hold(rows, seal)


def take(loading: Return, definition: Definition, at: datetime) -> None:
    """Takes in what is staged and accepted: persons first, then facts, a chunk of rows a transaction."""
    program, partner = loading.program, loading.partner
    first, more = 1, True
    while more:
        with transaction.atomic():
            staging.plan()
            more = resolving.add_persons(definition, program, partner, first=first, at=at)
        first += resolving.BATCH
    if definition.reference:
        with transaction.atomic():
            linking.merge_persons_of_file(program, partner, return_id=loading.pk, at=at)
    wanted = taking.wanted()
    recorded = sum(_take_chunk(loading, definition, first, at) for first in range(1, wanted.last + 1, CHUNK))
    if recorded != wanted.facts:
        raise RuntimeError(f"{wanted.facts} facts were new and {recorded} were recorded")


def _take_chunk(loading: Return, definition: Definition, first: int, at: datetime) -> int:
    with transaction.atomic():
        staging.plan()
        recorded = taking.take_facts(loading, definition, first=first, last=first + CHUNK - 1, at=at)
    return sum(recorded.values())


@transaction.atomic
def _finish(loading: Return, definition: Definition, notes: list[str], at: datetime) -> None:
    staging.plan()
    tally = taking.tally()
    taking.keep_held(loading.program, loading.pk)
    status = Return.Status.TRIED if loading.is_trial else Return.Status.LOADED
    changes = tally.outcomes | {"sent": tally.outcomes.total(), "facts": tally.facts, "months": tally.months}
    changes |= {"columns": list(definition.columns), "status": status}
    Return.objects.filter(pk=loading.pk).update(loaded_at=at, notes=notes, **changes)
    if not loading.is_trial:
        _let_go(loading)


def _let_go(loading: Return) -> None:
    """Deletes the file."""
    Piece.objects.filter(of_return=loading)._raw_delete("default")


@transaction.atomic
def _refuse(loading: Return, reason: str, failure: str = "") -> None:
    """Refuses the file. Rows that an attempt has taken stay, and are what was sent and accepted of it."""
    rows = booked_rows(loading)
    taken, facts = sum(rows.values()), {level: number for level, number in rows.items() if level}
    changes: dict[str, Any] = {"status": Return.Status.REFUSED, "refusal": reason, "failure": failure}
    changes |= {"sent": taken, "accepted": taken, "facts": facts}
    if Return.objects.waiting().filter(pk=loading.pk).update(**changes):
        _let_go(loading)


def _refuse_failed(loading: Return, error: Exception) -> None:
    failure = failure_of(error)
    logger.error("return %s could not be loaded: %s", loading.pk, failure)
    _refuse(
        loading,
        f"This file could not be loaded: our own software failed on it. {_so_far(loading)}"
        f" Tell the operators the number of this return, {loading.pk}: they can see where it failed.",
        failure,
    )


def _so_far(loading: Return) -> str:
    """What was taken in before it ended; sent again, these rows are duplicates."""
    taken = sum(booked_rows(loading).values())
    if not taken:
        return "Nothing was taken from it."
    return f"{taken:,} of its rows were taken and count; if it is sent again, only what is missing will be new."


def failure_of(error: Exception) -> str:
    """What failed and where. Never the error's own text: it may hold what stood in the file."""
    cause = error.__cause__ if isinstance(error, Error) else error
    code = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    return "\n".join([f"{type(error).__name__}{f' (SQLSTATE {code})' if code else ''}", *places])
