"""Indicators, their figures and passports over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router

from vamco.geography.unit import Level
from vamco.indicators.comparing import Comparison, compare
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.definition_words import formula_in_words
from vamco.indicators.figure import Figure
from vamco.indicators.passport import passport as passport_of
from vamco.indicators.question import Question
from vamco.indicators.ranking import rank
from vamco.indicators.reading import figures as figures_of
from vamco.indicators.supply_of import datasets_behind
from vamco.indicators.territory import territory_now
from vamco.intake.simulated import holds_simulated
from vamco.packs.indicator import Definition, Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import LANGUAGES
from vamco.vocabulary.period import Period
from vamco.web.api.conditional import until_figures_change
from vamco.web.api.figure_schemas import (
    FiguresAsked,
    FiguresOut,
    IndicatorDetailOut,
    IndicatorOut,
    PassportOut,
)
from vamco.web.api.schemas import ErrorOut
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import readable, require_read
from vamco.web.language import language_now
from vamco.web.parameters import moment_asked
from vamco.web.passport.address import pinned
from vamco.web.passport.asking import (
    figure_asked,
    map_asked,
    named_unit,
    newest_known,
    newest_period,
)
from vamco.web.passport.cells import sees_cells
from vamco.web.passport.proof import proof_of
from vamco.web.passport.resting_on import resting_on

router = Router(tags=["indicators"])

MOST_FIGURES: Final = 20_000
_ERRORS: Final = {304: None, 400: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut}


@router.get("/indicators", response={200: list[IndicatorOut], 304: None}, url_name="indicators")
@until_figures_change
def indicators(request: SignedRequest, response: HttpResponse, service: str = "") -> list[dict[str, Any]]:  # noqa: ARG001
    """The indicators that the caller may read, of all services or of one, in order of publication."""
    found = packs().pack(service).indicators if service else packs().indicators
    return [_indicator(one) for one in readable(request.actor, found)]


@router.get("/indicators/{indicator_id}", response={200: IndicatorDetailOut, **_ERRORS}, url_name="indicator")
@until_figures_change
def indicator(request: SignedRequest, response: HttpResponse, indicator_id: str) -> dict[str, Any]:  # noqa: ARG001
    """One indicator with its definitions, what it can be split by, and what it rests on."""
    one = indicator_of(indicator_id)
    require_read(request.actor, one)
    newest, datasets = newest_known(one), datasets_behind(one)
    return {
        **_indicator(one),
        "definitions": [_definition(definition) for definition in one.definitions],
        "breakdowns": {part.column: part.title.as_dict() for part in one.breakdowns},
        "datasets": datasets,
        "newest_period": str(newest) if newest else None,
        "is_simulated": holds_simulated(datasets),
    }


@router.get("/indicators/{indicator_id}/figures", response={200: FiguresOut, **_ERRORS}, url_name="figures")
@until_figures_change
def figures(
    request: SignedRequest,
    response: HttpResponse,  # noqa: ARG001  carries the tag
    indicator_id: str,
    asked: Query[FiguresAsked],
) -> dict[str, Any]:
    """Figures of one indicator: for units or a whole level, periods, on any map, as known at any moment.

    Nothing is left out: where nothing is known the figure says so. At most 20,000 at once.
    """
    one = indicator_of(indicator_id)
    plan = _plan(request, one, asked)
    return {
        "indicator": _indicator(one),
        "is_simulated": holds_simulated(datasets_behind(one)),
        "figures": [_figure(f) for f in figures_of(plan.question, sees_cells=plan.sees)],
        "comparisons": [
            _comparison(found)
            for kind in asked.compare
            for found in compare(plan.question, kind, sees_cells=plan.sees)
        ],
        "ranks": list(_ranks(plan)) if asked.rank else [],
    }


@router.get(
    "/indicators/{indicator_id}/passport", response={200: PassportOut, **_ERRORS}, url_name="passport"
)
@until_figures_change
def passport(
    request: SignedRequest,
    response: HttpResponse,  # noqa: ARG001
    indicator_id: str,
    unit: str = "",  # noqa: ARG001  read with the rest of the address
    on: str = "",  # noqa: ARG001
    period: str = "",  # noqa: ARG001
    map: str = "",  # noqa: A002, ARG001
    as_known_at: str = "",  # noqa: ARG001
    definition: int | None = None,  # noqa: ARG001
    breakdown: str = "",  # noqa: ARG001
    *,
    verify: bool = False,
) -> dict[str, Any]:
    """One figure with its formula, sides, law, deliveries and vintages; with `verify`, recomputed now.

    Takes the parameters of the page `/passports/`: the unit's code, the day `on` which it means that
    unit, the period, the map (`today`, `as-reported` or a day), the moment of knowledge.
    """
    asked = figure_asked(request, indicator_of(indicator_id))
    sees = sees_cells(request.actor, asked.question.indicator, asked.unit)
    require_read(request.actor, asked.question.indicator, asked.unit)
    found = passport_of(asked.question, sees_cells=sees)
    resting = resting_on(found)
    return {
        **found.as_dict(),
        "deliveries": [one.as_dict() for one in resting.shown],
        "is_simulated": resting.is_simulated,
        "address": request.build_absolute_uri(pinned(asked.question, found.figure)),
        "proof": proof_of(found.figure).as_dict() if verify else None,
    }


@dataclass(frozen=True, slots=True)
class _Plan:
    question: Question
    sees: bool


def _plan(request: SignedRequest, one: Indicator, asked: FiguresAsked) -> _Plan:
    """The question as asked, narrowed to what the caller may read. Raises `Misused`, `Forbidden`, `NotFound`."""
    at = moment_asked(request, "as_known_at")
    map_on = map_asked(asked.map, timezone.localdate(at))
    periods = _periods(asked, newest_period(one, at))
    named_on = map_on or periods[-1].end_on
    register = territory_now().register
    units = [named_unit(register, code, named_on) for code in asked.unit]
    level = asked.level or (units[0].level if units else Level(one.level))
    only = units[0] if len(units) == 1 else None
    require_read(request.actor, one, only)
    question = Question(
        one, periods, level, tuple(asked.unit) or None, map_on, at, asked.definition, asked.breakdown
    )
    _require_few(question, named_on)
    return _Plan(question, sees_cells(request.actor, one, only))


def _periods(asked: FiguresAsked, newest: Period) -> tuple[Period, ...]:
    first = Period.parse(asked.period) if asked.period else newest
    last = Period.parse(asked.until) if asked.until else first
    found = [first]
    while found[-1].start_on < last.start_on and len(found) <= MOST_FIGURES:
        found.append(found[-1].next())
    return tuple(found)


def _require_few(question: Question, on: date) -> None:
    units = question.units or territory_now().own(on, question.level)
    n = len(question.periods) * len(units)
    if n > MOST_FIGURES:
        raise Misused("web.too_many_figures", n=n, most=MOST_FIGURES)


def _ranks(plan: _Plan) -> Iterator[dict[str, Any]]:
    """Each unit's place among all of its level, period by period."""
    wanted = set(plan.question.units or ())
    for period in plan.question.periods:
        asked = replace(plan.question, periods=(period,), units=None)
        for ranked in rank(asked, sees_cells=plan.sees):
            if not wanted or ranked.figure.code in wanted:
                yield {**ranked.as_dict(), "period": str(period)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        **figure.as_dict(),
        "unit_name": territory_now().register.get(figure.unit_id).name,
        "reason_text": figure.reason.say(language_now()) if figure.reason else None,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {**found.as_dict(), "reason_text": found.verdict.say(language_now())}


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title.as_dict(),
        "question": one.question.as_dict(),
        "service": one.pack,
        "agency": one.agency,
        "period_type": one.period_type.value,
        "level": one.level,
        "unit_of_measure": one.unit_of_measure.as_dict(),
        "is_percentage": one.is_percentage,
        "direction": one.direction.value,
        "decimals": one.decimals,
        "over_units": one.over_units.value,
        "over_time": one.over_time.value,
        "minimum_count": one.minimum_count,
        "promise_days": one.promise_days,
    }


def _definition(definition: Definition) -> dict[str, Any]:
    return {
        "version": definition.version,
        "valid_from": definition.valid_from_on,
        "valid_to": definition.valid_to_on,
        "formula": {language: formula_in_words(definition, language) for language in LANGUAGES},
        "legal_basis": [
            {
                "document": basis.document,
                "valid_from": basis.valid_from_on,
                "valid_to": basis.valid_to_on,
                "is_verified": basis.verified,
            }
            for basis in definition.legal_basis
        ],
    }
