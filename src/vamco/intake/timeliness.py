"""When a delivery is due, after its contract's schedule and the province's working calendar."""

from datetime import date

from django.utils import timezone

from vamco.deadlines.calendar import calendar_now
from vamco.intake.models import Delivery
from vamco.packs.contract import Contract, Schedule
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.worktime.calendar import WorkCalendar


def calendar() -> WorkCalendar:
    """The working calendar of the province served."""
    return calendar_now()


def due_on(schedule: Schedule, period: Period, days: WorkCalendar) -> date:
    """The last day on which the period's delivery is on time."""
    return days.add_working_days(period.end_on, schedule.due_working_days)


def was_on_time(contract: Contract, delivery: Delivery) -> bool | None:
    """Whether the delivery came by its day; None where nobody set one."""
    schedule = contract.schedule
    if schedule is None or delivery.period_end_on < schedule.starts_on:
        return None
    received_on = timezone.localdate(delivery.received_at)
    return received_on <= due_on(schedule, delivery.covered, calendar())


def owed_within(schedule: Schedule, period: Period) -> tuple[Period, ...]:
    """The owed periods that a delivery for that period covers: itself, or those of a longer history; else none."""
    if period.type.value == schedule.period_type:
        return (period,)
    try:
        return period.split(PeriodType(schedule.period_type))
    except Misused:
        return ()
