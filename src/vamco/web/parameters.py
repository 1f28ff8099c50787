"""What an address asks for: read with a type, refused in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from http import HTTPStatus
from typing import Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from vamco.vocabulary.errors import Misused
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.saying import wants_json

_AS_PEOPLE_WRITE: Final = re.compile(
    r"(?:(?P<before>\d{1,2}:\d{2})\s+)?"
    r"(?P<day>\d{1,2})(?P<mark>[/.-]?)(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"
    r"(?:\s+(?P<after>\d{1,2}:\d{2}))?"
)
_DAYS_AND_MOMENTS: Final = ("on", "as_known_at")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Asked(Generic[_Value]):
    """What a form in an address asks for: its value, or the text that is none with what is wrong about it."""

    value: _Value | None
    text: str = ""
    wrong: str = ""

    @property
    def status(self) -> HTTPStatus:
        """The status of the page that answers."""
        return HTTPStatus.BAD_REQUEST if self.wrong else HTTPStatus.OK


def iso_of(text: str) -> str:
    """22/11/2026, 22112026 or 22/11/2026 14:05 in ISO 8601; anything else, 31/02/2026 too, as it is."""
    found = _AS_PEOPLE_WRITE.fullmatch(text.strip())
    if found is None or not (found["mark"] or len(found["day"] + found["month"]) == len("2211")):
        return text.strip()
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    except ValueError:
        return text.strip()
    clock = found["before"] or found["after"]
    return f"{day}T{clock:0>5}" if clock else day


def iso_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Days that a form sends as people write them lead on to the address with ISO days, the one to pass on."""

    @wraps(view)
    def answer(request: SignedRequest, *args: str, **kwargs: str) -> HttpResponse:
        asked = request.GET.copy()
        for name in _DAYS_AND_MOMENTS:
            if name in asked:
                asked[name] = iso_of(str(asked[name]))
        if asked == request.GET:
            return view(request, *args, **kwargs)
        return redirect(f"{request.path}?{asked.urlencode(safe=':')}")

    return answer


def date_asked(request: HttpRequest, name: str) -> date | None:
    """The day under that parameter, None when it is not given. Raises `Misused`."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(iso_of(text))
    except ValueError:
        raise Misused("web.bad_day", name=name, value=text) from None


def moment_asked(request: HttpRequest, name: str) -> datetime | None:
    """The moment under that parameter; a bare day means its end, on the province's clock. Raises `Misused`."""
    text = iso_of(request.GET.get(name, ""))
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Misused("web.bad_moment", name=name, value=text) from None
    if len(text) == len("2026-11-22"):
        moment = datetime.combine(moment, time.max)
    moment = moment if moment.tzinfo else timezone.make_aware(moment)
    return min(moment, timezone.now())


def asked_in_form(
    read: Callable[[HttpRequest, str], _Value | None], request: HttpRequest, name: str
) -> Asked[_Value]:
    """What `read` finds under that parameter; what it refuses is said beside the field, not instead of the page.

    Raises `Misused` for programs, which have no form.
    """
    try:
        return Asked(read(request, name))
    except Misused as error:
        if wants_json(request):
            raise
        said = error.say(language_now())
        return Asked(None, request.GET.get(name, ""), f"{said['what']} {said['next']}")


def number_asked(request: HttpRequest, name: str, default: int) -> int:
    """The whole number of at least one under that parameter, else `default`. Raises `Misused`."""
    text = request.GET.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Misused("web.bad_parameter", name=name, value=text, wanted="1, 2, 3 …")
    return int(text) if text else default
