"""How much of a period accepted deliveries speak of."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from vamco.indicators.periods import Days, merged
from vamco.vocabulary.period import Period
from vamco.warehouse.view import Entry


class Coverage:
    """The days that deliveries cover; a delivery about events covers no day after the one it became known on."""

    def __init__(self, entries: Iterable[Entry], *, of_events: bool) -> None:
        spans = ((entry.start_on, _last_day(entry, of_events=of_events)) for entry in entries)
        self.spans: list[Days] = merged(span for span in spans if span[0] <= span[1])
        self._starts = [start_on for start_on, _ in self.spans]

    def share(self, period: Period) -> float:
        """The part (0–1) of the period's days that are covered."""
        return self._n_days(period.start_on, period.end_on) / ((period.end_on - period.start_on).days + 1)

    def _n_days(self, start_on: date, end_on: date) -> int:
        first = max(0, bisect_right(self._starts, start_on) - 1)
        n_days = 0
        for begins_on, ends_on in self.spans[first:]:
            if begins_on > end_on:
                break
            n_days += max(0, (min(end_on, ends_on) - max(start_on, begins_on)).days + 1)
        return n_days


def _last_day(entry: Entry, *, of_events: bool) -> date:
    return min(entry.end_on, timezone.localdate(entry.known_since_at)) if of_events else entry.end_on
