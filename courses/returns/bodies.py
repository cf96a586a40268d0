"""The body of a request that is a file: read to its end, whoever says where that is, or refused."""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError

from .operations import too_large

PIECE = 256 * 1024  # bytes that are read at a time
CUT_OFF = "The file was cut off on its way. Send it again with the same Idempotency-Key."
EMPTY = "The file is empty: the body of the request has no bytes. Send the file itself as the body."


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class LengthRequiredError(APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = "Say with Content-Length how long the file is: this server takes no bodies in chunks."


class FormError(APIException):
    status_code = status.HTTP_415_UNSUPPORTED_MEDIA_TYPE
    default_detail = "This is a form. Send the file itself as the body: with curl, --data-binary @file, not -F."


def spooled(request: HttpRequest, file: IO[bytes]) -> str:
    """Writes the body into the file and answers its SHA-256; no transaction waits for a slow sender.

    The body has a length, or comes in chunks (RFC 9112, 7.1) if the server takes them to pieces and knows their end.
    Raises `ParseError` for an empty body and if the connection was cut before the end, `TooLargeError` for more than is
    taken, `LengthRequiredError` for chunks that the server hands on as they are, `FormError` for a form with a file.
    """
    if (request.content_type or "").startswith("multipart/"):
        raise FormError
    checksum, read = sha256(), 0
    for piece in _pieces(_body(request)):
        read += len(piece)
        if read > settings.MAX_RETURN_BYTES:
            raise TooLargeError(too_large(read))
        checksum.update(piece)
        file.write(piece)
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != read:
        raise ParseError(CUT_OFF)
    if not read:
        raise ParseError(EMPTY)
    return checksum.hexdigest()


def _pieces(body: HttpRequest | IO[bytes]) -> Iterator[bytes]:
    while True:
        try:
            piece = body.read(PIECE)
        except Exception as error:  # each server has errors of its own for chunks that break off
            raise ParseError(CUT_OFF) from error
        if not piece:
            return
        yield piece


def _body(request: HttpRequest) -> HttpRequest | IO[bytes]:
    """What to read. Django reads as much as Content-Length says, which is nothing of a body in chunks."""
    if "Transfer-Encoding" not in request.headers:
        return request
    if isinstance(request, WSGIRequest) and request.environ.get("wsgi.input_terminated"):
        body: IO[bytes] = request.environ["wsgi.input"]
        return body
    raise LengthRequiredError
