"""What a ministry's machine reads: a program, and the published figures of its measures."""

import hashlib
import json
from typing import Any, cast

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from programs.api.base import ProgramApiView
from programs.api.problems import ProblemSerializer
from programs.models import ApiToken, MeasureVersion, Scope
from programs.models.program import names_in
from reporting.counting.models import counted_versions
from reporting.exports import examples
from reporting.exports.documents import NOT_FOR_PUBLICATION, figures_document, program_document
from reporting.exports.figures_csv import FiguresCsvRenderer
from reporting.exports.serializers import FiguresQuery, FiguresSerializer, ProgramSerializer

PROBLEMS = {
    (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, description)
    for status, description in {
        400: "A query parameter is wrong or unknown",
        401: "No token, or one that is unknown, revoked or expired",
        403: "The token lacks the scope",
        404: "Not of this token's program, or no such measure",
        406: "The Accept header asks for something else than JSON or CSV",
        429: "Too many requests with this token: wait as long as Retry-After says",
    }.items()
}


class ProgramDetail(ProgramApiView):
    """The program: its disclosure rule, its measures with their definitions, its targets with their sources."""

    scopes = (Scope.FIGURES,)
    renderer_classes = (JSONRenderer,)

    @extend_schema(
        operation_id="program", tags=["figures"], responses={200: ProgramSerializer, **PROBLEMS}, summary="The program"
    )
    def get(self, request: Request, program: str) -> HttpResponseBase:
        refuse_unknown(request, known=["format"])
        with names_in(self.language):
            data = dict(ProgramSerializer(program_document(self.program)).data)
        return conditional(request, data)


class MeasureFigures(ProgramApiView):
    """The published figures of a measure's newest version, as JSON or CSV with the same rows.

    It is one document of one publication, so that its figures belong together; that is why it has no pages. Ask
    for single tables with `table`, and send the ETag back in If-None-Match to learn whether anything is new.
    """

    scopes = (Scope.FIGURES,)
    renderer_classes = (JSONRenderer, FiguresCsvRenderer)

    @extend_schema(
        operation_id="figures",
        tags=["figures"],
        summary="The figures of a measure",
        parameters=[FiguresQuery],
        responses={
            (200, "application/json"): FiguresSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            **PROBLEMS,
        },
        examples=examples.FIGURES,
    )
    def get(self, request: Request, program: str, measure: str) -> HttpResponseBase:
        version = get_object_or_404(counted_versions(self.program), measure__code=measure)
        tables = tables_asked(request)
        with names_in(self.language):
            response = conditional(request, figures_data(self.token, version, tables=tables))
        if request.accepted_renderer.format == "csv":
            response.headers["Content-Disposition"] = f'attachment; filename="{program}-{measure}-figures.csv"'
        return response


def figures_data(token: ApiToken, version: MeasureVersion, *, tables: list[str]) -> dict[str, Any]:
    """The document's fields; `exact` and its mark only for a token that may see them."""
    document = figures_document(token.program, version, tables=tables, with_exact=token.sees_exact)
    data = dict(FiguresSerializer(document).data)
    return data | {"exact_is": NOT_FOR_PUBLICATION} if token.sees_exact else data


def tables_asked(request: Request) -> list[str]:
    refuse_unknown(request, known=list(FiguresQuery().fields))
    query = FiguresQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    return sorted(query.validated_data.get("table", []))


def refuse_unknown(request: Request, *, known: list[str]) -> None:
    """A misspelt parameter would silently give other figures than were asked for."""
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise ValidationError({name: [f"is no parameter here. There are: {', '.join(known)}."] for name in unknown})


def conditional(request: Request, data: dict[str, Any]) -> HttpResponseBase:
    """The data with an ETag; 304 without a body when the client has it already."""
    content = json.dumps([request.accepted_renderer.format, data], cls=JSONEncoder).encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = Response(data, headers={"ETag": etag})
    return cast(HttpResponseBase, get_conditional_response(request._request, etag=etag, response=response))
