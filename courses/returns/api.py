"""The door for partners' machines: send a return, ask how it ended, fetch the rows that were not taken."""

import tempfile
from collections.abc import Iterator
from hashlib import sha256
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from programs.api.base import PartnerApiView
from programs.api.problems import ProblemSerializer
from programs.models import Scope

from .models import Return, ReturnProfile
from .operations import receive_return, too_large
from .rejected import rejected_csv, rejected_name
from .serializers import ReturnSerializer

PIECE = 256 * 1024  # bytes that are read of a request at a time
ON_A_PAGE = 50
LONGEST_KEY = 255
CUT_OFF = "The file was cut off on its way. Send it again with the same Idempotency-Key."
PROBLEMS = {
    (code, "application/problem+json"): OpenApiResponse(ProblemSerializer, description)
    for code, description in {
        400: "A parameter or header is wrong, or the file was cut off on its way",
        401: "No token, or one that is unknown, revoked or expired",
        403: "The token may not send returns",
        404: "Not of this token's program and partner",
        413: "The file is too large",
        422: "The idempotency key was used for another file",
        429: "Too many requests with this token: wait as long as Retry-After says",
    }.items()
}
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="Any text of your own, another one for each file. The same file sent again with it is one return.",
)  # fmt: skip


class TooLargeError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class OtherFileError(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another file. Choose another key for each file."


class CsvRenderer(BaseRenderer):
    """Says that an answer is CSV. What is rendered by it is text already: the rows themselves are streamed."""

    media_type, format = "text/csv", "csv"

    def render(self, data: Any, media_type: str | None = None, context: Any = None) -> bytes:  # noqa: ANN401
        return str(data).encode()


class Returns(PartnerApiView):
    """The partner's returns."""

    scopes = (Scope.SEND_RETURNS,)
    renderer_classes = (JSONRenderer,)
    http_method_names = ["get", "head", "post"]

    @extend_schema(
        operation_id="returns", tags=["returns"], summary="Returns sent so far, the newest first",
        parameters=[OpenApiParameter("before", int, description="the id of the last return of the page before")],
        responses={200: ReturnSerializer(many=True), **PROBLEMS},
    )  # fmt: skip
    def get(self, request: Request, program: str) -> Response:
        rows = Return.objects.of(self.program).filter(partner=self.partner)
        if before := request.query_params.get("before"):
            if not (before.isascii() and before.isdecimal() and len(before) < 19):
                raise ValidationError({"before": ["is no id of a return."]})
            rows = rows.filter(pk__lt=int(before))
        return Response(ReturnSerializer(rows[:ON_A_PAGE], many=True, context={"request": request}).data)

    @extend_schema(
        operation_id="send-return", tags=["returns"], summary="Send a file",
        parameters=[
            KEY,
            OpenApiParameter("profile", str, required=True, description="code of the return profile"),
            OpenApiParameter("file_name", str, description="how the file is called on the pages"),
            OpenApiParameter("dry_run", bool, description="judge every row and change nothing"),
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: ReturnSerializer, 200: ReturnSerializer, **PROBLEMS},
    )  # fmt: skip
    def post(self, request: Request, program: str) -> Response:
        """The body is the file itself: CSV, XLSX, JSON Lines or Parquet, packed by gzip or not.

        202: it is kept and will be loaded; ask its address how it ends. 200: the same file with the same key is known.
        """
        given = self._given(request)
        with tempfile.TemporaryFile() as file:
            checksum = _spooled(request, file)
            try:
                with transaction.atomic():
                    kept = receive_return(
                        self.program, self.partner, given.pop("profile"), content=_pieces(file), received_by=None,
                        received_at=timezone.now(), **given,
                    )  # fmt: skip
            except IntegrityError:
                return self._answer(request, self._known(given["key"], checksum), status.HTTP_200_OK)
        return self._answer(request, kept, status.HTTP_202_ACCEPTED)

    def _given(self, request: Request) -> dict[str, Any]:
        """The parameters of a file to receive. Raises `ValidationError`."""
        key = request.headers.get("Idempotency-Key", "").strip()
        profiles = ReturnProfile.objects.of_files(self.program)
        profile = profiles.filter(code=request.query_params.get("profile", "")).first()
        known = ", ".join(profiles.values_list("code", flat=True))
        dry_run = request.query_params.get("dry_run", "false")
        faults = {
            "Idempotency-Key": "" if 0 < len(key) <= LONGEST_KEY else f"is a header of 1 to {LONGEST_KEY} characters.",
            "profile": "" if profile else f"must be one of: {known}.",
            "dry_run": "" if dry_run in ("true", "false") else "must be true or false.",
        }
        if wrong := {name: [fault] for name, fault in faults.items() if fault}:
            raise ValidationError(wrong)
        name = request.query_params.get("file_name", "") or f"{key[:100]}"
        return {"key": key, "profile": profile, "is_trial": dry_run == "true", "file_name": name}

    def _known(self, key: str, checksum: str) -> Return:
        """What was sent with this key before. Raises `OtherFileError` if it was something else."""
        known = Return.objects.of(self.program).get(partner=self.partner, received_key=key)
        if known.checksum != checksum:
            raise OtherFileError
        return known

    def _answer(self, request: Request, shown: Return, code: int) -> Response:
        data = ReturnSerializer(shown, context={"request": request}).data
        address = reverse("api-return", args=[self.program.code, shown.pk], request=request)
        return Response(data, code, headers={"Location": address})


def _spooled(request: Request, file: IO[bytes]) -> str:
    """Writes the body into the file and answers its SHA-256; no transaction waits for a slow sender.

    Raises `ParseError` if the connection was cut before the end, `TooLargeError` for more than is taken.
    """
    checksum, read = sha256(), 0
    try:
        while piece := request._request.read(PIECE):
            read += len(piece)
            if read > settings.MAX_RETURN_BYTES:
                raise TooLargeError(too_large(read))
            checksum.update(piece)
            file.write(piece)
    except (UnreadablePostError, OSError) as error:
        raise ParseError(CUT_OFF) from error
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != read:
        raise ParseError(CUT_OFF)
    return checksum.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


class ReturnDetail(PartnerApiView):
    """How one return ended, or how far it is."""

    scopes = (Scope.SEND_RETURNS,)
    renderer_classes = (JSONRenderer,)

    @extend_schema(
        operation_id="return", tags=["returns"], summary="One return", responses={200: ReturnSerializer, **PROBLEMS}
    )
    def get(self, request: Request, program: str, pk: int) -> Response:
        shown = get_object_or_404(Return.objects.of(self.program), partner=self.partner, pk=pk)
        return Response(ReturnSerializer(shown, context={"request": request}).data)


class RejectedRows(PartnerApiView):
    """The rows of a return that are in quarantine."""

    scopes = (Scope.SEND_RETURNS,)
    renderer_classes = (CsvRenderer,)

    @extend_schema(
        operation_id="rejected-rows", tags=["returns"], summary="Rows in quarantine, with the reasons, to mend",
        responses={(200, "text/csv"): OpenApiTypes.STR, **PROBLEMS},
    )  # fmt: skip
    def get(self, request: Request, program: str, pk: int) -> HttpResponseBase:
        shown = get_object_or_404(Return.objects.of(self.program), partner=self.partner, pk=pk)
        return StreamingHttpResponse(
            rejected_csv(shown),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{rejected_name(shown)}"'},
        )
