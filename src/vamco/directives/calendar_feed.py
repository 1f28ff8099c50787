"""Deadlines as an iCalendar feed (RFC 5545), for the calendar that people already look at."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from vamco.accounts.models import Person
from vamco.directives.reading import Standing
from vamco.vocabulary.errors import Forbidden
from vamco.vocabulary.messages import Language, say

_SALT: Final = "vamco.directives.calendar"
_EARLY: Final = timedelta(days=1)


def calendar_key(person: Person) -> str:
    """The key of a person's feed: calendars cannot sign in. A new password makes a new key."""
    return signing.dumps([person.pk, _mark(person)], salt=_SALT)


def person_of_key(key: str) -> Person:
    """The person of that key. Raises `Forbidden` when it is forged, outdated, or the person left."""
    try:
        told: Any = signing.loads(key, salt=_SALT)
        person = Person.objects.filter(pk=told[0], is_active=True).first()
    except signing.BadSignature:
        person = None
    if person is None or told[1] != _mark(person):
        raise Forbidden("directives.bad_calendar_key")
    return person


def as_ics(standings: Iterable[Standing], language: Language) -> bytes:
    """One event at each deadline, with a reminder the day before; what changes keeps its identity."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vam Co//directives//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say("directives.calendar_name", language))
    for one in standings:
        calendar.add_component(_event(one, language))
    return bytes(calendar.to_ical())


def _event(one: Standing, language: Language) -> Event:
    assignment = one.assignment
    agency = assignment.agency.name_en if language == "en" else assignment.agency.name_vi
    title = say("directives.calendar_title", language, title=assignment.directive.title, agency=agency)
    event = Event()
    event.add("uid", f"assignment-{assignment.pk}@vamco")
    event.add("sequence", assignment.version)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", one.due_at)
    event.add("dtend", one.due_at)
    event.add("summary", title)
    event.add("description", f"{assignment.directive.number}: {assignment.text}")
    event.add("categories", [say(f"directives.timing_{one.timing}", language)])
    event.add_component(_reminder(title))
    return event


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -_EARLY)
    return alarm


def _mark(person: Person) -> str:
    """Changes with the password; says nothing of it."""
    return person.get_session_auth_hash()[:16]
