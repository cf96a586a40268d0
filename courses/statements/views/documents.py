"""State, activity profile and agent profile resources: xAPI 1.0.3 Communication 2.2, 2.3, 2.6 and 2.7."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from courses.statements.door import Asked, View, json_response, resource
from courses.statements.models import Kind
from courses.statements.operations import Precondition, delete_documents, merge_document, put_document
from courses.statements.operations.documents import Place, Sent
from courses.statements.questions import agent_in, agent_object_in, iri_in, moment_in, refuse_unknown, registration_in
from courses.statements.refusals import RefusedError


@dataclass(frozen=True)
class Resource:
    """One of the three kinds of documents, and the parameters by which it is asked for."""

    kind: Kind
    name: str
    has_activity: bool = False
    has_agent: bool = False
    has_registration: bool = False

    @property
    def params(self) -> frozenset[str]:
        flags = {"activityId": self.has_activity, "agent": self.has_agent, "registration": self.has_registration}
        return frozenset({self.name, *(name for name, has in flags.items() if has)})

    def place(self, asked: Asked, *more: str) -> Place:
        """Where the documents belong that are asked for. Raises `RefusedError` for parameters that say no place."""
        refuse_unknown(asked.params, self.params | set(more))
        activity = iri_in(asked.params, "activityId") if self.has_activity else ""
        if activity is None:
            raise RefusedError("Say the activityId.")
        agent = ""
        if self.has_agent:
            agent_object_in(asked.params)
            agent = agent_in(asked.params) or ""
        registration = registration_in(asked.params) if self.has_registration else None
        return Place(asked.partner, self.kind, activity, agent, registration)

    def named(self, asked: Asked) -> str:
        if not (name := asked.params.get(self.name)):
            raise RefusedError(f"Say the {self.name}.")
        if "\0" in name:
            raise RefusedError("The character U+0000 cannot be kept.")
        return name

    def get(self, asked: Asked) -> HttpResponse:
        """One document by its name, whenever it changed: `since` chooses among several. Without a name, the names."""
        moment_in(asked.params, "since")
        if self.name not in asked.params:
            return self.names(asked)
        document = self.place(asked, "since").named(self.named(asked)).first()
        if document is None:
            raise RefusedError("There is no such document.", status=404)
        headers = {"ETag": document.etag, "Last-Modified": http_date(document.updated_at.timestamp())}
        return HttpResponse(bytes(document.content), content_type=document.content_type, headers=headers)

    def names(self, asked: Asked) -> HttpResponse:
        """The names of the documents there, or of those that changed after a moment."""
        place = self.place(asked, "since")
        rows = place.documents().order_by("updated_at", "pk")
        if place.registration:
            rows = rows.filter(registration=place.registration)
        if since := moment_in(asked.params, "since"):
            rows = rows.filter(updated_at__gt=since)
        changed = max((row.updated_at for row in rows.only("updated_at")), default=None)
        headers = {"Last-Modified": http_date(changed.timestamp())} if changed else {}
        return json_response(list(dict.fromkeys(rows.values_list("name", flat=True))), headers=headers)

    def put(self, asked: Asked) -> HttpResponse:
        told = self.kind != Kind.STATE or asked.edition == "2.0.0"
        put_document(
            self.place(asked),
            self.named(asked),
            sent(asked),
            at=timezone.now(),
            precondition=precondition(asked, must_be_told=told),
        )
        return HttpResponse(status=204)

    def post(self, asked: Asked) -> HttpResponse:
        merge_document(
            self.place(asked), self.named(asked), sent(asked), at=timezone.now(), precondition=precondition(asked)
        )
        return HttpResponse(status=204)

    def delete(self, asked: Asked) -> HttpResponse:
        if self.name not in asked.params and self.kind == Kind.STATE:
            delete_documents(self.place(asked), None, precondition=precondition(asked))
        else:
            delete_documents(self.place(asked), self.named(asked), precondition=precondition(asked))
        return HttpResponse(status=204)

    def view(self) -> View:
        return resource(GET=self.get, PUT=self.put, POST=self.post, DELETE=self.delete)


def sent(asked: Asked) -> Sent:
    content_type = asked.content_type or "application/octet-stream"
    if not content_type.isprintable():
        raise RefusedError("This is no content type.")
    return Sent(content_type, asked.body())


def precondition(asked: Asked, *, must_be_told: bool = False) -> Precondition:
    return Precondition(asked.headers.get("if-match", ""), asked.headers.get("if-none-match", ""), must_be_told)


state = Resource(Kind.STATE, "stateId", has_activity=True, has_agent=True, has_registration=True).view()
activity_profile = Resource(Kind.ACTIVITY, "profileId", has_activity=True).view()
agent_profile = Resource(Kind.AGENT, "profileId", has_agent=True).view()
