"""The key of a screen: it comes once, in the fragment of an address or by hand, and stays in an HttpOnly cookie."""

import hashlib
import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from vamco.accounts.models import Token
from vamco.accounts.policy import Actor, actor_of_token
from vamco.accounts.roles import Role
from vamco.accounts.tokens import token_of
from vamco.vocabulary.errors import Forbidden

WALL_COOKIE: Final = "vamco_wall"
SCREEN_DOORS: Final = ("/wall/", "/map/")
_BELIEVED_SECONDS: Final = 3.0
_MOST_KEYS: Final = 1000
_looked_up: dict[str, tuple[float, Actor | None]] = {}


def is_for_screens(request: HttpRequest) -> bool:
    """Whether the address is one of those that a screen may have."""
    return request.path.startswith(SCREEN_DOORS)


def screen_behind(request: HttpRequest) -> Actor | None:
    """The screen whose key the request carries; None where it has none that is live."""
    key = request.COOKIES.get(WALL_COOKIE)
    if not key or not is_for_screens(request):
        return None
    return _known_screen(hashlib.sha256(key.encode()).hexdigest(), key)


def _known_screen(digest: str, key: str) -> Actor | None:
    """A key once looked up is believed for a few seconds: a thousand screens ask, and few keys are revoked."""
    now = time.monotonic()
    known = _looked_up.get(digest)
    if known is None or known[0] < now - _BELIEVED_SECONDS:
        if len(_looked_up) > _MOST_KEYS:
            _looked_up.clear()
        known = _looked_up[digest] = (now, _screen(key))
    return known[1]


def _screen(key: str) -> Actor | None:
    try:
        return actor_of_token(screen_token(key))
    except Forbidden:
        return None


def screen_token(key: str) -> Token:
    """The live token of a screen. Raises `Forbidden` where the key is another's, or no longer good."""
    token = token_of(key)
    if token.role != Role.WALL:
        raise Forbidden("accounts.bad_token")
    return token


def keep_key(response: HttpResponse, key: str, token: Token) -> None:
    """Let the browser carry the key until it expires."""
    seconds = int((token.expires_at - timezone.now()).total_seconds())
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(WALL_COOKIE, key, max_age=seconds, httponly=True, samesite="Lax", secure=secure)
