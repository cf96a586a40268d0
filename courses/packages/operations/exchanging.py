"""What units of cmi5 send: statements, by the rules of cmi5, and documents."""

import base64
import hashlib
import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.dateparse import parse_duration

from courses.learning.models import Enrolment
from courses.packages.manifests import MoveOn
from courses.packages.models import Launch, PackageDocument, PackageState, PackageStatement
from courses.packages.models.state import digest
from courses.packages.operations.committing import MOST_SECONDS, bounded, finish_item, locked_of
from courses.packages.operations.statements import keep_own_statement
from courses.packages.outcomes import PlayedItem
from courses.packages.rules import COMPLETED, FAILED, INITIALIZED, PASSED, TERMINATED, Session
from courses.packages.units import satisfied
from courses.statements.comparing import say_the_same
from courses.statements.operations.documents import Precondition, Sent, is_json
from courses.statements.reading_json import read_json
from courses.statements.refusals import RefusedError

MOST_STATEMENTS = 5_000  # of a unit in a registration
MOST_DOCUMENTS = 500
MOST_BYTES = 4_000_000  # of all documents of a registration


@transaction.atomic
def fetch_secret(launch: Launch) -> str | None:
    """What the unit authenticates with; `None` after the first time, as cmi5 8.2.3 asks."""
    locked = Launch.objects.select_for_update(of=("self",)).get(pk=launch.pk)
    if locked.secret_hash or locked.ended_at:
        return None
    secret = base64.b64encode(f"session:{secrets.token_urlsafe(32)}".encode()).decode()
    locked.secret_hash = digest(secret)
    locked.save(update_fields=["secret_hash"])
    return secret


@transaction.atomic
def store_statements(launch: Launch, item: PlayedItem, statements: list[dict[str, Any]], *, at: datetime) -> list[UUID]:
    """Stores all of the statements or none, and finishes the lesson if that is what they mean.

    A statement that is sent again is the same one. Raises `RefusedError` for what the rules do not allow (403), and
    for another statement with an id that is known (409).
    """
    state, locked = locked_of(launch)
    locked.state = state
    known = list(PackageStatement.objects.filter(state=state).values_list("verb", "is_defined", "launch"))
    session = Session(
        locked,
        item,
        verbs=[verb for verb, is_defined, number in known if is_defined and number == launch.pk],
        ever={verb for verb, is_defined, _ in known if is_defined},
    )
    if len(known) + len(statements) > MOST_STATEMENTS:
        raise RefusedError("This unit has sent as many statements as are kept.", status=403)
    for statement in statements:
        take_statement(session, state, statement, at=at)
    follow(session, state, at=at)
    return [UUID(statement["id"]) for statement in statements]


def take_statement(session: Session, state: PackageState, statement: dict[str, Any], *, at: datetime) -> None:
    said = {name: value for name, value in statement.items() if name not in ("stored", "authority")}
    there = PackageStatement.objects.filter(state=state, statement_id=said["id"]).first() if "id" in said else None
    if there is not None:
        if not say_the_same(there.statement, said):
            raise RefusedError("There is another statement with this id.", status=409)
        return
    is_defined = session.take(said)
    PackageStatement.objects.create(
        program_id=state.program_id, state=state, launch=session.launch, statement_id=said["id"],
        verb=said["verb"]["id"][:500], is_defined=is_defined, statement=said, stored_at=at,
    )  # fmt: skip
    if is_defined:
        note_result(session.launch, state, said["verb"]["id"], said.get("result", {}), at=at)


def note_result(launch: Launch, state: PackageState, verb: str, result: dict[str, Any], *, at: datetime) -> None:
    state.changed_at = at
    if verb == INITIALIZED:
        state.entry = PackageState.Entry.RESUMED
    if verb == COMPLETED:
        state.is_completed = True
    if verb in (PASSED, FAILED):
        state.is_passed = verb == PASSED
        if (scaled := result.get("score", {}).get("scaled")) is not None:
            state.score = max(state.score or Decimal(0), Decimal(str(round(100 * scaled, 2))))
    if verb == TERMINATED:
        launch.seconds = seconds_of(result["duration"])
        launch.ended_at = at
        launch.save(update_fields=["seconds", "ended_at"])
        state.seconds = min(state.seconds + launch.seconds, MOST_SECONDS)
    state.save()


def seconds_of(duration: str) -> Decimal:
    """What a duration (ISO 8601) comes to; 0 for one that no clock measures, in years or months."""
    try:
        length = parse_duration(duration)
    except OverflowError:
        return MOST_SECONDS
    return bounded(length.total_seconds()) if length else Decimal(0)


def follow(session: Session, state: PackageState, *, at: datetime) -> None:
    """Finishes the lesson when the unit has met what its course asks for before one moves on (cmi5 13.1.4)."""
    has_completed, has_passed = COMPLETED in session.ever, PASSED in session.ever
    is_met = {
        MoveOn.COMPLETED: has_completed,
        MoveOn.PASSED: has_passed,
        MoveOn.COMPLETED_AND_PASSED: has_completed and has_passed,
        MoveOn.COMPLETED_OR_PASSED: has_completed or has_passed,
        MoveOn.NOT_APPLICABLE: TERMINATED in session.verbs,
    }
    if state.done_at is None and is_met.get(MoveOn(session.item.move_on or MoveOn.NOT_APPLICABLE)):
        finish_item(state, session.launch.language, at=at)
        if state.enrolment.lessons_done.count() == len(state.enrolment.version.outline):
            keep_own_statement(session.launch, satisfied(session.launch, session.item), at=at)


def key_of(kind: str, activity: str, name: str) -> str:
    return hashlib.sha256("\n".join([kind, activity, name]).encode()).hexdigest()


@transaction.atomic
def write_document(
    enrolment: Enrolment, kind: str, activity: str, name: str, sent: Sent, *, merges: bool, at: datetime,
    precondition: Precondition,
) -> None:  # fmt: skip
    """Puts the document, or merges a JSON object into the one that is there. Raises `RefusedError`."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    own = PackageDocument.objects.filter(enrolment=enrolment)
    there = own.filter(key_hash=key_of(kind, activity, name)).first()
    precondition.check(there)
    content = merged(there, sent) if merges else checked(sent)
    document = there or PackageDocument(
        program_id=enrolment.program_id, enrolment=enrolment, kind=kind, activity=activity, name=name,
        key_hash=key_of(kind, activity, name),
    )  # fmt: skip
    document.content_type, document.content, document.changed_at = sent.content_type[:200], content, at
    document.etag = f'"{hashlib.sha256(content).hexdigest()}"'
    document.save()
    whole = own.aggregate(bytes=Sum(Length("content")))["bytes"] or 0
    if own.count() > MOST_DOCUMENTS or whole > MOST_BYTES:
        raise RefusedError("These are more documents than are kept.", status=413)


def checked(sent: Sent) -> bytes:
    if is_json(sent.content_type):
        read_json(sent.content)
    return sent.content


def merged(there: PackageDocument | None, sent: Sent) -> bytes:
    given = read_json(sent.content) if is_json(sent.content_type) else None
    if not isinstance(given, dict):
        raise RefusedError("Only JSON objects can be posted. Replace the document with PUT.")
    if there is None:
        return sent.content
    old = orjson.loads(bytes(there.content)) if is_json(there.content_type) else None
    if not isinstance(old, dict):
        raise RefusedError("Only JSON objects can be merged. Replace the document with PUT.")
    return orjson.dumps(old | given)


@transaction.atomic
def delete_documents(
    enrolment: Enrolment, kind: str, activity: str, name: str | None, *, precondition: Precondition
) -> None:
    """Deletes the document, or without a name all of the activity. That there is none is no fault."""
    found = PackageDocument.objects.filter(enrolment=enrolment, kind=kind, activity=activity)
    if name is not None:
        found = found.filter(key_hash=key_of(kind, activity, name))
        precondition.check(found.first())
    found.delete()
