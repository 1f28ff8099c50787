"""What changed: of each indicator the newest whole figure beside the same period, or the period before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all, known_between
from vamco.briefings.wording import change, subject, words
from vamco.geography.comparability import Comparability
from vamco.indicators.comparing import Comparison, Kind, compare
from vamco.indicators.figure import Figure, Release
from vamco.indicators.judging import bound_ids
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Packs
from vamco.vocabulary.messages import Language
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

N_PERIODS: Final = 4  # that are looked through for the newest figure
_LEAST_SHARE: Final = 0.1  # of the base; less is no news
_LEAST_POINTS: Final = 0.02  # of a share
_LEAST_COUNT: Final = 20  # of both numbers together: between smaller ones, chance makes large shares
_WORST_FIRST: Final = (*Severity, None)


@dataclass(frozen=True, slots=True)
class Move:
    """One figure's change; `refused` is the comparison with last year that could not be made."""

    indicator: Indicator
    compared: Comparison
    refused: Comparison | None
    is_new: bool

    @property
    def figure(self) -> Figure:
        """The figure that is new."""
        return self.compared.figure

    @property
    def size(self) -> float:
        """How much of the base; from nothing, all of it."""
        if self.compared.relative is None:
            return 1.0
        return abs(self.compared.relative)


def changed(audience: Audience, packs: Packs) -> list[Line]:
    """The moves worth telling: news first, then what is worst, then what moved most."""
    bounds = {name for indicator in packs.indicators for name in bound_ids(indicator.bands)}
    told = [one for one in audience.indicators(packs) if one.id not in bounds]
    moves = sorted((move for one in told for move in _moves(audience, one)), key=_order)
    return [_line(move) for move in moves]


def newest_periods(indicator: Indicator, on: date, n: int = N_PERIODS) -> tuple[Period, ...]:
    """The last periods that have begun by that day, newest first."""
    found = [Period.covering(indicator.period_type, on)]
    while len(found) < n:
        found.append(found[-1].previous())
    return tuple(found)


def _moves(audience: Audience, indicator: Indicator) -> Iterator[Move]:
    asked = audience.leading(indicator, newest_periods(indicator, audience.on))
    if asked is None:
        return
    asked = replace(asked, as_known_at=audience.known_at)
    for figure in _newest(figures(asked, sees_cells=True)):
        about = replace(asked, periods=(figure.period,), units=(figure.code,))
        move = _move(indicator, about, audience)
        if move and _is_notable(move):
            yield move


def _newest(found: Iterable[Figure]) -> list[Figure]:
    """The newest whole figure of each unit."""
    newest: dict[str, Figure] = {}
    for figure in found:
        is_whole = figure.value is not None and figure.release is not Release.ESTIMATE
        if is_whole:
            newest.setdefault(figure.unit_id, figure)
    return list(newest.values())


def _move(indicator: Indicator, about: Question, audience: Audience) -> Move | None:
    last_year, before = (
        compare(about, kind, sees_cells=True)[0] for kind in (Kind.YEAR_ON_YEAR, Kind.PREVIOUS)
    )
    is_new = known_between(last_year.figure, audience.before_at, audience.known_at)
    if _is_made(last_year):
        return Move(indicator, last_year, None, is_new)
    return Move(indicator, before, last_year, is_new) if _is_made(before) else None


def _is_made(compared: Comparison) -> bool:
    return compared.verdict.comparability is not Comparability.NOT_COMPARABLE


def _is_notable(move: Move) -> bool:
    compared, figure = move.compared, move.figure
    if compared.base is None or figure.value is None or not compared.absolute:
        return False
    if min(compared.base, figure.value) < 0:  # of less than nothing, no share can be told
        return False
    if move.indicator.is_percentage:
        return abs(compared.absolute) >= _LEAST_POINTS
    return move.size >= _LEAST_SHARE and abs(compared.base) + abs(figure.value) >= _LEAST_COUNT


def _order(move: Move) -> tuple[bool, int, float, int]:
    return (
        not move.is_new,
        _WORST_FIRST.index(move.figure.severity),
        -round(move.size, 2),
        move.indicator.rank,
    )


def _line(move: Move) -> Line:
    return Line(
        said=in_all(lambda language: _said(move, language)),
        why=in_all(lambda language: " ".join(_why(move, language))),
        figures=(move.figure, *move.compared.bases),
        severity=move.figure.severity,
        is_new=move.is_new,
    )


def _said(move: Move, language: Language) -> str:
    about = subject(move.figure, move.indicator, language)
    return words("sentence", language, subject=about, said=change(move.compared, move.indicator, language))


def _why(move: Move, language: Language) -> Iterator[str]:
    """What the change rests on, where that is not one whole and the same."""
    verdict = move.compared.verdict
    if verdict.comparability is Comparability.ESTIMATE:
        yield verdict.say(language)
    if move.refused:
        yield words("not_compared", language, verdict=move.refused.verdict.say(language))
