"""The communes coloured by an indicator: five classes of one hue, and a hatch where there is no value."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from vamco.geography.boundaries.store import Origin
from vamco.indicators.figure import Figure
from vamco.packs.indicator import Indicator
from vamco.vocabulary.observation import Nothing
from vamco.web.templatetags.figures import nothing
from vamco.web.templatetags.indicator_words import plain, value_words
from vamco.web.units.maps import Tile, day_map

N_CLASSES: Final = 5


@dataclass(frozen=True, slots=True)
class Coloured:
    """A unit on the map with its class (None without a value) and its value in words."""

    tile: Tile
    figure: Figure
    place: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    place: int | None
    words: str
    n_units: int


@dataclass(frozen=True, slots=True)
class Choropleth:
    """The map of one period."""

    on: date
    tiles: tuple[Coloured, ...]
    legend: tuple[Entry, ...]
    width: float
    height: float
    origin: Origin | None
    n_estimated: int


def choropleth_of(indicator: Indicator, found: Sequence[Figure]) -> Choropleth | None:
    """The map of these figures of one period; None where nothing can be drawn."""
    drawn = day_map(found[0].map_on) if found else None
    if drawn is None:
        return None
    cuts = _cuts(sorted({figure.value for figure in found if figure.value is not None}))
    by_unit = {figure.unit_id: figure for figure in found}
    tiles = [
        Coloured(tile, figure, _place(figure, cuts), value_words(figure, indicator))
        for tile in drawn.tiles
        if (figure := by_unit.get(tile.unit.unit_id))
    ]
    return Choropleth(
        drawn.on,
        tuple(tiles),
        (*_classes(indicator, found, cuts), *_nothings(found)),
        drawn.width,
        drawn.height,
        drawn.origin,
        sum(figure.is_estimated for figure in found),
    )


def _cuts(values: Sequence[float]) -> list[float]:
    """The values at which the next class begins: fifths of the distinct values."""
    if len(values) <= N_CLASSES:
        return list(values[1:])
    return [values[len(values) * n // N_CLASSES] for n in range(1, N_CLASSES)]


def _place(figure: Figure, cuts: Sequence[float]) -> int | None:
    return None if figure.value is None else bisect_right(cuts, figure.value)


def _classes(indicator: Indicator, found: Sequence[Figure], cuts: Sequence[float]) -> list[Entry]:
    groups: dict[int, list[float]] = {}
    for figure in found:
        if (place := _place(figure, cuts)) is not None and figure.value is not None:
            groups.setdefault(place, []).append(figure.value)
    return [Entry(place, _range(indicator, groups[place]), len(groups[place])) for place in sorted(groups)]


def _range(indicator: Indicator, values: Sequence[float]) -> str:
    low, high = plain(min(values), indicator), plain(max(values), indicator)
    return low if low == high else f"{low} – {high}"


def _nothings(found: Sequence[Figure]) -> list[Entry]:
    kinds = [Nothing(figure.status.value) for figure in found if figure.value is None]
    return [Entry(None, nothing(kind), kinds.count(kind)) for kind in Nothing if kind in kinds]
