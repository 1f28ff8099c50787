"""Whether an assignment is in time: worked out from its clock and state, never typed by anybody."""

from enum import StrEnum
from typing import Final

from vamco.directives.transitions import Status
from vamco.worktime.clock import Reading

LAST_SHARE: Final = 0.2
"""Of the time given: the last fifth is due soon, and whoever is done before it is early."""


class Timing(StrEnum):
    """How an assignment stands to its deadline."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_EARLY = "done_early"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    NOT_COUNTED = "not_counted"  # returned or cancelled


class Light(StrEnum):
    """The traffic light of the follow-up board."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


def timing_of(status: Status, reading: Reading) -> Timing:
    """Of submitted work, the moment it was handed in counts: the office's own time is nobody's delay."""
    if status in (Status.RETURNED, Status.CANCELLED):
        return Timing.NOT_COUNTED
    if status is Status.COMPLETED:
        return _done(reading)
    if reading.is_overdue:
        return Timing.OVERDUE
    if status is not Status.SUBMITTED and _is_in_last_share(reading):
        return Timing.DUE_SOON
    return Timing.NOT_DUE


def light_of(timing: Timing) -> Light:
    """Red when late, amber when soon due, green otherwise; none for what does not count."""
    return _LIGHTS[timing]


def _done(reading: Reading) -> Timing:
    if reading.is_overdue:
        return Timing.DONE_LATE
    return Timing.DONE_ON_TIME if _is_in_last_share(reading) else Timing.DONE_EARLY


def _is_in_last_share(reading: Reading) -> bool:
    return reading.remaining <= LAST_SHARE * (reading.elapsed + reading.remaining)


_LIGHTS: Final = {
    Timing.NOT_DUE: Light.GREEN,
    Timing.DUE_SOON: Light.AMBER,
    Timing.OVERDUE: Light.RED,
    Timing.DONE_EARLY: Light.GREEN,
    Timing.DONE_ON_TIME: Light.GREEN,
    Timing.DONE_LATE: Light.RED,
    Timing.NOT_COUNTED: Light.NONE,
}
