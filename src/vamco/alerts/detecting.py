"""The detectors as conditions: which method judges a panel, with which options."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from vamco.alerts.detectors import ears, farrington
from vamco.alerts.detectors.bounds import Bounds
from vamco.alerts.panel import Numbers, Panel
from vamco.packs.alert_rule import Condition
from vamco.vocabulary.period_type import PeriodType

_MONTHLY: Final = replace(farrington.IMPROVED, period=12, half_window=1, n_seasons=6, past_excluded=3)


def detected(when: Condition, panel: Panel) -> Bounds:
    """Verdicts for the panel's columns from its `first` on; what is not whole is not taken for the past."""
    series = np.where(panel.is_whole, panel.values, np.nan)
    return _METHODS[when.method](when, panel, series)


def _ears(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    method = ears.Method(when.method.removeprefix("ears_").upper())
    return ears.detect(series, _asked(panel), ears.EarsOptions(method=method, **when.options))


def _farrington(when: Condition, panel: Panel, series: Numbers) -> Bounds:
    is_monthly = panel.periods[0].type is PeriodType.MONTH
    options = replace(_MONTHLY if is_monthly else farrington.IMPROVED, **when.options)
    return farrington.detect(series, _asked(panel), options)


def _asked(panel: Panel) -> slice:
    return slice(panel.first, None)


_METHODS: Final[Mapping[str, Callable[[Condition, Panel, Numbers], Bounds]]] = {
    "ears_c1": _ears,
    "ears_c2": _ears,
    "ears_c3": _ears,
    "farrington": _farrington,
}
