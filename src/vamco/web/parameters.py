"""What an address asks for: read with a type, refused in words."""

from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils import timezone

from vamco.vocabulary.errors import Misused


def date_asked(request: HttpRequest, name: str) -> date | None:
    """The day under that parameter, None when it is not given. Raises `Misused`."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misused("web.bad_parameter", name=name, value=text, wanted="2026-11-22") from None


def moment_asked(request: HttpRequest, name: str) -> datetime | None:
    """The moment under that parameter; a bare day means its end, on the province's clock. Raises `Misused`."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        wanted = "2026-11-22T14:05"
        raise Misused("web.bad_parameter", name=name, value=text, wanted=wanted) from None
    if len(text) == len("2026-11-22"):
        moment = datetime.combine(moment, time.max)
    moment = moment if moment.tzinfo else timezone.make_aware(moment)
    return min(moment, timezone.now())


def number_asked(request: HttpRequest, name: str, default: int) -> int:
    """The whole number of at least one under that parameter, else `default`. Raises `Misused`."""
    text = request.GET.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Misused("web.bad_parameter", name=name, value=text, wanted="1, 2, 3 …")
    return int(text) if text else default
