"""The door of the record store: who asks, in which version, by which method, and how every answer looks."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from programs.api.authentication import REFUSED, basic_password, bearer_secret, token_by_secret
from programs.models import ApiToken, Partner, Scope

from .checks import Edition, edition_of
from .refusals import RefusedError

VERSION = "X-Experience-API-Version"
CHALLENGE = 'Basic realm="Uplift", charset="UTF-8", Bearer realm="Uplift"'
# Headers that may stand in the form of an alternate request (xAPI 1.0.3 Communication 1.3).
IN_FORM = frozenset(
    {
        *("authorization", "x-experience-api-version", "content-type", "content-length", "if-match"),
        *("if-none-match", "accept", "accept-language", "accept-encoding"),
    }
)
FIELDS = 100  # of a form
BLOCK = 64 * 1024  # bytes that are read at a time where they are thrown away


@dataclass(frozen=True)
class Call:
    """What a client asks, however it was wrapped. Names of headers are in lower case."""

    method: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    request: HttpRequest
    content: bytes | None = None  # of an alternate request, which has been read already

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def body(self) -> bytes:
        return body_of(self.request) if self.content is None else self.content


@dataclass(frozen=True, kw_only=True)
class Asked(Call):
    """A call by the token of a partner that may make it."""

    token: ApiToken
    edition: Edition

    @property
    def partner(self) -> Partner:
        partner: Partner | None = self.token.partner
        assert partner, "only the token of a partner has the scopes of statements"
        return partner


Handler = Callable[[Asked], HttpResponse]
View = Callable[[HttpRequest], HttpResponse]


def resource(**handlers: Handler) -> View:
    """A view with a handler for each method, in capitals. GET serves HEAD too; whatever is not GET is a write."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        version = "1.0.3"
        try:
            call = call_of(request, handlers)
            version = edition_of(call.headers.get(VERSION.lower(), "")) or version
            response = handlers[call.method](admitted(call))
        except RefusedError as refusal:
            response = problem(refusal, handlers)
        read_rest(request)
        response.headers[VERSION] = version
        return without_content(response) if request.method == "HEAD" else response

    view.scopes = {method: scope_of(method) for method in handlers}  # type: ignore[attr-defined]  # read by a guard
    return view


def scope_of(method: str) -> str:
    return Scope.READ_STATEMENTS if method == "GET" else Scope.SEND_STATEMENTS


def call_of(request: HttpRequest, handlers: Collection[str]) -> Call:
    """Raises `RefusedError` (405) for a method that there is not, before anybody asks who asks."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    method = "GET" if request.method == "HEAD" else str(request.method)
    call = Call(method, single(request.GET.lists()), headers, request)
    is_alternate = method == "POST" and "method" in call.params
    if is_alternate and edition_of(headers.get(VERSION.lower(), "1.0.3")) != "2.0.0":
        call = unwrapped(call)
    if call.method not in handlers:
        raise RefusedError(f"{call.method} is no method of this resource.", status=405)
    return call


def single(lists: Iterable[tuple[str, Sequence[object]]]) -> dict[str, str]:
    """Each parameter once."""
    found = dict[str, str]()
    for name, values in lists:
        if len(values) != 1:
            raise RefusedError(f"The parameter {name[:80]} must be given once.")
        found[name] = str(values[0])
    return found


def unwrapped(call: Call) -> Call:
    """The request inside an alternate one: a form posted with `?method=` (xAPI 1.0.3 Communication 1.3)."""
    if len(call.params) != 1:
        raise RefusedError("An alternate request has no parameter in its address but “method”.")
    try:
        fields = parse_qsl(body_of(call.request).decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise RefusedError("An alternate request needs a form of some fields, in UTF-8.") from error
    form = single((name, [value for other, value in fields if other == name]) for name in dict(fields))
    headers = dict(call.headers) | {name.lower(): value for name, value in form.items() if name.lower() in IN_FORM}
    if "content-type" not in (name.lower() for name in form):
        headers["content-type"] = "application/json"
    params = {name: value for name, value in form.items() if name.lower() not in IN_FORM and name != "content"}
    method = call.params["method"].upper()
    if method in ("PUT", "POST") and "content" not in form:
        raise RefusedError("An alternate request that sends something has it in the field “content”.")
    return Call(method, params, headers, call.request, form.get("content", "").encode())


def admitted(call: Call) -> Asked:
    """The call with its token. Raises `RefusedError`: 401, 403, or 400 for a version that nothing here serves."""
    token = token_of(call.headers.get("authorization", ""))
    if not token.has_scopes((scope_of(call.method),)):
        raise RefusedError("This token may not do that. Ask for one with the scopes of xAPI statements.", status=403)
    edition = edition_of(call.headers.get(VERSION.lower(), ""))
    if edition is None:
        raise RefusedError(f"Say the version of xAPI in the header {VERSION}: 1.0.3 or 2.0.0.")
    return Asked(**vars(call), token=token, edition=edition)


def token_of(header: str) -> ApiToken:
    secret = bearer_secret(header)
    secret = basic_password(header) if secret is None else secret
    if secret is None:
        raise RefusedError("Send a token: as the password of Basic authentication, or as Bearer.", status=401)
    token = token_by_secret(secret)
    if token is None:
        raise RefusedError(REFUSED, status=401)
    return token


def body_of(request: HttpRequest) -> bytes:
    """What was sent, whole. Raises `RefusedError` (413) for too much, and for a connection that was cut."""
    most = settings.MAX_STATEMENTS_BYTES
    length = request.headers.get("content-length") or ""
    in_chunks = is_chunked(request)
    expected = int(length) if length.isascii() and length.isdigit() else 0
    if expected <= most:
        try:
            content: bytes = request.META["wsgi.input"].read(most + 1) if in_chunks else request.read(expected)
        except OSError as error:  # a chunk that never came
            raise RefusedError("The request ended too early.") from error
        if len(content) <= most:
            if not in_chunks and len(content) != expected:
                raise RefusedError("The request ended too early.")
            return content
    raise RefusedError(f"A request may have {most} bytes. Send fewer statements at a time.", status=413)


def is_chunked(request: HttpRequest) -> bool:
    """Whether what is sent says its length in pieces, and the server knows where it ends."""
    headers = request.headers
    ends = request.META.get("wsgi.input_terminated")
    return bool(ends and "transfer-encoding" in headers and not headers.get("content-length"))


def read_rest(request: HttpRequest) -> None:
    """Takes in what nobody has read, up to twice as much as a request may have.

    A server that answers and closes while the client still sends resets the connection, and the answer is lost.
    """
    source = request.META["wsgi.input"] if is_chunked(request) else request
    left = 2 * settings.MAX_STATEMENTS_BYTES
    try:
        while left > 0 and (block := source.read(min(left, BLOCK))):
            left -= len(block)
    except OSError:  # the client has gone
        return


def problem(refusal: RefusedError, handlers: Collection[str]) -> HttpResponse:
    """A problem document (RFC 9457)."""
    status = HTTPStatus(refusal.status)
    said = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": str(refusal)}
    response = HttpResponse(
        orjson.dumps(said), status=status, content_type="application/problem+json", headers=refusal.headers
    )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join([*handlers, *(["HEAD"] if "GET" in handlers else [])])
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def without_content(response: HttpResponse) -> HttpResponse:
    """The answer to HEAD: the headers of the one to GET, its length among them."""
    response.headers["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def json_response(value: object, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(orjson.dumps(value), content_type="application/json", headers=dict(headers or {}))
