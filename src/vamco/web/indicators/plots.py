"""Series as a chart, a table and a file: one object for all three, so that they never disagree."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.reading import figures
from vamco.indicators.targets import target_on
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.vocabulary.period import Period
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day
from vamco.web.templatetags.indicator_words import passport_address, unit_word, value_words, with_unit
from vamco.web.templatetags.severity_words import level

MOST_SERIES: Final = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One line: what it is of, and its figures period by period."""

    label: str
    indicator: Indicator
    figures: tuple[Figure, ...]
    is_threshold: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A period before which figures are of something else: another map, another definition."""

    at: int  # place among the periods
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """At most five series with one unit of measure over the same periods, oldest first."""

    key: str
    title: str
    series: tuple[Series, ...]
    periods: tuple[Period, ...]
    breaks: tuple[Break, ...]
    standpoint: Standpoint

    @property
    def indicator(self) -> Indicator:
        """The indicator that says how values are written."""
        return self.series[0].indicator

    @property
    def rows(self) -> list[tuple[Period, list[tuple[Indicator, Figure]]]]:
        """The periods with one figure for each series, newest first."""
        columns = [(series.indicator, series.figures) for series in self.series]
        found = [
            (period, [(indicator, of_series[place]) for indicator, of_series in columns])
            for place, period in enumerate(self.periods)
        ]
        return found[::-1]

    @property
    def is_empty(self) -> bool:
        """Whether no period has a value."""
        return all(figure.value is None for series in self.series for figure in series.figures)

    def as_json(self) -> str:
        """What the chart draws."""
        return json.dumps(self._drawn(), ensure_ascii=False, separators=(",", ":"))

    def _drawn(self) -> dict[str, Any]:
        one = self.indicator
        return {
            "title": self.title,
            "unit": "%" if one.is_percentage else unit_word(one),
            "scale": 100 if one.is_percentage else 1,
            "decimals": one.decimals,
            "language": language_now(),
            "periods": [period.title.in_(language_now()) for period in self.periods],
            "series": [self._line(series) for series in self.series],
            "breaks": [{"at": each.at, "words": each.words} for each in self.breaks],
            "bands": _bands(one) if len(self.series) == 1 or self.series[-1].is_threshold else [],
            "targets": self._targets(),
        }

    def _line(self, series: Series) -> dict[str, Any]:
        points = [self._point(figure, series.indicator) for figure in series.figures]
        return {"label": series.label, "isThreshold": series.is_threshold, "points": points}

    def _point(self, figure: Figure, indicator: Indicator) -> list[Any]:
        """Value, words, passport, and a mark where it is estimated or not whole."""
        words = value_words(figure, indicator)
        mark = "" if figure.value is None else _MARKS.get(figure.status.value, "")
        return [figure.value, words, passport_address(figure, self.standpoint), mark]

    def _targets(self) -> list[dict[str, Any]]:
        if len({series.indicator.id for series in self.series if not series.is_threshold}) > 1:
            return []
        told = [target_on(self.indicator, period.end_on) for period in self.periods]
        values = [float(t.value) if t and not t.is_yearly_pace else None for t in told]
        newest = next((t for t in reversed(told) if t and not t.is_yearly_pace), None)
        if newest is None:
            return []
        said = say("web.target", language_now(), value=with_unit(float(newest.value), self.indicator))
        return [{"label": said, "values": values}]


_MARKS: Final = {"estimated": "estimated", "partial": "partial"}


def plot_of(key: str, title: str, standpoint: Standpoint, wanted: Sequence[Series]) -> Plot:
    """The plot of these series, which share their periods."""
    periods = tuple(figure.period for figure in wanted[0].figures)
    return Plot(key, title, tuple(wanted), periods, tuple(_breaks(wanted, periods, standpoint)), standpoint)


def series_of(
    indicator: Indicator, standpoint: Standpoint, periods: Sequence[Period], label: str, *, sees_cells: bool
) -> Series:
    """The indicator of the standpoint's unit over the periods."""
    found = figures(standpoint.question(indicator, *periods), sees_cells=sees_cells)
    return Series(label, indicator, tuple(found))


def threshold_of(indicator: Indicator, standpoint: Standpoint, periods: Sequence[Period]) -> Series | None:
    """The line that the worst band begins at, where that is an indicator and no number."""
    bounds = [band.bound for band in indicator.bands if isinstance(band.bound, str)]
    if not bounds:
        return None
    bound = indicator_of(bounds[0])
    found = figures(standpoint.question(bound, *periods))
    return Series(bound.short.in_(language_now()), bound, tuple(found), is_threshold=True)


def _bands(indicator: Indicator) -> list[dict[str, Any]]:
    """Areas behind the lines: from the bound to the next worse one, or to the end of the axis."""
    numeric = [(band, float(band.bound)) for band in indicator.bands if not isinstance(band.bound, str)]
    drawn = []
    for band, bound in numeric:
        is_below = band.comparator.startswith("<")
        worse = [other for _, other in numeric if (other < bound if is_below else other > bound)]
        end = (max(worse) if is_below else min(worse)) if worse else None
        drawn.append({"from": bound, "to": end, "below": is_below, "level": level(band.severity)})
    return drawn


def _breaks(wanted: Sequence[Series], periods: Sequence[Period], standpoint: Standpoint) -> Iterable[Break]:
    for place, words in sorted({*_of_map(wanted, periods, standpoint), *_of_definition(wanted)}):
        yield Break(place, words)


def _of_map(
    wanted: Sequence[Series], periods: Sequence[Period], standpoint: Standpoint
) -> Iterable[tuple[int, str]]:
    """Where the unit's own territory was made anew."""
    units = {figure.unit_id for series in wanted for figure in series.figures}
    begun = {territory_now().register.get(unit).valid_from_on for unit in units}
    changes = territory_now().changes(periods[0].start_on, periods[-1].end_on, standpoint.unit.level)
    for change in sorted(begun & set(changes)):
        if (place := _place(periods, change)) is not None:
            yield place, say("web.break_map", language_now(), on=day(change))


def _place(periods: Sequence[Period], change: date) -> int | None:
    """The first period that begins on the day or after it."""
    return next((n for n, p in enumerate(periods) if n and p.start_on >= change), None)


def _of_definition(wanted: Sequence[Series]) -> Iterable[tuple[int, str]]:
    for series in wanted:
        told = [(n, f.definition_version) for n, f in enumerate(series.figures) if f.definition_version]
        for (_, before), (place, after) in pairwise(told):
            if before != after:
                yield place, say("web.break_definition", language_now(), version=after, of=series.label)
