"""What is set side by side: indicators × units over common periods, at most five series, and every pair judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.http import HttpRequest

from vamco.geography.comparability import Comparability, Verdict
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.declared import indicator_of
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.territory import require_on_map, territory_now
from vamco.indicators.verdicts import not_comparable
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.web.indicators.periods import history, period_shown
from vamco.web.indicators.plots import MOST_SERIES, Plot, Series, plot_of
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.services.sections import Reader


@dataclass(frozen=True, slots=True)
class Pair:
    """Two series and whether they may be set side by side."""

    one: str
    other: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    indicators: tuple[Indicator, ...]
    units: tuple[AdministrativeUnit, ...]

    @property
    def n_series(self) -> int:
        """How many lines that makes."""
        return len(self.indicators) * len(self.units)


def wanted(request: HttpRequest, standpoint: Standpoint) -> Wanted:
    """The indicators and units under `indicator` and `with`, each given as often as wanted.

    Raises `Misused` where they make more than five series, `NotFound`, and `Refused` for a unit that
    is not on the map.
    """
    ids = dict.fromkeys(text for text in request.GET.getlist("indicator") if text)
    codes = dict.fromkeys(text for text in request.GET.getlist("with") if text)
    units = tuple(_unit(code, standpoint) for code in codes) or (standpoint.unit,)
    found = Wanted(tuple(map(indicator_of, ids)), units)
    if found.n_series > MOST_SERIES:
        raise Misused("web.too_many_series", n=found.n_series, most=MOST_SERIES)
    return found


def _unit(code: str, standpoint: Standpoint) -> AdministrativeUnit:
    register = territory_now().register
    lives = register.lives_of(code)
    found = register.find(code, standpoint.on)
    if found is None and lives:
        require_on_map(lives[-1], standpoint.on)
    return found or register.unit(code, standpoint.on)


def plots_of(asked: Wanted, reader: Reader) -> list[Plot]:
    """One plot for each unit of measure and kind of period: only what has one scale shares an axis."""
    groups: dict[tuple[str, str], list[Indicator]] = {}
    for one in asked.indicators:
        groups.setdefault((one.unit_of_measure.vi, one.period_type), []).append(one)
    return [_plot(group, asked, reader, place) for place, group in enumerate(groups.values(), start=1)]


def _plot(group: Sequence[Indicator], asked: Wanted, reader: Reader, place: int) -> Plot:
    last = min(period_shown(one, reader.standpoint) for one in group)
    periods = history(group[0], last)
    series = [_series(one, unit, periods, asked, reader) for one in group for unit in asked.units]
    title = "; ".join(each.label for each in series)
    return plot_of(f"compare-{place}", title, reader.standpoint, series)


def _series(
    one: Indicator, unit: AdministrativeUnit, periods: Sequence[Period], asked: Wanted, reader: Reader
) -> Series:
    at = reader.standpoint
    question = Question(one, tuple(periods), Level(unit.level), (unit.code,), at.map_on, at.as_known_at)
    found = figures(question, sees_cells=reader.sees_unit(one, unit))
    return Series(label_of(one, unit, asked), one, tuple(found))


def label_of(one: Indicator, unit: AdministrativeUnit, asked: Wanted) -> str:
    """What tells the line apart from the others: the unit, the indicator, or both."""
    name = one.short.in_(language_now())
    if len(asked.indicators) == 1:
        return unit.name
    return name if len(asked.units) == 1 else f"{name}, {unit.name}"


def pairs_of(plots: Sequence[Plot]) -> list[Pair]:
    """Every two series with their verdict; those on different axes are never comparable."""
    placed = [(plot.key, series) for plot in plots for series in plot.series]
    return [
        Pair(one.label, other.label, _verdict(one, other, is_one_axis=key == other_key))
        for (key, one), (other_key, other) in combinations(placed, 2)
    ]


def _verdict(one: Series, other: Series, *, is_one_axis: bool) -> Verdict:
    """By the newest figures: what is measured, and how far each can be trusted."""
    first, second = one.figures[-1], other.figures[-1]
    if not is_one_axis:
        return not_comparable("reason_other_measure", first)
    for figure in (first, second):
        if figure.value is None:
            return not_comparable(f"reason_{figure.status.value}", figure, least=one.indicator.minimum_count)
        if figure.status == "partial":
            return not_comparable("reason_partial", figure)
    if one.indicator.id != other.indicator.id:
        return Verdict(Comparability.ESTIMATE, "indicators.reason_other_indicator")
    if first.is_estimated or second.is_estimated:
        share = round(max(first.estimated_share, second.estimated_share) * 100, 1)
        details = {"share": share, "period": first.period.title.as_dict()}
        return Verdict(Comparability.ESTIMATE, "indicators.reason_estimated", details)
    if _is_an_amount(one, other):
        return Verdict(Comparability.ESTIMATE, "indicators.reason_other_size")
    return Verdict(Comparability.COMPARABLE, "indicators.reason_same_measure")


def _is_an_amount(one: Series, other: Series) -> bool:
    """Whether a count of one place stands beside that of another, larger or smaller, place."""
    is_other_unit = one.figures[-1].unit_id != other.figures[-1].unit_id
    return is_other_unit and one.indicator.over_units == "additive"
