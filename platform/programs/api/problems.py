"""Every refusal of the API is a problem document (RFC 9457): status, title and what to do."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

NOT_HERE = "There is nothing here for this token. A token opens one program; check the address and the program's code."
NO_TOKEN = "Send a token of the program: Authorization: Bearer uplift_…"  # noqa: S105 - a text


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"
    format = "problem"


class InvalidParameterSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="the query parameter")
    reason = serializers.CharField(help_text="what is wrong with it")


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="always about:blank: the status says which kind of problem it is")
    title = serializers.CharField(help_text="the HTTP status in words")
    status = serializers.IntegerField(help_text="the HTTP status")
    detail = serializers.CharField(help_text="what is wrong and what to do")
    invalid_params = InvalidParameterSerializer(many=True, required=False)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer to the error, in the form of a problem document; None (a 500) for anything unforeseen."""
    response = exception_handler(error, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail_of(error),
    }
    if isinstance(error, exceptions.ValidationError):
        problem["invalid_params"] = invalid_params(error)
    response.data = problem
    return response


def detail_of(error: Exception) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return NO_TOKEN
    if isinstance(error, exceptions.ValidationError):
        return " ".join(f"{row['name']}: {row['reason']}" for row in invalid_params(error))
    if isinstance(error, Http404 | exceptions.NotFound):
        return NOT_HERE
    if isinstance(error, PermissionDenied):
        return "This token may not do that."
    return str(error.detail) if isinstance(error, exceptions.APIException) else str(error)


def invalid_params(error: exceptions.ValidationError) -> list[dict[str, str]]:
    """One row a parameter, in the order of the serializer's fields."""
    detail = error.detail if isinstance(error.detail, dict) else {"query": error.detail}
    return [{"name": str(name), "reason": " ".join(sentences(reasons))} for name, reasons in detail.items()]


def sentences(reasons: Any) -> Iterator[str]:  # noqa: ANN401 - DRF nests lists and dicts of texts
    """The texts in the order in which DRF gives them, each once."""
    if isinstance(reasons, dict | list):
        nested = reasons.values() if isinstance(reasons, dict) else reasons
        yield from dict.fromkeys(text for part in nested for text in sentences(part))
    else:
        yield str(reasons)
