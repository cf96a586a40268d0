"""Pictures, videos and downloads of courses."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from courses.catalogue.models.file import StoredFile, stored_file, stretch
from courses.catalogue.ranges import asked_range

BLOCK = 256 * 1024
# Nothing that a picture or document may hold can run, reach anything or be mistaken for a page of ours.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"


@require_safe
def course_file(request: HttpRequest, program: str, sha256: str, name: str) -> HttpResponseBase:
    """A file of a published course by the SHA-256 of its bytes, whole or the range that is asked for.

    No role is asked for: the address cannot be guessed, only learned from a page of the course, and it never means
    anything else, so that browsers keep it and nothing is read twice. Files of packages: courses.packages alone.
    """
    found = stored_file(program, sha256)
    if found is None:
        raise Http404
    response = whole_or_range(request, found)
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["ETag"] = f'"{sha256}"'
    if found.path.startswith("files/") or "/files/" in found.path:
        response["Content-Disposition"] = "attachment"
    return response


def whole_or_range(request: HttpRequest, found: StoredFile) -> HttpResponseBase:
    """The bytes that were asked for (RFC 9110, section 14): one range at most, else all of them."""
    if request.headers.get("If-None-Match") == f'"{found.sha256}"':
        return HttpResponse(status=304)
    span = asked_range(request.headers.get("Range", ""), found.size)
    if span == (0, 0):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    first, end = span or (0, found.size)
    body = b"" if request.method == "HEAD" else blocks(found.blob_id, first, end)
    response = StreamingHttpResponse(body, status=206 if span else 200, content_type=content_type(found.media_type))
    response["Content-Length"] = str(end - first)
    response["Accept-Ranges"] = "bytes"
    if span:
        response["Content-Range"] = f"bytes {first}-{end - 1}/{found.size}"
    return response


def content_type(media_type: str) -> str:
    is_text = media_type.startswith("text/") or media_type == "image/svg+xml"
    return f"{media_type}; charset=utf-8" if is_text else media_type


def blocks(blob_id: int, first: int, end: int) -> Iterator[bytes]:
    for start in range(first, end, BLOCK):
        yield stretch(blob_id, start, min(BLOCK, end - start))
