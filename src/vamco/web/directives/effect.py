"""The figure that prompted a directive, before and after, on one chart, with what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from vamco.directives.effect import Effect, Prompt, completed_on, effect_of, line_so_far
from vamco.directives.models import Directive
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import ObservationStatus
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import may_read
from vamco.web.indicators.exporting import facts_of
from vamco.web.indicators.plots import Break, Plot, Series
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day

N_DRAWN = 60  # periods, of which one chart still lets each be seen


@dataclass(frozen=True, slots=True)
class Shown:
    """The effect in words; `plot` is None where there is no figure, or none for this reader."""

    effect: Effect
    words: str
    plot: Plot | None = None
    facts: tuple[tuple[str, str], ...] = ()
    file: str = ""


def effect_shown(request: SignedRequest, directive: Directive) -> Shown:
    """The effect of the directive as known now."""
    effect = effect_of(directive)
    words = effect.say(language_now())
    if effect.prompt is None:
        return Shown(effect, words)
    indicator = indicator_of(effect.prompt.indicator)
    unit = territory_now().register.get(effect.prompt.unit_id)
    if not may_read(request.actor, indicator, unit):
        return Shown(effect, words)
    line = line_so_far(effect.prompt)[-N_DRAWN:]
    standpoint = _standpoint(effect.prompt, line)
    address = request.build_absolute_uri(request.path)
    file = f"{reverse('indicator-file', args=indicator.id.split('.', 1))}?{standpoint.query()}"
    plot = _plot(directive, effect.prompt, indicator, line, standpoint)
    return Shown(effect, words, plot, tuple(facts_of([indicator], standpoint, address)), file)


def _standpoint(prompt: Prompt, line: Sequence[Figure]) -> Standpoint:
    unit = territory_now().register.get(prompt.unit_id)
    map_on = line[-1].map_on
    carried = {"unit": unit.code, "map": map_on.isoformat(), "period": str(line[-1].period)}
    return Standpoint(unit, map_on.isoformat(), map_on, line[-1].period, None, carried)


def _plot(
    directive: Directive, prompt: Prompt, indicator: Indicator, line: Sequence[Figure], standpoint: Standpoint
) -> Plot:
    label = indicator.short.in_(language_now())
    series = [Series(label, indicator, tuple(line)), *_bound(prompt, indicator, line)]
    title = say("web.watch_chart", language_now(), indicator=label, unit=standpoint.unit.name)
    periods = tuple(figure.period for figure in line)
    return Plot(f"effect-{directive.pk}", title, tuple(series), periods, _marks(directive, line), standpoint)


def _bound(prompt: Prompt, indicator: Indicator, line: Sequence[Figure]) -> list[Series]:
    """What the alert was measured against, as a level line."""
    if prompt.bound is None:
        return []
    level = tuple(
        replace(one, value=prompt.bound, status=ObservationStatus.NORMAL, estimated_share=0.0) for one in line
    )
    return [Series(say("web.directive_bound", language_now()), indicator, level, is_threshold=True)]


def _marks(directive: Directive, line: Sequence[Figure]) -> tuple[Break, ...]:
    """When it was ordered and when it was done, as far as the chart reaches; in one period as one mark."""
    days = {"ordered_on": timezone.localdate(directive.entered_at), "done_on": completed_on(directive)}
    found: dict[int, list[str]] = {}
    for name, on in days.items():
        at = next((n for n, one in enumerate(line) if on and one.period.end_on >= on), None)
        if at and on:
            found.setdefault(at, []).append(say(f"web.directive_{name}", language_now(), on=day(on)))
    return tuple(Break(at, " · ".join(words)) for at, words in found.items())
