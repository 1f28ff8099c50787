"""Working days of many dates at once: what counters, inspectors and gateways reckon with."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.worktime.calendar import WorkCalendar

Ordinals = NDArray[np.int64]
"""Days as `date.toordinal` counts them."""

_FIRST_ON: Final = date(2023, 1, 1)
_LAST_ON: Final = date(2028, 12, 31)


class WorkedDays:
    """The working days of 2023–2028 in order, and arithmetic over arrays of ordinals."""

    def __init__(self, days: WorkCalendar) -> None:
        n_days = (_LAST_ON - _FIRST_ON).days + 1
        every: Sequence[date] = [_FIRST_ON + timedelta(days=n) for n in range(n_days)]
        self._worked = np.array([day.toordinal() for day in every if days.is_working_day(day)])

    def is_worked(self, on: date) -> bool:
        """Whether offices work on that day."""
        return bool(self._index(np.array([on.toordinal()])) > self._index(np.array([on.toordinal() - 1])))

    def after(self, on: Ordinals, n: Ordinals) -> Ordinals:
        """The n-th working day after each day; the day itself, or the last one worked before it, for zero."""
        found: Ordinals = self._worked[self._index(on) + n]
        return found

    def between(self, start: Ordinals, end: Ordinals) -> Ordinals:
        """Working days after `start` up to and with `end`."""
        return self._index(end) - self._index(start)

    def after_day(self, on: date, n: int) -> date:
        """The n-th working day after one day."""
        return date.fromordinal(int(self.after(np.array([on.toordinal()]), np.array([n]))[0]))

    def _index(self, on: Ordinals) -> Ordinals:
        return np.searchsorted(self._worked, on, side="right") - 1
