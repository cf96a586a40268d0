"""Keeping documents: one at a time in its place, and never over a change that the client has not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from courses.statements.models import Document, Kind, hash_of, place_of
from courses.statements.reading_json import read_json
from courses.statements.refusals import RefusedError
from programs.models import Partner


@dataclass(frozen=True)
class Place:
    """Where documents belong: to an activity, an agent, or an agent in an activity, perhaps in a registration."""

    partner: Partner
    kind: Kind
    activity: str
    agent: str
    registration: UUID | None = None

    def documents(self) -> "QuerySet[Document]":
        """Those of all registrations; narrow them to one with `in_registration`."""
        return Document.objects.of_partner(self.partner).filter(
            kind=self.kind, place=place_of(self.activity, self.agent)
        )

    def named(self, name: str) -> "QuerySet[Document]":
        return self.documents().filter(registration=self.registration, name_hash=hash_of(name))


class Tagged(Protocol):
    """Anything that is known by an ETag, with its quotation marks."""

    @property
    def etag(self) -> str: ...


@dataclass(frozen=True)
class Precondition:
    """What must hold of the document that is there: the headers If-Match and If-None-Match (RFC 9110)."""

    if_match: str = ""
    if_none_match: str = ""
    must_be_told: bool = False  # whether a document may be replaced only by who names its ETag

    def check(self, document: Tagged | None) -> None:
        """Raises `RefusedError` (412, or 409 where the client does not say what it has seen)."""
        etag = document.etag if document else None
        if self.if_match and not matches(self.if_match, etag):
            raise RefusedError("The document is not the one in If-Match. Get it again first.", status=412)
        if self.if_none_match and matches(self.if_none_match, etag):
            raise RefusedError("There is such a document already, against If-None-Match.", status=412)
        if self.must_be_told and document and not (self.if_match or self.if_none_match):
            raise RefusedError(
                "There is a document already. Get it, and name its ETag in If-Match to replace it.", status=409
            )


def matches(header: str, etag: str | None) -> bool:
    """Whether the header names the ETag; weak ones are compared like strong ones."""
    if etag is None:
        return False
    named = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in named or etag in named or etag.strip('"') in named


@dataclass(frozen=True)
class Sent:
    content_type: str
    content: bytes

    @property
    def is_json(self) -> bool:
        return is_json(self.content_type)


def is_json(content_type: str) -> bool:
    return content_type.split(";")[0].strip().lower() == "application/json"


def put_document(place: Place, name: str, sent: Sent, *, at: datetime, precondition: Precondition) -> None:
    """Puts the document in its place, instead of the one that is there if the precondition lets it."""
    if sent.is_json:
        read_json(sent.content)
    write(place, name, lambda there: sent, at=at, precondition=precondition)


def merge_document(place: Place, name: str, sent: Sent, *, at: datetime, precondition: Precondition) -> None:
    """Sets the properties of the JSON object sent in the one that is there; without one, puts it there.

    Raises `RefusedError` where there is a document and one of the two is no JSON object.
    """
    given = read_json(sent.content) if sent.is_json else None
    if sent.is_json and type(given) is not dict:
        raise RefusedError("A JSON document that is posted must be an object.")

    def merged(there: Document | None) -> Sent:
        if there is None:
            return sent
        old = json_object_in(there)
        if old is None or given is None:
            raise RefusedError("Only JSON objects can be merged. Replace the document with PUT.")
        return Sent(there.content_type, orjson.dumps(old | given))

    write(place, name, merged, at=at, precondition=precondition)


def json_object_in(document: Document) -> dict[str, Any] | None:
    value = orjson.loads(bytes(document.content)) if is_json(document.content_type) else None
    return value if type(value) is dict else None


def write(
    place: Place,
    name: str,
    change: Callable[[Document | None], Sent],
    *,
    at: datetime,
    precondition: Precondition,
) -> None:
    """Writers of one document wait for each other, even while it is not there yet."""
    with transaction.atomic():
        hold(place, name)
        there = place.named(name).first()
        precondition.check(there)
        sent = change(there)
        document = there or Document(
            program_id=place.partner.program_id,
            partner=place.partner,
            kind=place.kind,
            place=place_of(place.activity, place.agent),
            registration=place.registration,
            name=name,
            name_hash=hash_of(name),
        )
        document.content_type, document.content, document.updated_at = sent.content_type, sent.content, at
        document.save()


def delete_documents(place: Place, name: str | None, *, precondition: Precondition) -> None:
    """Deletes the document of the name, or without a name all in this place. That there is none is no fault."""
    with transaction.atomic():
        if name is None:
            rows = place.documents()
            (rows.filter(registration=place.registration) if place.registration else rows).delete()
            return
        hold(place, name)
        precondition.check(place.named(name).first())
        place.named(name).delete()


def hold(place: Place, name: str) -> None:
    said = f"{place.partner.pk}\n{place.kind}\n{place.activity}\n{place.agent}\n{place.registration}\n{name}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(hash_of(said)[:8], signed=True)])
