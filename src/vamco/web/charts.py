"""Charts drawn by the server: geometry only, in the units of the drawing; the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
N_LABELS: Final = 4
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 56, 12, 190
_MARGIN: Final = 40  # from the sides, where words about their middle would stick out


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: its place, its words, and the page that it opens."""

    x: float
    y: float
    label: str
    value: float
    address: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A level that the drawing marks."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Label:
    """Words below the drawing, held inside it; `is_between` for those that a phone leaves out."""

    x: float
    words: str
    anchor: str
    is_between: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A series from 0 to 100 through time; where a value is missing the line breaks."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    grid: tuple[Line, ...]
    limits: tuple[Line, ...]
    labels: tuple[Label, ...]

    @property
    def last(self) -> Dot | None:
        """The value that the drawing names."""
        return self.dots[-1] if self.dots else None


def score_chart(points: Sequence[tuple[str, float | None, str]], limits: tuple[int, ...]) -> Chart:
    """Scores (label, score or None, address), oldest first; `limits` are levels that mean something."""
    step = (WIDTH - _LEFT - _RIGHT) / max(len(points) - 1, 1)
    places = [(_LEFT + n * step, *point) for n, point in enumerate(points)]
    every = -(-len(points) // N_LABELS) or 1
    return Chart(
        dots=tuple(
            Dot(x, _height(score), label, score, address, score < min(limits))
            for x, label, score, address in places
            if score is not None
        ),
        paths=tuple(_paths([(x, score) for x, _, score, _ in places])),
        grid=tuple(Line(_height(value), value) for value in (0, 50, 100)),
        limits=tuple(Line(_height(value), value) for value in limits),
        labels=_labels([(x, label) for x, label, *_ in places[::-every][::-1]]),
    )


def _labels(places: Sequence[tuple[float, str]]) -> tuple[Label, ...]:
    last = len(places) - 1
    return tuple(Label(x, words, _anchor(x), is_between=0 < n < last) for n, (x, words) in enumerate(places))


def _anchor(x: float) -> str:
    if x < _LEFT + _MARGIN:
        return "start"
    return "end" if x > WIDTH - _RIGHT - _MARGIN else "middle"


def _height(score: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * score / 100, 1)


def _paths(places: Sequence[tuple[float, float | None]]) -> list[str]:
    """One polyline for each unbroken run; a gap stays a gap."""
    runs: list[list[str]] = [[]]
    for x, score in places:
        if score is None:
            runs.append([])
        else:
            runs[-1].append(f"{x:.1f},{_height(score)}")
    return [" ".join(run) for run in runs if len(run) > 1]
