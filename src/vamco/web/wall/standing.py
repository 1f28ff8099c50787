"""What stands of an indicator now: its newest figure, and until when it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from vamco.geography.unit import Level
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.packs.indicator import Indicator
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.severity import Severity

WORST_FIRST: Final = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE)
_LOOKS_BACK: Final = {PeriodType.DAY: 10, PeriodType.WEEK: 6, PeriodType.MONTH: 4}
_LEAST_BACK: Final = 3
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator's figure of the province, and those of the communes for the same period, on today's map.

    From `dims_at` a newer figure is owed; from `blanks_at` two are, and this one says nothing of now.
    """

    indicator: Indicator
    figure: Figure
    communes: tuple[Figure, ...]
    dims_at: datetime
    blanks_at: datetime
    last_period: Period | None  # the last that had a value, where the figure has none

    @property
    def severity(self) -> Severity | None:
        """The worst band that the province or one of its communes is in."""
        found = {figure.severity for figure in (self.figure, *self.communes)}
        return next((severity for severity in WORST_FIRST if severity in found), None)

    def is_over(self, now: datetime) -> bool:
        """Whether the figure has a value that may no longer be shown."""
        return self.figure.value is not None and self.blanks_at <= now

    def in_band(self, severity: Severity | None) -> tuple[Figure, ...]:
        """The communes of that band."""
        return tuple(f for f in self.communes if severity is not None and f.severity is severity)


def standing_of(indicator: Indicator, today: date, now: datetime) -> Standing:
    """The newest whole figure that is not two promises old; else the newest one that is owed, which has no value."""
    periods = _periods(indicator, today)
    found = figures(Question(indicator, periods, Level.PROVINCE, map_on=today))
    newest_first = sorted(found, key=lambda figure: figure.period, reverse=True)
    known = _newest_known(newest_first, today)
    if known is not None and _due_at(indicator, known.period.next().next()) > now:
        return _standing(indicator, known, today, None)
    owed = next((f for f in newest_first if now >= _due_at(indicator, f.period)), newest_first[-1])
    return _standing(indicator, _since_first(owed, newest_first), today, known.period if known else None)


def _periods(indicator: Indicator, today: date) -> tuple[Period, ...]:
    found = [Period.covering(indicator.period_type, today)]
    while len(found) < _LOOKS_BACK.get(indicator.period_type, _LEAST_BACK):
        found.append(found[-1].previous())
    return tuple(reversed(found))


def _newest_known(newest_first: Sequence[Figure], today: date) -> Figure | None:
    """A period that is over before one that is running, which has only part of its rows."""
    known = [figure for figure in newest_first if figure.value is not None]
    over = [figure for figure in known if figure.period.end_on < today or figure.coverage >= 1]
    return next(iter(over or known), None)


def _since_first(owed: Figure, newest_first: Sequence[Figure]) -> Figure:
    """Of figures that are late one after the other, the first: its day is since when nothing comes."""
    first = owed
    for figure in newest_first[newest_first.index(owed) :]:
        if figure.status is not ObservationStatus.LATE:
            break
        first = figure
    return first


def _standing(indicator: Indicator, figure: Figure, today: date, last: Period | None) -> Standing:
    following = figure.period.next()
    return Standing(
        indicator=indicator,
        figure=figure,
        communes=_communes(indicator, figure, today),
        dims_at=_due_at(indicator, following),
        blanks_at=_due_at(indicator, following.next()),
        last_period=last,
    )


def _communes(indicator: Indicator, figure: Figure, today: date) -> tuple[Figure, ...]:
    if indicator.level != Level.COMMUNE:
        return ()
    return tuple(figures(Question(indicator, (figure.period,), Level.COMMUNE, map_on=today)))


def _due_at(indicator: Indicator, period: Period) -> datetime:
    """The end of the last day on which the period's figure is on time."""
    last_on = period.end_on + timedelta(days=indicator.promise_days)
    return timezone.make_aware(datetime.combine(last_on + _DAY, time.min))
