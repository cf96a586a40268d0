"""The door for partners' machines: send a return, ask how it ended, fetch the rows that were not taken."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import psycopg
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from programs.api.base import PartnerApiView
from programs.api.problems import ProblemSerializer
from programs.models import Scope

from .bodies import PIECE, spooled
from .models import Return, ReturnProfile
from .operations import receive_return
from .rejected import rejected_csv, rejected_name
from .serializers import ReturnSerializer

ON_A_PAGE = 50
LONGEST_KEY = 255
KEY_IS_ONCE = "return_key_is_once_a_partner"
PROBLEMS = {
    (code, "application/problem+json"): OpenApiResponse(ProblemSerializer, description)
    for code, description in {
        400: "A parameter or header is wrong, or the file is empty or was cut off on its way",
        401: "No token, or one that is unknown, revoked or expired",
        403: "The token may not send returns",
        404: "Not of this token's program and partner",
        411: "The server needs to know the length of the file beforehand",
        413: "The file is too large",
        415: "The body is a form and not the file itself",
        422: "The idempotency key was used for another file, another profile, or for a dry run of it",
        429: "Too many requests with this token: wait as long as Retry-After says",
    }.items()
}
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
    description="Any text of your own, another one for each file. The same file sent again with it is one return.",
)  # fmt: skip


class OtherReturnError(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


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

        202: it is kept and will be loaded; ask its address how it ends. 200: the same file was sent with the same key,
        for the same profile and as the same kind, a dry run or not.
        """
        given = self._given(request)
        profile = given.pop("profile")
        with tempfile.TemporaryFile() as file:
            checksum = spooled(request._request, file)
            try:
                with transaction.atomic():
                    kept = receive_return(
                        self.program, self.partner, profile, content=_pieces(file), received_by=None,
                        received_at=timezone.now(), **given,
                    )  # fmt: skip
            except IntegrityError as error:
                known = self._known(error, checksum, profile, key=given["key"], is_trial=given["is_trial"])
                return self._answer(request, known, status.HTTP_200_OK)
        return self._answer(request, kept, status.HTTP_202_ACCEPTED)

    def _given(self, request: Request) -> dict[str, Any]:
        """The parameters of a file to receive. Raises `ValidationError`."""
        key = request.headers.get("Idempotency-Key", "").strip()
        is_key = 0 < len(key) <= LONGEST_KEY and key.isprintable()
        profiles = {profile.code: profile for profile in ReturnProfile.objects.of_files(self.program)}
        profile = profiles.get(request.query_params.get("profile", ""))
        dry_run = request.query_params.get("dry_run", "false")
        faults = {
            "Idempotency-Key": "" if is_key else f"is a header of 1 to {LONGEST_KEY} characters.",
            "profile": "" if profile else f"must be one of: {', '.join(profiles)}.",
            "dry_run": "" if dry_run in ("true", "false") else "must be true or false.",
        }
        if wrong := {name: [fault] for name, fault in faults.items() if fault}:
            raise ValidationError(wrong)
        name = request.query_params.get("file_name", "") or f"{key[:100]}"
        return {"key": key, "profile": profile, "is_trial": dry_run == "true", "file_name": name}

    def _known(
        self, error: IntegrityError, checksum: str, profile: ReturnProfile, *, key: str, is_trial: bool
    ) -> Return:
        """What was sent with this key before. Raises `OtherReturnError` if it was something else, saying what."""
        cause = error.__cause__
        if not isinstance(cause, psycopg.Error) or cause.diag.constraint_name != KEY_IS_ONCE:
            raise error
        known = Return.objects.of(self.program).get(partner=self.partner, received_key=key)
        if other := _other(known, checksum, profile, is_trial=is_trial):
            raise OtherReturnError(f"This Idempotency-Key was used {other}. Choose another key.")
        return known

    def _answer(self, request: Request, shown: Return, code: int) -> Response:
        data = ReturnSerializer(shown, context={"request": request}).data
        address = reverse("api-return", args=[self.program.code, shown.pk], request=request)
        return Response(data, code, headers={"Location": address})


def _other(known: Return, checksum: str, profile: ReturnProfile, *, is_trial: bool) -> str:
    """For what else its key was used; empty if for the same."""
    if known.checksum != checksum:
        return "for another file"
    if known.profile_id != profile.pk:
        return f"for this file with the profile {known.profile.code}"
    if known.is_trial != is_trial:
        return "for a dry run of this file" if known.is_trial else "to send this file in earnest"
    return ""


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
