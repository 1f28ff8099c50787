"""Days of the working calendar, in words."""

from datetime import date

from django import template

from vamco.deadlines.models import Decided
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.worktime.calendar import Basis, DayVerdict
from vamco.worktime.calendar_day import DayKind
from vamco.worktime.hours import WorkingHours
from vamco.worktime.shifts import Shifts

register = template.Library()


@register.filter
def weekday(on: date) -> str:
    """Thứ Hai."""
    return say(f"deadlines.weekday_{on.weekday()}", language_now())


@register.filter
def kind_word(kind: Decided | DayKind) -> str:
    """What was decided of a day."""
    return say(f"deadlines.kind_{kind}", language_now())


@register.filter
def basis_word(basis: Basis) -> str:
    """On whose word a day is worked or not."""
    return say(f"deadlines.basis_{basis}", language_now())


@register.filter
def work_word(verdict: DayVerdict) -> str:
    """Whether the day is worked."""
    return say("deadlines.works" if verdict.is_working else "deadlines.rests", language_now())


@register.filter
def shifts_words(shifts: Shifts) -> str:
    """07:30–11:30, 13:30–17:00."""
    return ", ".join(f"{shift.opens:%H:%M}–{shift.closes:%H:%M}" for shift in shifts)


@register.filter
def usual_shifts(hours: WorkingHours) -> Shifts:
    """The shifts of a Monday, which stand for the week."""
    return hours.week[0]
