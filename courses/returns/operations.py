"""Everything that happens to returns: received, loaded or refused, each in one transaction."""

import logging
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import chain
from pathlib import PurePath
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction

from accounts.models import User
from courses.achievements.operations import record_staged
from courses.catalogue.models import Course
from programs.models import Partner, Program

from . import reading, staging
from .checking import RowChecker
from .models import Return, ReturnProfile
from .profiles import Definition
from .profiles.fitting import fitted
from .reading import FileRefusedError

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
# The database failed, not the file: a lost connection, a deadlock, a full disk. Inside a COPY psycopg's own is raised.
DATABASE_FAILED = (OperationalError, InterfaceError, psycopg.OperationalError)


@transaction.atomic
def receive_return(
    program: Program,
    partner: Partner,
    profile: ReturnProfile,
    *,
    file_name: str,
    content: bytes,
    received_by: User | None,
    received_at: datetime,
) -> Return:
    """Keeps the file until it is loaded, and rings for a worker. Raises `FileRefusedError` if it is too large."""
    from .tasks import load_return

    kept = keep_return(
        program, partner, profile,
        file_name=file_name, content=content, received_by=received_by, received_at=received_at,
    )  # fmt: skip
    # The ring may be lost without harm: beat finds the row.
    transaction.on_commit(lambda: load_return.delay(kept.pk), robust=True)
    return kept


@transaction.atomic
def keep_return(
    program: Program,
    partner: Partner,
    profile: ReturnProfile,
    *,
    file_name: str,
    content: bytes,
    received_by: User | None,
    received_at: datetime,
) -> Return:
    """Keeps the file and rings for nobody: the caller loads it. Raises `FileRefusedError` if it is too large."""
    if len(content) > settings.MAX_RETURN_BYTES:
        raise FileRefusedError(too_large(len(content)))
    kept = Return.objects.create(
        program=program,
        partner=partner,
        profile=profile,
        file_name=_readable(file_name),
        size=len(content),
        checksum=sha256(content).hexdigest(),
        content=b"",
        received_by=received_by,
        received_at=received_at,
    )
    _keep_content(kept.pk, content)
    return Return.objects.of(program).get(pk=kept.pk)


def _keep_content(return_id: int, content: bytes) -> None:
    """Sends the file as it is: the ORM would write it into the statement as text, several times its size in memory."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("UPDATE returns_return SET content = %b WHERE id = %s", [content, return_id])


def too_large(size: int) -> str:
    return f"The file is too large: it has {size:,} bytes, and at most {largest()} are taken. Send it in several parts."


def largest() -> str:
    """The size of the largest file that is taken, in words."""
    return f"{settings.MAX_RETURN_BYTES:,} bytes"


def _readable(file_name: str) -> str:
    name = PurePath(file_name).name
    return "".join(character if character.isprintable() else "�" for character in name)[-255:] or "unnamed"


def load_return_now(return_id: int, *, at: datetime, wait: bool = True) -> None:
    """Loads a return that waits: all of it, or nothing. Does nothing if it is dealt with already.

    With `wait=False` a return that somebody else is loading is left to them. A file that cannot be taken is refused
    with the reason; so is one on which our own software fails. Where the database fails, the return goes on waiting
    and the error is raised.
    """
    if not _begun(return_id, wait=wait):
        return
    try:
        with transaction.atomic():
            _load_locked(return_id, at)
    except DATABASE_FAILED:
        raise
    except Exception as error:
        _refuse_failed(return_id, error)


def load_waiting_returns(*, at: datetime) -> None:
    """Loads every return that waits and that nobody is loading."""
    for return_id in Return.objects.waiting().values_list("pk", flat=True):
        load_return_now(return_id, at=at, wait=False)


@transaction.atomic
def _begun(return_id: int, *, wait: bool) -> bool:
    """Notes that loading begins, so that a file which kills every worker does not come back for ever."""
    rows = Return.objects.waiting().defer("content").filter(pk=return_id)
    waiting = rows.select_for_update(of=("self",), skip_locked=not wait).first()
    if waiting is None:
        return False
    if waiting.attempts >= MOST_ATTEMPTS:
        _refuse(return_id, f"Loading this file was interrupted {MOST_ATTEMPTS} times, and nothing was taken from it."
                " Send it in smaller parts, or ask the operators.")  # fmt: skip
        return False
    Return.objects.filter(pk=return_id).update(attempts=waiting.attempts + 1)
    return True


def _load_locked(return_id: int, at: datetime) -> None:
    rows = Return.objects.select_related("program", "partner", "profile").defer("content")
    waiting = rows.select_for_update(of=("self",)).get(pk=return_id)
    if not waiting.is_waiting:
        return
    # One return of a partner at a time: what one brings, the next one knows.
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=waiting.partner_id)
    try:
        with transaction.atomic():
            result = _taken(waiting, at)
    except FileRefusedError as refusal:
        _refuse(return_id, str(refusal))
    else:
        changes = result | {"status": Return.Status.LOADED, "loaded_at": at, "content": None}
        Return.objects.filter(pk=return_id).update(**changes)


def _taken(waiting: Return, at: datetime) -> dict[str, Any]:
    """Takes what the file brings; answers the figures of the return."""
    checker, sent = _stage_file(waiting)
    program, scheme = waiting.program, checker.identifiers.scheme
    staging.settle_known_records(program)
    staging.settle_repeated_records()
    staging.add_persons(program, scheme, at=at)
    facts = staging.stage_facts(program, scheme)
    recorded = record_staged(program, waiting.partner, return_id=waiting.pk, table=staging.FACTS, recorded_at=at)
    if recorded != sum(facts.values()):
        raise RuntimeError(f"{sum(facts.values())} facts were new and {recorded} were recorded")
    outcomes = staging.keep_outcomes(program, waiting.pk)
    staging.drop()
    return outcomes | {"sent": sent, "facts": facts}


def _stage_file(waiting: Return) -> tuple[RowChecker, int]:
    """Reads and checks the whole file; answers how many rows it has."""
    definition = Definition.of(waiting.profile.definition)
    text = reading.text_of(_pieces_of(waiting.pk), definition.encoding)
    names = reading.header_of(text, definition.delimiter, definition.columns)
    received_on = waiting.received_at.astimezone(ZoneInfo(waiting.program.time_zone)).date()
    checker = RowChecker(definition, names, waiting.program, waiting.partner, today=received_on)
    rows = reading.rows_of(text, definition.delimiter, len(names))
    first = next(rows, None)
    if first is None:
        raise FileRefusedError("The file has a header and no rows. Send it again when it has some.")
    return checker, staging.stage(checker.check(row) for row in chain([first], rows))


def _pieces_of(return_id: int) -> reading.Piece:
    def piece(start: int, length: int) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT substring(content FROM %s FOR %s) FROM returns_return WHERE id = %s",
                [start + 1, length, return_id],
            )
            row = cursor.fetchone()
        return bytes(row[0])

    return piece


def _refuse(return_id: int, reason: str, failure: str = "") -> None:
    changes = {"status": Return.Status.REFUSED, "refusal": reason, "failure": failure, "content": None}
    Return.objects.waiting().filter(pk=return_id).update(**changes)


@transaction.atomic
def _refuse_failed(return_id: int, error: Exception) -> None:
    Return.objects.select_for_update(of=("self",)).get(pk=return_id)
    failure = _failure(error)
    logger.error("return %s could not be loaded: %s", return_id, failure)
    _refuse(
        return_id,
        "This file could not be loaded: our own software failed on it, and nothing was taken from it."
        f" Tell the operators the number of this return, {return_id}: they can see where it failed.",
        failure,
    )


def _failure(error: Exception) -> str:
    """What failed and where. Never the error's own text: it may hold what stood in the file."""
    cause = error.__cause__ if isinstance(error, Error) else error
    code = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    return "\n".join([f"{type(error).__name__}{f' (SQLSTATE {code})' if code else ''}", *places])


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@transaction.atomic
def load_profile(content: dict[str, Any], program: Program) -> Change:
    """Keeps a profile, as `profiles.parsed` answers it, for the program, with the courses that it brings.

    Facts that were recorded under an earlier form of the profile stay as they are. Raises `ProfileRefusedError` if it
    does not fit the program.
    """
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    definition = fitted(content, program)
    new_courses = _bring_courses(content.get("courses", []), program)
    wanted = {"name": content["name"], "definition": definition}
    known = ReturnProfile.objects.filter(program=program, code=content["code"]).first()
    if known is None:
        ReturnProfile.objects.create(program=program, code=content["code"], **wanted)
        return Change.ADDED
    if not new_courses and (known.name, known.definition) == (content["name"], definition):
        return Change.UNCHANGED
    ReturnProfile.objects.filter(pk=known.pk).update(**wanted)
    return Change.CHANGED


def _bring_courses(brought: list[dict[str, Any]], program: Program) -> bool:
    """Adds the courses that are not there, and takes over new titles; answers whether anything changed."""
    partners = {partner.code: partner for partner in Partner.objects.filter(program=program)}
    titles = dict(Course.objects.of(program).values_list("code", "title"))
    for course in brought:
        if course["code"] not in titles:
            partner = partners[course["partner"]] if "partner" in course else None
            Course.objects.create(
                program=program, code=course["code"], title=course["title"], tags=course["tags"], partner=partner
            )
        elif titles[course["code"]] != course["title"]:
            Course.objects.of(program).filter(code=course["code"]).update(title=course["title"])
    return any(titles.get(course["code"]) != course["title"] for course in brought)
