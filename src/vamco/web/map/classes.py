"""An indicator on the map: five classes with as many units in each, and words for what has no value."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils import timezone

from vamco.geography.unit import Level
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.wording import number
from vamco.packs.indicator import Direction, Indicator
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.period import Period
from vamco.web.language import language_now
from vamco.web.templatetags.figures import NBSP, nothing
from vamco.web.templatetags.severity_words import level, severity_word
from vamco.web.wall.abnormal import badness
from vamco.web.wall.shown import shown, unit_beside
from vamco.web.wall.standing import standing_of

N_CLASSES: Final = 5
N_WORST: Final = 5


def classed(indicator: Indicator, period: Period | None, on: date) -> dict[str, Any]:
    """The classes of each commune of the day's map, the legend, and the worst; by default of the newest period.

    Class 0 is the lowest; `is_reversed` says that low values are the bad ones.
    """
    asked = period or standing_of(indicator, timezone.localdate(), timezone.now()).figure.period
    found = figures(Question(indicator, (asked,), Level.COMMUNE, map_on=on))
    valued = [figure for figure in found if figure.value is not None]
    cuts = _cuts(sorted({figure.value for figure in valued if figure.value is not None}))
    language = language_now()
    return {
        "indicator": indicator.id,
        "title": indicator.title.in_(language),
        "period": asked.title.in_(language),
        "map_on": on.isoformat(),
        "is_reversed": indicator.direction is Direction.HIGHER,
        "n_estimated": sum(figure.is_estimated for figure in found),
        "legend": _legend(valued, cuts, indicator),
        "nothing": _nothing(found),
        "units": {figure.unit_id: _unit(figure, indicator, cuts) for figure in found},
        "worst": _worst(valued, indicator),
    }


def _cuts(values: Sequence[float]) -> list[float]:
    """The values at which the next class begins: fifths of the distinct values."""
    if len(values) <= N_CLASSES:
        return list(values[1:])
    return [values[len(values) * n // N_CLASSES] for n in range(1, N_CLASSES)]


def _legend(valued: Sequence[Figure], cuts: Sequence[float], indicator: Indicator) -> list[dict[str, Any]]:
    n_classes = len(cuts) + 1 if valued else 0
    groups = [[figure for figure in valued if _class(figure, cuts) == n] for n in range(n_classes)]
    return [
        {"class": n, "words": _range(group, indicator), "rank": _rank(n, n_classes), "n_units": len(group)}
        for n, group in enumerate(groups)
    ]


def _rank(place: int, n: int) -> str:
    """The word of a class: lowest, low, middle, high, highest; none where there are fewer than five."""
    return say(f"web.map_class_{place}", language_now()) if n == N_CLASSES else ""


def _range(group: Sequence[Figure], indicator: Indicator) -> str:
    values = [figure.value for figure in group if figure.value is not None]
    scale = 100 if indicator.is_percentage else 1
    low, high = (number(v * scale, indicator.decimals, language_now()) for v in (min(values), max(values)))
    unit = f"{NBSP}{unit_beside(indicator)}"
    return low + unit if low == high else f"{low} – {high}{unit}"


def _class(figure: Figure, cuts: Sequence[float]) -> int | None:
    return None if figure.value is None else bisect_right(cuts, figure.value)


def _nothing(found: Sequence[Figure]) -> list[dict[str, Any]]:
    kinds = [Nothing(figure.status.value) for figure in found if figure.value is None]
    return [
        {"kind": kind.value, "words": nothing(kind), "n_units": kinds.count(kind)}
        for kind in Nothing
        if kind in kinds
    ]


def _unit(figure: Figure, indicator: Indicator, cuts: Sequence[float]) -> dict[str, Any]:
    said = shown(figure, indicator)
    return {
        "class": _class(figure, cuts),
        "value": said.number or said.nothing,
        "level": level(figure.severity),
    }


def _worst(valued: Sequence[Figure], indicator: Indicator) -> list[dict[str, Any]]:
    """The units that the room should look at; none where neither way is better."""
    if indicator.direction is Direction.NEITHER and not any(figure.severity for figure in valued):
        return []
    ordered = sorted(valued, key=lambda figure: badness(indicator, figure), reverse=True)
    return [_named(figure, indicator) for figure in ordered[:N_WORST]]


def _named(figure: Figure, indicator: Indicator) -> dict[str, Any]:
    said, found = shown(figure, indicator), level(figure.severity)
    return {
        "unit_id": figure.unit_id,
        "name": said.place,
        "value": f"{said.number}{NBSP}{said.unit}",
        "level": found,
        "words": severity_word(figure.severity),
    }
