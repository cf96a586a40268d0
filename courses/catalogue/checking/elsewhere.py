"""Links that lead out of a course: whether they still lead somewhere. Only looked at when it is asked for."""

import ipaddress
import socket
from collections.abc import Iterator
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from courses.catalogue.checking.plain import Remark, path_in
from courses.catalogue.folders import CourseText
from courses.catalogue.rendering import addresses

SECONDS = 10.0
GONE = (404, 410)
NAME = "Uplift check_course"


class PrivateAddressError(Exception):
    """The name leads into a network that is not the internet."""


def elsewhere_remarks(course: CourseText) -> list[Remark]:
    """Asks every address that lessons lead to, each once. Takes up to `SECONDS` for each that does not answer."""
    answers: dict[str, str] = {}
    found = []
    for file, line, address in links(course):
        if address not in answers:
            answers[address] = fault_of(address)
        if answers[address]:
            found.append(Remark(file, f"{address} {answers[address]}", line))
    return found


def links(course: CourseText) -> Iterator[tuple[str, int, str]]:
    for lesson in course.lessons:
        for language, words in lesson.words.items():
            for line, address, _is_picture in addresses(words.markdown):
                if address.startswith(("http://", "https://")):
                    yield path_in(language, course, lesson.file), words.first_line + line - 1, address


def fault_of(address: str) -> str:
    """What is wrong with the address, as the end of a sentence; empty for one that answers."""
    try:
        refuse_private(address)
        request = Request(address, method="HEAD", headers={"User-Agent": NAME})  # noqa: S310 - http and https only
        with build_opener(PublicRedirects()).open(request, timeout=SECONDS):
            return ""
    except PrivateAddressError as refusal:
        return str(refusal)
    except HTTPError as answer:
        return f"answers {answer.code}: there is no such page" if answer.code in GONE else ""
    except (URLError, HTTPException, OSError, ValueError) as error:
        return f"cannot be reached: {getattr(error, 'reason', error)}"


class PublicRedirects(HTTPRedirectHandler):
    """Follows an answer to another place only if that, too, is on the internet."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        refuse_private(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def refuse_private(address: str) -> None:
    """Raises `PrivateAddressError` for a name with any address that is not public, and for another scheme."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PrivateAddressError("is no web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for *_kind, place in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(str(place[0]).split("%")[0]).is_global:
            raise PrivateAddressError("leads into a private network")
