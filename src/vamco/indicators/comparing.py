"""Comparisons: with last year, the period before, five years, and each with its verdict and reason."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import fmean, stdev
from typing import Any, Final

from vamco.geography.comparability import Comparability, Verdict
from vamco.indicators.figure import Figure
from vamco.indicators.formula import since_new_year
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.verdicts import not_comparable, verdict_on
from vamco.vocabulary.period import Period

LEAST_YEARS: Final = 3  # of five, below which their mean says nothing


class Kind(StrEnum):
    """What a figure is compared with."""

    YEAR_ON_YEAR = "year_on_year"  # so với cùng kỳ
    PREVIOUS = "previous"
    CUMULATIVE = "cumulative"  # lũy kế, with that of the year before
    MOVING = "moving"  # the last so many periods with as many before them
    FIVE_YEARS = "five_years"  # the mean of the same period in five years


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside its base; every number is None where the verdict is that they are not comparable.

    `relative` is a share of the base (None where the base is zero); `spread` is the sample standard
    deviation of the `n` base figures where there are several.
    """

    kind: Kind
    figure: Figure
    bases: tuple[Figure, ...]  # those that the base was made of
    verdict: Verdict
    base: float | None = None
    absolute: float | None = None
    relative: float | None = None
    spread: float | None = None

    @property
    def n(self) -> int:
        """How many figures the base was made of."""
        return len(self.bases)

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON can carry it."""
        return {
            "kind": self.kind.value,
            "unit_id": self.figure.unit_id,
            "period": str(self.figure.period),
            "value": self.figure.value,
            "base_periods": [str(base.period) for base in self.bases],
            "base": self.base,
            "absolute": self.absolute,
            "relative": self.relative,
            "spread": self.spread,
            "n": self.n,
            **self.verdict.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class _Pairing:
    """The period that is compared, and those that it is compared with, as far as there are any."""

    subject: Period
    bases: tuple[Period, ...]


def compare(
    question: Question, kind: Kind, *, n: int | None = None, sees_cells: bool = False
) -> list[Comparison]:
    """One comparison for each figure of the question, in its order; bases are carried to the figure's map.

    `n` is the number of periods of a moving window (3) or of years (5).
    """
    by_map: defaultdict[date, list[Period]] = defaultdict(list)
    for period in question.periods:
        by_map[question.map_of(period)].append(period)
    found = {
        period: made
        for on, periods in by_map.items()
        for period, made in _on_one_map(replace(question, map_on=on), kind, n, periods, sees_cells).items()
    }
    return [comparison for period in question.periods for comparison in found[period]]


def _on_one_map(
    question: Question,
    kind: Kind,
    n: int | None,
    periods: Sequence[Period],
    sees_cells: bool,  # noqa: FBT001
) -> Mapping[Period, list[Comparison]]:
    pairings = {period: _pairing(kind, period, n) for period in periods}
    wanted = {p for pairing in pairings.values() for p in (pairing.subject, *pairing.bases)}
    asked = replace(question, periods=tuple(sorted(wanted)))
    known: defaultdict[Period, dict[str, Figure]] = defaultdict(dict)
    for figure in figures(asked, sees_cells=sees_cells):
        known[figure.period][figure.unit_id] = figure
    return {period: list(_compared(kind, pairing, known)) for period, pairing in pairings.items()}


def _compared(
    kind: Kind, pairing: _Pairing, known: Mapping[Period, Mapping[str, Figure]]
) -> Iterator[Comparison]:
    for unit_id, figure in known[pairing.subject].items():
        bases = [known[period][unit_id] for period in pairing.bases]
        judge = _with_many if kind is Kind.FIVE_YEARS else _with_one
        yield judge(kind, figure, bases)


def _with_one(kind: Kind, figure: Figure, bases: Sequence[Figure]) -> Comparison:
    if not bases:
        return Comparison(kind, figure, (), not_comparable("reason_no_counterpart", figure))
    verdict = verdict_on(figure, bases[0])
    return _measured(kind, figure, tuple(bases), verdict, bases[0].value)


def _with_many(kind: Kind, figure: Figure, bases: Sequence[Figure]) -> Comparison:
    """With the mean of those that are comparable; too few of them say nothing."""
    judged = [(base, verdict_on(figure, base)) for base in bases]
    usable = [(base, verdict) for base, verdict in judged if _holds(verdict)]
    if len(usable) < min(LEAST_YEARS, len(bases) or 1):
        first = next((verdict for _, verdict in judged if not _holds(verdict)), None)
        refused = first or not_comparable("reason_no_counterpart", figure)
        return Comparison(kind, figure, (), refused)
    worst = max((verdict for _, verdict in usable), key=lambda v: list(Comparability).index(v.comparability))
    numbers = [base.value for base, _ in usable if base.value is not None]
    made = _measured(kind, figure, tuple(base for base, _ in usable), worst, fmean(numbers))
    return replace(made, spread=stdev(numbers) if len(numbers) > 1 else None)


def _holds(verdict: Verdict) -> bool:
    return verdict.comparability is not Comparability.NOT_COMPARABLE


def _measured(
    kind: Kind, figure: Figure, bases: tuple[Figure, ...], verdict: Verdict, base: float | None
) -> Comparison:
    if not _holds(verdict) or base is None or figure.value is None:
        return Comparison(kind, figure, bases, verdict)
    absolute = figure.value - base
    return Comparison(kind, figure, bases, verdict, base, absolute, absolute / abs(base) if base else None)


def _pairing(kind: Kind, period: Period, n: int | None) -> _Pairing:
    return _PAIRINGS[kind](period, n)


def _year_on_year(period: Period, _: int | None) -> _Pairing:
    return _Pairing(period, _present(period.same_period_last_year()))


def _previous(period: Period, _: int | None) -> _Pairing:
    return _Pairing(period, (period.previous(),))


def _cumulative(period: Period, _: int | None) -> _Pairing:
    earlier = period.same_period_last_year()
    return _Pairing(since_new_year(period), _present(since_new_year(earlier) if earlier else None))


def _moving(period: Period, n: int | None) -> _Pairing:
    first = _window_back(period, n or 3)
    before = first.previous()
    return _Pairing(
        Period.between(first.start_on, period.end_on),
        (Period.between(_window_back(before, n or 3).start_on, before.end_on),),
    )


def _window_back(period: Period, n: int) -> Period:
    for _ in range(n - 1):
        period = period.previous()
    return period


def _five_years(period: Period, n: int | None) -> _Pairing:
    found: list[Period] = []
    earlier = period.same_period_last_year()
    while earlier and len(found) < (n or 5):
        found.append(earlier)
        earlier = earlier.same_period_last_year()
    return _Pairing(period, tuple(found))


def _present(period: Period | None) -> tuple[Period, ...]:
    return () if period is None else (period,)


_PAIRINGS: Final[Mapping[Kind, Callable[[Period, int | None], _Pairing]]] = {
    Kind.YEAR_ON_YEAR: _year_on_year,
    Kind.PREVIOUS: _previous,
    Kind.CUMULATIVE: _cumulative,
    Kind.MOVING: _moving,
    Kind.FIVE_YEARS: _five_years,
}
