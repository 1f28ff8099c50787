"""A year of the calendar as people look it up: every day that is not as its weekday would have it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vamco.deadlines.calendar import calendar_now
from vamco.deadlines.models import SignedDay
from vamco.worktime.calendar import Basis, DayVerdict, check_year
from vamco.worktime.calendar_day import CalendarDay
from vamco.worktime.shifts import write_shifts


@dataclass(frozen=True, slots=True)
class NotableDay:
    """A day that was decided or proposed, and the row signed here if that is what decides."""

    verdict: DayVerdict
    signed: SignedDay | None

    @property
    def signed_by(self) -> str:
        """Who signed it here; empty for what the province's file brings along, and for proposals."""
        return self.signed.signed_by if self.signed else ""

    def as_dict(self) -> dict[str, Any]:
        """The day as programs read it."""
        verdict = self.verdict
        day = {
            "on": verdict.on,
            "is_working": verdict.is_working,
            "basis": verdict.basis,
            "title": verdict.title,
        }
        return day | self._decided(verdict.row) if verdict.row else day

    def _decided(self, row: CalendarDay) -> dict[str, Any]:
        return {
            "kind": row.kind,
            "decision": row.decision,
            "announced_on": row.announced_on,
            "source": row.source,
            "verified": row.verified,
            "hours": write_shifts(row.shifts),
            "signed_by": self.signed_by,
            "signed_at": self.signed.signed_at if self.signed else None,
        }


def notable_days(year: int) -> list[NotableDay]:
    """The days of that year that are not as the ordinary week has them, in order. Raises `Misused` outside 1901–2100."""
    check_year(year)
    last = {row.on: row for row in SignedDay.objects.filter(on__year=year).order_by("id")}
    return [_notable(verdict, last) for verdict in _verdicts(year) if verdict.basis is not Basis.WEEK]


def explain(on: date) -> NotableDay:
    """Whether that day is worked, on whose word. Raises `Misused` outside 1901–2100."""
    row = SignedDay.objects.filter(on=on).order_by("id").last()
    return _notable(calendar_now().explain(on), {on: row} if row else {})


def _notable(verdict: DayVerdict, last: dict[date, SignedDay]) -> NotableDay:
    return NotableDay(verdict, last.get(verdict.on) if verdict.row else None)


def _verdicts(year: int) -> Iterator[DayVerdict]:
    calendar = calendar_now()
    day = date(year, 1, 1)
    while day.year == year:
        yield calendar.explain(day)
        day += timedelta(1)
