"""The files of packages as a browser gets them: whole or in stretches, straight from the database."""

import gzip
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from courses.catalogue.models import CourseFile
from courses.catalogue.models.file import stretch
from courses.catalogue.ranges import asked_range

PIECE = 1_048_576  # bytes that are read from the database at a time
# Browsers show none of these within a sandbox.
DOWNLOADED = (".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".odt", ".ods", ".odp", ".zip", ".csv")
PACKED_WELL = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")
LEAST_PACKED = 1_000  # bytes; of less, nothing is saved
FILE_BASE = "$IMS-CC-FILEBASE$/"
CACHED = "private, max-age=3600"


def served_file(request: HttpRequest, version_id: int, path: str) -> HttpResponseBase:
    """A file of `package/` in the version. Raises Http404 for any other."""
    file = file_at(version_id, path)
    etag = f'"{file.blob.sha256}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = answer(request, file, etag)
    response.headers["Cache-Control"] = CACHED
    response.headers.setdefault("ETag", etag)
    if path.lower().endswith(DOWNLOADED):
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(path.rpartition('/')[2])}"
    return response


def file_at(version_id: int, path: str) -> CourseFile:
    """The file; a path through a cartridge's file base (`$IMS-CC-FILEBASE$`) leads to where such files lie."""
    if "\0" in path:
        raise Http404
    path = unicodedata.normalize("NFC", path)  # as archives are read
    paths = [path]
    if FILE_BASE in path:
        rest = path.rpartition(FILE_BASE)[2].removeprefix("../")
        paths = [f"web_resources/{rest}", rest]
    wanted = [f"package/{one}" for one in paths]
    files = CourseFile.objects.filter(version=version_id, path__in=wanted).select_related("blob").defer("blob__data")
    found = {file.path: file for file in files}
    for one in wanted:
        if one in found:
            return found[one]
    raise Http404


def answer(request: HttpRequest, file: CourseFile, etag: str) -> HttpResponseBase:
    """The whole file or the stretch that is asked for; texts are packed for who takes them so."""
    size, media_type = file.blob.size, file.media_type
    asked = asked_range(request.headers.get("Range", ""), size) if may_be_part(request, etag) else None
    if asked == (0, 0):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if asked is None and is_packed(request, size, media_type):
        return packed(request, file, etag)
    start, end = asked or (0, size)
    response = body(file.blob_id, start, end, is_whole=request.method == "GET")
    response.headers["Content-Type"] = media_type
    response.headers["Content-Length"] = str(end - start)
    response.headers["Accept-Ranges"] = "bytes"
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def may_be_part(request: HttpRequest, etag: str) -> bool:
    """Whether a part of the file is of use: not where the browser has the rest of another one (If-Range)."""
    return (request.headers.get("If-Range") or etag) == etag


def is_packed(request: HttpRequest, size: int, media_type: str) -> bool:
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    return takes and media_type.startswith(PACKED_WELL) and LEAST_PACKED <= size <= PIECE


def packed(request: HttpRequest, file: CourseFile, etag: str) -> HttpResponse:
    """Course files are the same for everybody, so that packing tells nobody anything (unlike a page with secrets)."""
    content = gzip.compress(b"".join(pieces(file.blob_id, 0, file.blob.size)), 6, mtime=0)
    response = HttpResponse(content if request.method == "GET" else b"", content_type=file.media_type)
    said = {"Content-Encoding": "gzip", "Content-Length": str(len(content)), "Vary": "Accept-Encoding"}
    for name, value in (said | {"ETag": f"W/{etag}"}).items():
        response.headers[name] = value
    return response


def body(blob_id: int, start: int, end: int, *, is_whole: bool) -> HttpResponseBase:
    if not is_whole:
        return HttpResponse()
    if end - start <= PIECE:
        return HttpResponse(b"".join(pieces(blob_id, start, end)))
    return StreamingHttpResponse(pieces(blob_id, start, end))


def pieces(blob_id: int, start: int, end: int) -> Iterator[bytes]:
    for place in range(start, end, PIECE):
        yield stretch(blob_id, place, min(PIECE, end - place))
