"""Rank among peers of one map, and since when the worst have been that bad."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.packs.indicator import Direction, Indicator
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

LOOKS_BACK: Final = 36  # periods

IsBad = Callable[[Figure], bool]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A figure's place, 1 first; equal values share a place, and what is not whole has none."""

    figure: Figure
    place: int | None
    n_ranked: int
    n_peers: int

    def as_dict(self) -> dict[str, Any]:
        """The place as JSON can carry it."""
        return {
            "unit_id": self.figure.unit_id,
            "value": self.figure.value,
            "status": self.figure.status.value,
            "place": self.place,
            "n_ranked": self.n_ranked,
            "n_peers": self.n_peers,
        }


@dataclass(frozen=True, slots=True)
class Since:
    """The first period of an unbroken run of bad ones; `is_at_least` where nothing is known before it."""

    period: Period
    n_periods: int
    is_at_least: bool


def rank(question: Question, *, worst_first: bool = False, sees_cells: bool = False) -> list[Ranked]:
    """The units of the question's one period in order of their place, those without one at the end.

    The better value comes first, the higher one where neither is better.
    """
    found = figures(question, sees_cells=sees_cells)
    whole = _comparable(found)
    ordered = sorted(whole, key=lambda f: (_cost(question.indicator, f), f.unit_id), reverse=worst_first)
    places = _places([_cost(question.indicator, figure) for figure in ordered])
    rest = [(figure, None) for figure in found if figure not in whole]
    return [
        Ranked(figure, place, len(whole), len(found))
        for figure, place in (*zip(ordered, places, strict=True), *rest)
    ]


def since_when(
    question: Question, units: Iterable[str], is_bad: IsBad | None = None, *, sees_cells: bool = False
) -> dict[str, Since]:
    """Since when each of these codes has been bad without a break, up to the question's one period.

    Bad is to be in a band, unless `is_bad` says otherwise. Units that are not bad now are left out.
    """
    (period,) = question.periods
    history = [period]
    while len(history) < LOOKS_BACK:
        history.append(history[-1].previous())
    asked = replace(question, periods=tuple(history), units=tuple(units), map_on=question.map_of(period))
    by_unit: dict[str, list[Figure]] = {}
    for figure in figures(asked, sees_cells=sees_cells):
        by_unit.setdefault(figure.unit_id, []).append(figure)
    runs = {unit_id: _run(series, is_bad or _is_in_a_band) for unit_id, series in by_unit.items()}
    return {unit_id: since for unit_id, since in runs.items() if since is not None}


def beyond(indicator: Indicator, line: float) -> IsBad:
    """Bad is to be on the worse side of the line."""
    if indicator.direction is Direction.HIGHER:
        return lambda figure: figure.value is not None and figure.value < line
    return lambda figure: figure.value is not None and figure.value > line


def _run(newest_first: Sequence[Figure], is_bad: IsBad) -> Since | None:
    n_bad = next((i for i, figure in enumerate(newest_first) if not is_bad(figure)), len(newest_first))
    if not n_bad:
        return None
    is_unknown_before = n_bad == len(newest_first) or newest_first[n_bad].value is None
    return Since(newest_first[n_bad - 1].period, n_bad, is_unknown_before)


def _is_in_a_band(figure: Figure) -> bool:
    return figure.severity is not None


def _comparable(found: Sequence[Figure]) -> list[Figure]:
    """Whole figures; or, while no period is over for anybody, those that are equally far."""
    valued = [figure for figure in found if figure.value is not None]
    furthest = max((figure.coverage for figure in valued), default=0.0)
    return [figure for figure in valued if _is_whole(figure) or _is_as_far(figure, furthest)]


def _is_whole(figure: Figure) -> bool:
    return figure.status is not ObservationStatus.PARTIAL


def _is_as_far(figure: Figure, furthest: float) -> bool:
    lacks_parts = figure.missing_units or figure.missing_periods
    return not lacks_parts and figure.coverage == furthest < 1


def _cost(indicator: Indicator, figure: Figure) -> float:
    """Less is better."""
    value = figure.value or 0.0
    return value if indicator.direction is Direction.LOWER else -value


def _places(costs: Sequence[float]) -> list[int]:
    """1, 2, 2, 4: equal ones share the place of the first of them."""
    first: Mapping[float, int] = {cost: i for i, cost in reversed(list(enumerate(costs, start=1)))}
    return [first[cost] for cost in costs]
