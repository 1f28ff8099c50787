"""What stands before every page and API call: headers, the gate, and the one way to say errors."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils import translation
from django.utils.cache import patch_vary_headers

from vamco.accounts.policy import NOBODY
from vamco.vocabulary.errors import Forbidden, Misused, VamcoError
from vamco.web.callers import actor_behind
from vamco.web.language import language_of
from vamco.web.saying import ask_to_sign_in, say_error

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Every response tells the browser to run nothing that is not ours."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response with the headers on it; pages of signed-in people are kept by no cache."""
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(request, "actor", NOBODY).signed_in:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class DenyByDefault:
    """An address is served only to those whom the role matrix names in its row."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response of the view, if `process_view` lets the request through."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: list[Any], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Put the actor on the request; answer 401, 403 or the sign-in page when it may not pass."""
        assert request.resolver_match is not None  # noqa: S101  Django resolves before it calls views
        permission = request.resolver_match.view_name
        try:
            request.actor = actor_behind(request)  # type: ignore[attr-defined]
        except Forbidden as error:
            return say_error(request, error, status=401)
        if request.actor.may(permission):  # type: ignore[attr-defined]
            return None
        if not request.actor.signed_in:  # type: ignore[attr-defined]
            return ask_to_sign_in(request)
        name = request.actor.name  # type: ignore[attr-defined]
        return say_error(request, Forbidden("accounts.forbidden", actor=name, permission=permission))


class SayErrors:
    """Pages and errors speak the reader's language; a `VamcoError` becomes a page or JSON."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, made in the language that the reader chose."""
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ("Cookie",))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The error as the reader should see it; faults of ours go on to the 500 page."""
        if isinstance(exception, UnreadablePostError):
            return say_error(request, Misused("web.cut_off"))
        return say_error(request, exception) if isinstance(exception, VamcoError) else None
