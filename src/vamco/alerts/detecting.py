"""The detectors as conditions: which method judges a panel, with which options."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

import numpy as np

from vamco.alerts.detectors import control_charts, ears, farrington, historical, seasonal
from vamco.alerts.detectors.anniversaries import by_tet, tet_periods
from vamco.alerts.detectors.bounds import Bounds, Flags, Ints
from vamco.alerts.panel import Numbers, Panel
from vamco.packs.alert_rule import Condition
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period_type import PeriodType

_MONTHLY: Final = replace(farrington.IMPROVED, period=12, half_window=1, n_seasons=6, past_excluded=3)
T = TypeVar("T")
_SHORT: Final = frozenset({PeriodType.DAY, PeriodType.WEEK})


def detected(when: Condition, panel: Panel) -> Bounds:
    """Verdicts for the panel's columns from its `first` on; what is not whole is not taken for the past."""
    series = np.where(panel.is_whole, panel.values, np.nan)
    return _METHODS[when.method](when, panel, series)


def _ears(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    method = ears.Method(when.method.removeprefix("ears_").upper())
    options = _options(ears.EarsOptions, when, method=method)
    return ears.detect(series, _asked(panel), options, leave_out=_holidays(panel))


def _farrington(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    usual = _MONTHLY if _type(panel) is PeriodType.MONTH else farrington.IMPROVED
    options = replace(usual, **_known(farrington.FarringtonOptions, when))
    return farrington.detect(series, _asked(panel), options, anniversaries=_years(panel, options.years))


def _five_years(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    options = _options(historical.MeanOptions, when)
    years = _years(panel, options.years)
    return historical.mean_and_deviations(series, _asked(panel), options, anniversaries=years)


def _percentile(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    options = _options(historical.PercentileOptions, when)
    return historical.percentile(series, _asked(panel), options, anniversaries=_years(panel, options.years))


def _cusum(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    options = _options(control_charts.CusumOptions, when)
    return control_charts.cusum(series, _asked(panel), options, leave_out=_holidays(panel))


def _ewma(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    options = _options(control_charts.EwmaOptions, when)
    return control_charts.ewma(series, _asked(panel), options, leave_out=_holidays(panel))


def _seasonal(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    """Days against the same weekday; coarser periods against trend and season."""
    if _type(panel) is PeriodType.DAY:
        slots = np.array([period.start_on.weekday() for period in panel.periods])
        bands = _options(seasonal.BandOptions, when)
        return seasonal.bands(series, _asked(panel), slots, bands, leave_out=_holidays(panel))
    options = _options(seasonal.StlOptions, when, period=_per_year(panel))
    return seasonal.stl(series, _asked(panel), options, leave_out=_holidays(panel))


def _options(kind: type[T], when: Condition, **usual: Any) -> T:
    """The method's options: as usual, and as the rule says."""
    return kind(**usual | _known(kind, when))


def _known(kind: type, when: Condition) -> dict[str, Any]:
    """The options of the rule, which the method must know. Raises `Misused` naming those it does not."""
    if unknown := sorted(when.options.keys() - {field.name for field in fields(kind)}):
        raise Misused("alerts.unknown_options", method=when.method, names=unknown)
    return dict(when.options)


def _asked(panel: Panel) -> slice:
    return slice(panel.first, None)


def _type(panel: Panel) -> PeriodType:
    return panel.periods[0].type


def _per_year(panel: Panel) -> int:
    return 12 if _type(panel) is PeriodType.MONTH else 52


def _years(panel: Panel, years: int) -> Ints:
    """Where the same period of past years is: near Tết by the distance from it."""
    return by_tet([period.start_on for period in panel.periods], years)


def _holidays(panel: Panel) -> Flags | None:
    """Days and weeks of Tết, which no moving baseline may use."""
    starts = [period.start_on for period in panel.periods]
    return tet_periods(starts) if _type(panel) in _SHORT else None


_METHODS: Final[Mapping[str, Callable[[Condition, Panel, Numbers], Bounds]]] = {
    "ears_c1": _ears,
    "ears_c2": _ears,
    "ears_c3": _ears,
    "farrington": _farrington,
    "five_years": _five_years,
    "percentile": _percentile,
    "cusum": _cusum,
    "ewma": _ewma,
    "seasonal": _seasonal,
}
