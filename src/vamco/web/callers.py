"""Who calls: a person by their session, an agency's machine by its token."""

from typing import Final

from django.http import HttpRequest

from vamco.accounts.policy import NOBODY, Actor, actor_of, actor_of_token
from vamco.accounts.tokens import token_of
from vamco.web.wall.keys import screen_behind

MACHINE_DOORS: Final = ("/api/", "/iceberg/")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


class SignedRequest(HttpRequest):
    """A request that has passed the gate, and so carries its actor."""

    actor: Actor


def is_for_machines(request: HttpRequest) -> bool:
    """Whether the address is one of the doors for programs."""
    return request.path.startswith(MACHINE_DOORS)


def actor_behind(request: HttpRequest) -> Actor:
    """The actor of the request. Raises `Forbidden` when it shows a bad token.

    Machine doors check no CSRF token, so there a session may read and never write.
    """
    if is_for_machines(request):
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return actor_of_token(token_of(key.strip()))
        if request.method not in _SAFE:
            return NOBODY
    return screen_behind(request) or actor_of(request.user)
