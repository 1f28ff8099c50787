"""What a form says of a deed, and what is said when it is done."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from vamco.alerts.acting import Deed, Given
from vamco.alerts.models import Incident
from vamco.vocabulary.errors import Misused, NotFound
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.parameters import iso_of
from vamco.web.templatetags.figures import moment

SHELF_HOURS: Final = (1, 2, 4, 8, 24)


def deed_of(text: str) -> Deed:
    """The deed so named. Raises `NotFound`."""
    try:
        return Deed(text)
    except ValueError:
        raise NotFound("web.no_deed", deed=text) from None


def given_in(request: HttpRequest) -> Given:
    """The note and the moment that came with the deed. Raises `Misused`."""
    return Given(note=request.POST.get("note", ""), until=until_in(request))


def until_in(request: HttpRequest) -> datetime | None:
    """When it ends: a moment as people write it, or so many hours from now. Raises `Misused`."""
    text, hours = request.POST.get("until", "").strip(), request.POST.get("hours", "").strip()
    if text:
        return moment_of(text)
    if not hours:
        return None
    if not (hours.isascii() and hours.isdigit() and len(hours) < 5):
        raise Misused("web.bad_hours", value=hours)
    return timezone.now() + timedelta(hours=int(hours))


def moment_of(text: str) -> datetime:
    """The moment that people wrote, on the province's clock. Raises `Misused`."""
    try:
        found = datetime.fromisoformat(iso_of(text))
    except ValueError:
        raise Misused("web.bad_hours", value=text) from None
    return found if found.tzinfo else timezone.make_aware(found)


def version_in(request: HttpRequest) -> int:
    """The version of the incident that the reader looked at; 0, which fits none, where it is not said."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def done_words(deed: Deed, incident: Incident) -> str:
    """That it was done."""
    until = moment(incident.shelved_until) if incident.shelved_until else ""
    return say(f"web.watch_done_{deed}", language_now(), n=incident.pk, until=until)
