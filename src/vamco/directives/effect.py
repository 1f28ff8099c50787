"""Whether the figure that prompted a directive moved after it was done, and by what right that is said.

Before is the period that was frozen with the directive, after is the first whole period that begins after the last
assignment was confirmed; both stand on the map of the later one. It moved when the change for the better is larger
than nine of ten changes over as many periods in the past, or when an abnormal figure is abnormal no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import Any, Final

from django.utils import timezone

from vamco.directives.evidence import Frozen
from vamco.directives.models import Directive
from vamco.directives.transitions import Status, Verb
from vamco.geography.comparability import Comparability, Verdict
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.territory import territory_now
from vamco.indicators.verdicts import verdict_on
from vamco.packs.indicator import Direction
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

LEAST_PAST: Final = 8  # changes of the past, below which their size says nothing
MOST_PAST: Final = 104
MOST_YEARS: Final = 5
_USUAL_SHARE: Final = 0.9
_NOT_YET: Final = frozenset({ObservationStatus.MISSING, ObservationStatus.LATE, ObservationStatus.PARTIAL})
_BETTER: Final = {Direction.HIGHER: 1, Direction.LOWER: -1, Direction.NEITHER: 0}


class Judgement(StrEnum):
    """What is said of the effect."""

    MOVED = "moved"
    DID_NOT_MOVE = "did_not_move"
    TOO_EARLY = "too_early"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The figure that a directive answers: which indicator, where, when, and the bound that an alert crossed."""

    indicator: str
    unit_id: str
    period: Period
    breakdown: str = ""
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The judgement with all that it rests on; `reason` is a key of this or the indicators' messages.

    `least` is the change that would have counted as one, out of `n_past` changes of the past.
    """

    judgement: Judgement
    reason: str
    details: Mapping[str, Any]
    prompt: Prompt | None = None
    before: Figure | None = None
    after: Figure | None = None
    change: float | None = None
    least: float | None = None
    n_past: int = 0
    is_back_to_normal: bool = False

    def say(self, language: Language) -> str:
        """The judgement and its reason as one line."""
        judged = say(f"directives.effect_{self.judgement}", language)
        return f"{judged} {say(self.reason, language, **self.details)}"

    def as_dict(self) -> dict[str, Any]:
        """The effect as JSON can carry it."""
        return {
            "judgement": self.judgement.value,
            "reason": self.reason,
            "details": dict(self.details),
            "before": self.before.as_dict() if self.before else None,
            "after": self.after.as_dict() if self.after else None,
            "change": self.change,
            "least": self.least,
            "n_past": self.n_past,
            "is_back_to_normal": self.is_back_to_normal,
        }


def effect_of(
    directive: Directive, *, sees_cells: bool = False, as_known_at: datetime | None = None
) -> Effect:
    """What became of the figure that prompted the directive, as known now or then."""
    prompt = next(filter(None, map(prompt_of, directive.prompted_by)), None)
    if prompt is None:
        return _without_number(Judgement.NOT_COMPARABLE, "effect_no_figure", None)
    done_on = completed_on(directive, as_known_at)
    if done_on is None:
        return _without_number(Judgement.TOO_EARLY, "effect_not_done", prompt)
    return effect_since(prompt, done_on, sees_cells=sees_cells, as_known_at=as_known_at)


def effect_since(
    prompt: Prompt, done_on: date, *, sees_cells: bool = False, as_known_at: datetime | None = None
) -> Effect:
    """What became of the figure since the work was done on that day."""
    after = first_period_after(prompt, done_on)
    if after.end_on >= timezone.localdate(as_known_at):
        return _without_number(
            Judgement.TOO_EARLY, "effect_period_not_over", prompt, period=after.title.as_dict()
        )
    line = _line(prompt, after, sees_cells=sees_cells, as_known_at=as_known_at)
    found = {figure.period: figure for figure in line}
    return _judged(prompt, line, found[prompt.period], found[after])


def prompt_of(frozen: Frozen) -> Prompt | None:
    """The figure that frozen evidence speaks of; None where it speaks of something else, as of a silent source."""
    facts = frozen["alert"] if frozen["kind"] == "alert" else frozen["figure"]
    if not all(facts.get(name) for name in ("indicator", "unit_id", "period")):
        return None
    bound = facts.get("bound") if facts.get("is_bound_of_figure", True) else None
    return Prompt(
        facts["indicator"],
        facts["unit_id"],
        Period.parse(facts["period"]),
        facts.get("breakdown") or "",
        float(bound) if isinstance(bound, int | float) else None,
    )


def completed_on(directive: Directive, as_known_at: datetime | None = None) -> date | None:
    """The day on which the last open assignment was confirmed; None while one is open, or none was done."""
    as_known_at = as_known_at or timezone.now()
    moments = []
    for assignment in directive.assignments.all():
        events = [event for event in assignment.events.all() if event.at <= as_known_at]
        status = events[-1].to_status if events else Status.CANCELLED
        if status not in (Status.COMPLETED, Status.CANCELLED):
            return None
        moments += [event.at for event in events if event.verb == Verb.CONFIRM and status == Status.COMPLETED]
    return timezone.localdate(max(moments)) if moments else None


def first_period_after(prompt: Prompt, done_on: date) -> Period:
    """The first period of the prompt's length that begins after that day, and after the prompt's own."""
    period = prompt.period.next()
    while period.start_on <= done_on:
        period = period.next()
    return period


def line_so_far(
    prompt: Prompt, *, sees_cells: bool = False, as_known_at: datetime | None = None
) -> Sequence[Figure]:
    """Figures for one chart: the past, the period that prompted the order, and every period that is over since."""
    last, today = prompt.period, timezone.localdate(as_known_at)
    while last.next().end_on < today:
        last = last.next()
    return _line(prompt, last, sees_cells=sees_cells, as_known_at=as_known_at)


def _line(
    prompt: Prompt, last: Period, *, sees_cells: bool, as_known_at: datetime | None
) -> Sequence[Figure]:
    """Figures of every period from the past up to the last, on the last one's map, in order of time."""
    unit = territory_now().register.get(prompt.unit_id)
    asked = Question(
        indicator_of(prompt.indicator),
        periods_between(prompt.period, last),
        unit.level,
        (unit.code,),
        map_on=last.end_on,
        as_known_at=as_known_at,
        breakdown=prompt.breakdown,
    )
    return figures(asked, sees_cells=sees_cells)


def periods_between(before: Period, after: Period) -> tuple[Period, ...]:
    """All periods from before to after, and as much of the past as changes are taken from."""
    found = [after]
    while found[-1] != before:
        found.append(found[-1].previous())
    oldest = before.start_on.year - MOST_YEARS
    for _ in range(MOST_PAST):
        earlier = found[-1].previous()
        if earlier.start_on.year < oldest:
            break
        found.append(earlier)
    return tuple(reversed(found))


def _judged(prompt: Prompt, line: Sequence[Figure], before: Figure, after: Figure) -> Effect:
    if after.status in _NOT_YET:
        title = after.period.title.as_dict()
        return _without_number(Judgement.TOO_EARLY, "effect_not_delivered", prompt, period=title)
    verdict = verdict_on(after, before)
    if verdict.comparability is Comparability.NOT_COMPARABLE or before.value is None or after.value is None:
        return _of_verdict(verdict, prompt, before, after)
    return _measured(prompt, line, before, after)


def _measured(prompt: Prompt, line: Sequence[Figure], before: Figure, after: Figure) -> Effect:
    change = (after.value or 0.0) - (before.value or 0.0)
    past = past_changes(line, before, after)
    least = usual_change(past)
    is_back = _is_back_to_normal(prompt, before, after)
    judgement, reason = _judgement(prompt, change, least, is_back=is_back)
    return Effect(
        judgement,
        f"directives.{reason}",
        {"n": len(past), "before": before.period.title.as_dict(), "after": after.period.title.as_dict()},
        prompt,
        before,
        after,
        change,
        least,
        len(past),
        is_back,
    )


def _judgement(prompt: Prompt, change: float, least: float | None, *, is_back: bool) -> tuple[Judgement, str]:
    if is_back:
        return Judgement.MOVED, "effect_back_to_normal"
    if least is None:
        return Judgement.NOT_COMPARABLE, "effect_too_little_past"
    better = _BETTER[indicator_of(prompt.indicator).direction] * change
    if better == 0 and change != 0:
        return Judgement.NOT_COMPARABLE, "effect_no_better_way"
    if better > least:
        return Judgement.MOVED, "effect_more_than_usual"
    return Judgement.DID_NOT_MOVE, "effect_got_worse" if better < -least else "effect_within_the_usual"


def past_changes(line: Sequence[Figure], before: Figure, after: Figure) -> list[float]:
    """Changes over as many periods as lie between the two, all of them over before the first of the two."""
    values = [figure.value for figure in line]
    at, lag = line.index(before), line.index(after) - line.index(before)
    pairs = zip(values[: at - lag + 1], values[lag : at + 1], strict=True) if at >= lag else ()
    return [later - earlier for earlier, later in pairs if earlier is not None and later is not None]


def usual_change(past: Sequence[float]) -> float | None:
    """The size that nine of ten changes of the past do not exceed; None where there are too few."""
    if len(past) < LEAST_PAST:
        return None
    sizes = sorted(map(abs, past))
    return sizes[ceil(_USUAL_SHARE * len(sizes)) - 1]


def _is_back_to_normal(prompt: Prompt, before: Figure, after: Figure) -> bool:
    """By the alert's own bound where it has one, else by the indicator's bands."""
    sign = _BETTER[indicator_of(prompt.indicator).direction]
    if prompt.bound is not None and sign:
        was, now = ((figure.value or 0.0) * sign for figure in (before, after))
        return was <= prompt.bound * sign < now
    return before.severity is not None and after.severity is None


def _of_verdict(verdict: Verdict, prompt: Prompt, before: Figure, after: Figure) -> Effect:
    return Effect(Judgement.NOT_COMPARABLE, verdict.reason, verdict.details, prompt, before, after)


def _without_number(judgement: Judgement, reason: str, prompt: Prompt | None, **details: Any) -> Effect:
    return Effect(judgement, f"directives.{reason}", details, prompt)
