"""What crossed a threshold since yesterday's briefing: as known this morning beside as known then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Q

from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all
from vamco.briefings.moves import newest_periods
from vamco.briefings.wording import (
    bound_in_words,
    listed,
    period_within,
    unit_name,
    value,
    words,
)
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.judging import bound_ids
from vamco.indicators.models import Observation
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Packs
from vamco.vocabulary.messages import Language
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

_MOST_KEPT: Final = 12  # figures of a line whose passports are kept


class Way(StrEnum):
    """How a figure moved between the bands."""

    ENTERED = "entered"
    WORSE = "worse"
    EASED = "eased"
    LEFT = "left"


_WAYS: Final = tuple(Way)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Units of one indicator and period that moved alike; `before` and `now` are the bands' levels."""

    indicator: Indicator
    period: Period
    before: Severity | None
    now: Severity | None
    figures: tuple[Figure, ...]

    @property
    def way(self) -> Way:
        """Into a band, to a worse or a lesser one, or out of all."""
        if self.before is None:
            return Way.ENTERED
        if self.now is None:
            return Way.LEFT
        is_worse = self.now.rank < self.before.rank
        return Way.WORSE if is_worse else Way.EASED

    @property
    def severity(self) -> Severity:
        """The worse level of the two."""
        return min((s for s in (self.before, self.now) if s), key=lambda one: one.rank)


def crossed(audience: Audience, packs: Packs) -> list[Line]:
    """The crossings: into bands before out of them, the worst first, then in order of publication."""
    told = [one for one in audience.indicators(packs) if one.bands and _has_news(one, audience)]
    found = sorted((c for one in told for c in _crossings(audience, one)), key=_order)
    return [_line(crossing) for crossing in found]


def _has_news(indicator: Indicator, audience: Audience) -> bool:
    """Whether anything became known since yesterday of the indicator, or of what its bands begin at."""
    after, until = audience.before_at, audience.known_at
    news = Q(known_since_at__gt=after, known_since_at__lte=until)
    gone = Q(superseded_at__gt=after, superseded_at__lte=until)
    names = (indicator.id, *bound_ids(indicator.bands), *_inputs(indicator))
    return Observation.objects.filter(news | gone, indicator__in=names).exists()


def _inputs(indicator: Indicator) -> Iterator[str]:
    for definition in indicator.definitions:
        for name in definition.formula.inputs.values() if definition.formula else ():
            yield name
            yield from _inputs(indicator_of(name))


def _crossings(audience: Audience, indicator: Indicator) -> Iterator[Crossing]:
    for question in audience.questions(indicator, newest_periods(indicator, audience.on)):
        before = _standing(question, audience.before_at)
        now = _standing(question, audience.known_at)
        yield from _grouped(indicator, before, now)


def _standing(question: Question, at: datetime) -> dict[str, Figure]:
    """The newest figure of each unit that can be judged, as known at that moment."""
    standing: dict[str, Figure] = {}
    for figure in figures(replace(question, as_known_at=at), sees_cells=True):
        if _is_judged(figure):
            standing.setdefault(figure.unit_id, figure)
    return standing


def _is_judged(figure: Figure) -> bool:
    """A partial figure that is in no band yet says nothing."""
    is_whole = figure.value is not None and figure.status is not ObservationStatus.PARTIAL
    return is_whole or figure.severity is not None


def _grouped(
    indicator: Indicator, before: Mapping[str, Figure], now: Mapping[str, Figure]
) -> Iterator[Crossing]:
    groups: defaultdict[tuple[Period, Severity | None, Severity | None], list[Figure]] = defaultdict(list)
    for unit_id, figure in now.items():
        was = before[unit_id].severity if unit_id in before else None
        if was is not figure.severity:
            groups[figure.period, was, figure.severity].append(figure)
    for (period, was, level), found in groups.items():
        yield Crossing(indicator, period, was, level, _worst_first(indicator, found))


def _worst_first(indicator: Indicator, found: Iterable[Figure]) -> tuple[Figure, ...]:
    is_low_bad = indicator.direction == "higher"
    return tuple(sorted(found, key=lambda f: ((f.value or 0) * (1 if is_low_bad else -1), f.unit_id)))


def _order(crossing: Crossing) -> tuple[int, int, int, bool]:
    of_communes = crossing.figures[0].level != "province"
    severity = crossing.severity.rank
    return (_WAYS.index(crossing.way), severity, crossing.indicator.rank, of_communes)


def _line(crossing: Crossing) -> Line:
    return Line(
        said=in_all(lambda language: _said(crossing, language)),
        why=in_all(lambda language: _why(crossing, language)),
        figures=crossing.figures[:_MOST_KEPT],
        severity=crossing.now,
    )


def _said(crossing: Crossing, language: Language) -> str:
    indicator, level = crossing.indicator, crossing.figures[0].level
    details = {
        "title": indicator.title.in_(language),
        "period": period_within(crossing.period, language),
        "who": _who(crossing, language),
        "to": crossing.now.in_(language) if crossing.now else "",
        "from_level": crossing.before.in_(language) if crossing.before else "",
        "value": value(crossing.figures[0], indicator, language),
    }
    return words(f"{crossing.way}_{'province' if level == 'province' else 'units'}", language, **details)


def _who(crossing: Crossing, language: Language) -> str:
    """The units with their values, the worst first."""
    named = [
        f"{unit_name(figure)} ({value(figure, crossing.indicator, language)})" for figure in crossing.figures
    ]
    return listed(named, "and_other_units", language)


def _why(crossing: Crossing, language: Language) -> str:
    """Where the band begins, and on whose word."""
    level = crossing.now or crossing.before
    band = next((b for b in crossing.indicator.bands if b.severity is level), None)
    if band is None:
        return ""
    return words("band", language, bound=bound_in_words(band, crossing.indicator, language))
