"""One error shape, drawn as a page for people and as JSON for programs."""

import re
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused, VamcoError
from vamco.vocabulary.messages import catalogue
from vamco.web.callers import is_for_machines
from vamco.web.iceberg.errors import ICEBERG_DOOR, iceberg_error
from vamco.web.language import language_now
from vamco.web.wall.keys import is_for_screens


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is for a program."""
    if is_for_machines(request):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def say_error(request: HttpRequest, error: VamcoError, status: int | None = None) -> HttpResponse:
    """The error with its HTTP status, in the reader's language."""
    code = status or error.http_status
    if request.path.startswith(ICEBERG_DOOR):
        response: HttpResponse = iceberg_error(error, code)
    elif wants_json(request):
        response = JsonResponse(
            error.as_dict(language_now()), status=code, json_dumps_params={"ensure_ascii": False}
        )
    else:
        said = {
            "error": _on_a_page(error).say(language_now()),
            "status": code,
            "candidates": error.details.get("candidates", ()),
        }
        response = render(request, "shell/error.html", said, status=code)
    if code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _on_a_page(error: VamcoError) -> VamcoError:
    """The error for people: a permission by what it is good for, where a page can ask for it."""
    if error.key != "accounts.forbidden":
        return error
    deed = catalogue("web").get(f"deed_{re.sub('[.-]', '_', error.details['permission'])}")
    return Forbidden("web.forbidden", actor=error.details["actor"], deed=deed) if deed else error


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page for people, the door of screens for the wall, a refusal for programs."""
    if wants_json(request):
        return say_error(request, Forbidden("web.not_signed_in"), status=HTTPStatus.UNAUTHORIZED)
    if is_for_screens(request):
        return render(request, "wall/open.html", status=HTTPStatus.UNAUTHORIZED)
    return redirect_to_login(request.get_full_path(), reverse("sign-in"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """No page lives at that address."""
    return say_error(request, NotFound("web.no_page", address=request.path))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django itself refused the request."""
    return say_error(request, Forbidden("web.denied"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request is malformed; it may be so broken that nobody was behind it yet."""
    is_elsewhere = isinstance(exception, DisallowedHost)
    error = Misused("web.other_host" if is_elsewhere else "web.bad_request")
    if wants_json(request) or hasattr(request, "user"):
        return say_error(request, error)
    return _bare_page(error, HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest, *_: Any) -> HttpResponse:
    """A fault of ours: said plainly, in the same shape."""
    error = Refused("web.our_fault")
    if wants_json(request):
        return say_error(request, error, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    return _bare_page(error, HTTPStatus.INTERNAL_SERVER_ERROR)


def _bare_page(error: VamcoError, status: HTTPStatus) -> HttpResponse:
    """A page that needs neither the database nor a reader."""
    said = {"error": error.say(language_now()), "language": language_now()}
    return HttpResponse(render_to_string("shell/fault.html", said), status=status)
