"""Which period of an indicator a page shows, and how far back its series goes."""

from datetime import timedelta
from typing import Final

from vamco.indicators.stored import as_known
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.web.indicators.standpoint import Standpoint

N_PERIODS: Final = {
    PeriodType.DAY: 92,
    PeriodType.WEEK: 104,
    PeriodType.MONTH: 31,
    PeriodType.QUARTER: 14,
    PeriodType.HALF_YEAR: 10,
    PeriodType.YEAR: 10,
    PeriodType.SCHOOL_YEAR: 6,
    PeriodType.CROP_SEASON: 9,
}
"""How many periods a series shows: enough for the same period of two years before, where there is room."""


def period_shown(indicator: Indicator, standpoint: Standpoint) -> Period:
    """The period asked for, where the indicator has it; else its last one that ends by then.

    Where none is asked for: the last one that is over and known or promised by now.
    """
    if standpoint.period is None:
        return _newest(indicator, standpoint)
    if _divides(indicator, standpoint.period):
        return standpoint.period
    return _last_by(indicator, standpoint.period)


def history(indicator: Indicator, last: Period) -> tuple[Period, ...]:
    """The indicator's own periods up to the last one, oldest first."""
    own = indicator.period_type
    newest = last if last.type is own else last.split(own)[-1]
    found = [newest]
    while len(found) < N_PERIODS[own]:
        found.append(found[-1].previous())
    return tuple(reversed(found))


def _newest(indicator: Indicator, standpoint: Standpoint) -> Period:
    running = Period.covering(indicator.period_type, standpoint.today)
    over = running.previous()
    known = newest_known(indicator, standpoint)
    if known in (over, running):
        return known
    promised_on = over.end_on + timedelta(days=indicator.promise_days)
    return over if standpoint.today > promised_on else over.previous()


def newest_known(indicator: Indicator, standpoint: Standpoint) -> Period | None:
    """The last period with a figure anywhere that is over; the one that runs only where no earlier is known."""
    rows = as_known(standpoint.as_known_at).filter(
        indicator=indicator.id, breakdown="", value__isnull=False, start_on__lte=standpoint.today
    )
    in_order = rows.order_by("-start_on").values_list("period", flat=True)
    over = in_order.filter(end_on__lt=standpoint.today).first()
    found = over or in_order.first()
    return Period.parse(found) if found else None


def _divides(indicator: Indicator, period: Period) -> bool:
    if period.type is indicator.period_type:
        return True
    try:
        period.split(indicator.period_type)
    except Misused:
        return False
    return True


def _last_by(indicator: Indicator, period: Period) -> Period:
    covering = Period.covering(indicator.period_type, period.end_on)
    return covering if covering.end_on <= period.end_on else covering.previous()
