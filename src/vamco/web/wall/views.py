"""The wall of the operations centre: one page that lives by asking, and the door for its screens."""

import time
from collections import deque
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vamco.vocabulary.errors import Forbidden
from vamco.web.callers import SignedRequest
from vamco.web.conditional import answer
from vamco.web.language import language_now
from vamco.web.wall.geometry import LEAST_ARC_MINUTES, room
from vamco.web.wall.keys import keep_key, screen_token
from vamco.web.wall.snapshot import snapshots

_OFTEN: Final = 1.0  # seconds between two questions of a screen, while they are few
_SELDOM: Final = 5.0
_MOST_A_SECOND: Final = 60.0  # questions that a process takes before it asks the screens for patience
_WINDOW: Final = 5.0


@require_safe
def wall(request: SignedRequest) -> HttpResponse:
    """The frame of the wall; the scenes come by the snapshot."""
    here = room()
    found = {
        "room": here,
        "least": LEAST_ARC_MINUTES,
        "share": f"{here.letter_share:.6f}",
        "seconds": settings.WALL_SCENE_SECONDS,
    }
    return render(request, "wall/wall.html", found)


@require_safe
def snapshot(request: SignedRequest) -> HttpResponse:
    """The scenes as they are now; 304 while nothing changed, 503 while they are read for the first time."""
    kept = snapshots().answer(language_now())
    response = answer(request, kept) if kept else HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Vamco-Ask-Again"] = f"{_pace.seconds():.1f}"
    return response


def open_wall(request: HttpRequest) -> HttpResponse:
    """The door of a screen: it shows its key once, and is then let in without anybody signing in."""
    if request.method != "POST":
        return render(request, "wall/open.html")
    key = request.POST.get("key", "").strip()
    try:
        token = screen_token(key)
    except Forbidden as error:
        return render(request, "wall/open.html", {"wrong": error.say(language_now())}, status=403)
    response = redirect("wall")
    keep_key(response, key, token)
    return response


class Pace:
    """How long a screen waits before it asks again: shortly while there are few, longer under a crowd."""

    def __init__(self) -> None:
        self._asked: deque[float] = deque()
        self._told = _OFTEN

    def seconds(self) -> float:
        """The pause to tell this screen."""
        now = time.monotonic()
        self._asked.append(now)
        while self._asked[0] < now - _WINDOW:
            self._asked.popleft()
        wanted = len(self._asked) / _WINDOW * self._told / _MOST_A_SECOND
        self._told = min(max(wanted, _OFTEN), _SELDOM)
        return self._told


_pace = Pace()
