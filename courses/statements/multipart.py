"""Statements with the bytes of their attachments in one message: multipart/mixed (RFC 2046, xAPI 1.0.3 Comm. 1.5.2)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from email.message import Message
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from .checks import SIGNATURE
from .refusals import RefusedError

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]").fullmatch
ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}  # by the number of hexadecimal digits
MOST_PARTS = 1000


class Part(NamedTuple):
    headers: Mapping[str, str]  # names in lower case
    content: bytes


def parts_of(content: bytes, content_type: str) -> list[Part]:
    """The parts between the boundaries. Raises `RefusedError` for a message that is not made of whole parts."""
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_boundary()
    if not boundary or not _BOUNDARY(boundary):
        raise RefusedError("multipart/mixed needs a boundary in its Content-Type.")
    pieces = (b"\r\n" + content).split(b"\r\n--" + boundary.encode("ascii"), MOST_PARTS + 2)
    ends = [place for place, piece in enumerate(pieces) if place and piece.startswith(b"--")]
    if not ends or ends[0] < 2:
        raise RefusedError("There is no whole part between the boundaries.")
    return [part_in(piece) for piece in pieces[1 : ends[0]]]


def part_in(piece: bytes) -> Part:
    line, found, rest = piece.partition(b"\r\n")
    if not found or line.strip(b" \t"):
        raise RefusedError("A boundary must stand alone in its line.")
    head, found, content = rest.partition(b"\r\n\r\n")
    if not found:
        raise RefusedError("A part needs headers, an empty line and a content.")
    lines = [line.decode("latin-1").partition(":") for line in head.split(b"\r\n")]
    return Part({name.strip().lower(): value.strip() for name, _, value in lines}, content)


def statements_and_attachments(content: bytes, content_type: str) -> tuple[bytes, dict[str, bytes]]:
    """The JSON of the statements, which is the first part, and the bytes of the others by their hash."""
    first, *others = parts_of(content, content_type)
    if media_type(first.headers.get("content-type", "")) != "application/json":
        raise RefusedError("The first part must be the statements, as application/json.")
    return first.content, dict(attachment_in(part) for part in others)


def attachment_in(part: Part) -> tuple[str, bytes]:
    sha2 = part.headers.get("x-experience-api-hash", "").lower()
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise RefusedError("The part of an attachment needs “Content-Transfer-Encoding: binary”.")
    if sha2 != digest(part.content, len(sha2)):
        raise RefusedError("The X-Experience-API-Hash of a part is not the SHA-2 of its content.")
    return sha2, part.content


def digest(content: bytes, digits: int) -> str | None:
    """The SHA-2 that has so many hexadecimal digits; None if none has."""
    name = ALGORITHMS.get(digits)
    return hashlib.new(name, content).hexdigest() if name else None


def media_type(content_type: str) -> str:
    return content_type.split(";")[0].strip().lower()


def check_attachments(statements: Iterable[dict[str, Any]], sent: Mapping[str, bytes]) -> None:
    """Raises `RefusedError` unless each attachment has its bytes or an address, and all bytes belong to one."""
    named, needed = set[str](), set[str]()
    for row in attachments_in(statements):
        named.add(row["sha2"].lower())
        if "fileUrl" not in row or row["usageType"] == SIGNATURE:
            needed.add(row["sha2"].lower())
    if needed - sent.keys():
        raise RefusedError("An attachment has neither a fileUrl nor a part with its X-Experience-API-Hash.")
    if sent.keys() - named:
        raise RefusedError("A part is no attachment of a statement.")


def attachments_in(statements: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Those of the statements and of their sub-statements."""
    for statement in statements:
        yield from statement.get("attachments", ())
        if statement["object"].get("objectType") == "SubStatement":
            yield from statement["object"].get("attachments", ())


def message_of(answer: object, attachments: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """An answer with its attachments (type and bytes by hash) as one message, and the message's content type."""
    boundary = f"uplift-{uuid4().hex}"
    lines = [part(boundary, {"Content-Type": "application/json"}, orjson.dumps(answer))]
    for sha2, (kind, content) in attachments.items():
        headers = {"Content-Type": kind, "Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": sha2}
        lines.append(part(boundary, headers, content))
    return b"".join([*lines, f"--{boundary}--\r\n".encode()]), f"multipart/mixed; boundary={boundary}"


def part(boundary: str, headers: Mapping[str, str], content: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"--{boundary}\r\n{head}\r\n".encode() + content + b"\r\n"
