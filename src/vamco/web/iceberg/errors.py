"""Errors in the shape that Iceberg's REST protocol knows."""

from http import HTTPStatus
from typing import Final

from django.http import JsonResponse

from vamco.vocabulary.errors import VamcoError
from vamco.web.language import language_now

ICEBERG_DOOR: Final = "/iceberg/"
_TYPES: Final = {
    HTTPStatus.BAD_REQUEST: "BadRequestException",
    HTTPStatus.UNAUTHORIZED: "NotAuthorizedException",
    HTTPStatus.FORBIDDEN: "ForbiddenException",
    HTTPStatus.NOT_FOUND: "NotFoundException",
    HTTPStatus.METHOD_NOT_ALLOWED: "UnsupportedOperationException",
    HTTPStatus.INTERNAL_SERVER_ERROR: "InternalServerError",
}


def iceberg_error(error: VamcoError, status: int | None = None, type_: str | None = None) -> JsonResponse:
    """The error as an IcebergErrorResponse; its `message` says what happened and what to do."""
    code = status or error.http_status
    said = filter(None, error.say(language_now()).values())
    kind = type_ or _TYPES.get(HTTPStatus(code), "BadRequestException")
    return JsonResponse({"error": {"message": " ".join(said), "type": kind, "code": code}}, status=code)
