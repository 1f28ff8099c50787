"""The sections of a service's page, each worked out from the standpoint by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from vamco.accounts.policy import Actor
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.reading import figures
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Pack
from vamco.packs.page import Section, Show
from vamco.vocabulary.period import Period
from vamco.web.indicators.access import readable
from vamco.web.indicators.breakdowns import splits_of
from vamco.web.indicators.cards import card_of
from vamco.web.indicators.exporting import facts_of
from vamco.web.indicators.periods import history, period_shown
from vamco.web.indicators.plots import MOST_SERIES, Plot, plot_of, series_of
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.indicators.tables import tells_since, unit_rows
from vamco.web.language import language_now
from vamco.web.passport.cells import sees_cells
from vamco.web.templatetags.indicator_words import unit_name

N_WORST: Final = 10
N_PARTS: Final = 10


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the section, from where."""

    actor: Actor
    standpoint: Standpoint
    address: str  # of the page, to be written on what is taken away

    def sees(self, indicator: Indicator) -> bool:
        """Whether small counts of the standpoint's unit are shown."""
        return sees_cells(self.actor, indicator, self.standpoint.unit)

    def sees_unit(self, indicator: Indicator, unit: AdministrativeUnit) -> bool:
        """Whether small counts of that unit are shown."""
        return sees_cells(self.actor, indicator, unit)

    def sees_all(self, indicator: Indicator) -> bool:
        """Whether small counts of every unit are shown."""
        return sees_cells(self.actor, indicator)


@dataclass(frozen=True, slots=True)
class Lost:
    """What one component lacks; `share` is that of the largest, 0–1, for the bar."""

    indicator: Indicator
    figure: Figure
    share: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A unit with its figure of each indicator."""

    name: str
    code: str
    cells: tuple[tuple[Indicator, Figure], ...]


def shown(section: Section, reader: Reader) -> dict[str, Any]:
    """What the section's template needs; `n_hidden` counts the indicators that the reader may not read."""
    everything = [indicator_of(name) for name in section.indicators]
    needs_all = section.show in (Show.RANKING, Show.TABLE) and reader.standpoint.is_province
    allowed = readable(reader.actor, everything, None if needs_all else reader.standpoint.unit)
    made = _SHOWN[section.show](allowed, reader) if allowed else {}
    return {"section": section, "n_hidden": len(everything) - len(allowed), "is_open": bool(allowed), **made}


def _figures(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    found = [card_of(one, reader.standpoint, sees_cells=reader.sees(one)) for one in indicators]
    return {"cards": found}


def _series(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    return {"plots": [(plot, plot_facts(plot, reader.address)) for plot in plots_of(indicators, reader)]}


def plot_facts(plot: Plot, address: str) -> list[tuple[str, str]]:
    """The facts of the passport that go with the plot."""
    return facts_of((series.indicator for series in plot.series), plot.standpoint, address)


def plots_of(indicators: Sequence[Indicator], reader: Reader) -> list[Plot]:
    """One plot for each unit of measure and kind of period, with at most five series."""
    ordered = sorted(indicators, key=_alike)
    groups = (list(group) for _, group in groupby(ordered, key=_alike))
    parts = (group[n : n + MOST_SERIES] for group in groups for n in range(0, len(group), MOST_SERIES))
    plots = [_plot(part, reader) for part in parts]
    return sorted(plots, key=lambda plot: indicators.index(plot.indicator))


def _alike(indicator: Indicator) -> tuple[str, str]:
    return indicator.unit_of_measure.vi, indicator.period_type


def _plot(indicators: Sequence[Indicator], reader: Reader) -> Plot:
    standpoint, language = reader.standpoint, language_now()
    last = max(period_shown(one, standpoint) for one in indicators)
    wanted = [
        series_of(one, standpoint, history(one, last), one.short.in_(language), sees_cells=reader.sees(one))
        for one in indicators
    ]
    title = ", ".join(series.label for series in wanted)
    return plot_of(indicators[0].id.replace(".", "-"), title, standpoint, wanted)


def _ranking(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    return {"rankings": [_ranked(one, reader) for one in indicators]}


def _ranked(one: Indicator, reader: Reader) -> dict[str, Any]:
    period = period_shown(one, reader.standpoint)
    rows = unit_rows(one, reader.standpoint, period, sees_cells=reader.sees_all(one), n=N_WORST)
    return {"indicator": one, "period": period, "rows": rows, "tells_since": tells_since(one, period)}


def _table(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    """Units × indicators for what is counted by commune; one row of the province for the rest."""
    of_communes = [one for one in indicators if one.level == Level.COMMUNE]
    own = [(one, own_figure(one, reader)) for one in indicators]
    return {"own": own, "columns": of_communes, "crossings": list(_crossings(of_communes, reader))}


def own_figure(one: Indicator, reader: Reader) -> Figure:
    """What is said of the standpoint's own unit."""
    question = reader.standpoint.question(one, period_shown(one, reader.standpoint))
    return figures(question, sees_cells=reader.sees(one))[0]


def _crossings(indicators: Sequence[Indicator], reader: Reader) -> Iterable[Crossing]:
    if not indicators or not reader.standpoint.is_province:
        return
    columns = [(one, _by_unit(one, period_shown(one, reader.standpoint), reader)) for one in indicators]
    for unit_id in columns[0][1]:
        cells = tuple((one, found[unit_id]) for one, found in columns if unit_id in found)
        yield Crossing(unit_name(cells[0][1]), cells[0][1].code, cells)


def _by_unit(one: Indicator, period: Period, reader: Reader) -> Mapping[str, Figure]:
    question = reader.standpoint.question_of_all(one, period)
    return {figure.unit_id: figure for figure in figures(question, sees_cells=reader.sees_all(one))}


def _breakdown(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    found = [
        split
        for one in indicators
        for split in splits_of(
            one,
            reader.standpoint,
            period_shown(one, reader.standpoint),
            sees_cells=reader.sees(one),
            n=N_PARTS,
        )
    ]
    return {"splits": found}


def _decomposition(indicators: Sequence[Indicator], reader: Reader) -> dict[str, Any]:
    """What each component lacks, the most first; those of which nothing is known last."""
    found = [(one, own_figure(one, reader)) for one in indicators]
    largest = max((figure.value or 0 for _, figure in found), default=0) or 1
    lost = [Lost(one, figure, max(figure.value or 0, 0) / largest) for one, figure in found]
    lost.sort(key=lambda each: (each.figure.value is None, -(each.figure.value or 0)))
    values = [each.figure.value for each in lost if each.figure.value is not None]
    return {"lost": lost, "total": sum(values) if len(values) == len(lost) else None}


_SHOWN: Final[Mapping[Show, Callable[[Sequence[Indicator], Reader], dict[str, Any]]]] = {
    Show.FIGURES: _figures,
    Show.SERIES: _series,
    Show.RANKING: _ranking,
    Show.TABLE: _table,
    Show.BREAKDOWN: _breakdown,
    Show.DECOMPOSITION: _decomposition,
}


def sections_of(pack: Pack) -> tuple[Section, ...]:
    """The sections that the pack's page declares."""
    return pack.page.sections if pack.page else ()
