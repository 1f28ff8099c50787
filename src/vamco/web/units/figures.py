"""The figures of one unit: by service, each with its change and its place among the peers; and one through time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Final

from vamco.accounts.policy import Actor
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.comparing import Comparison, Kind, compare
from vamco.indicators.declared import packs
from vamco.indicators.figure import Figure
from vamco.indicators.ranking import Ranked, rank
from vamco.indicators.supply_of import datasets_behind
from vamco.intake.simulated import holds_simulated
from vamco.packs.indicator import Direction, Indicator
from vamco.packs.pack import Pack
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.web.indicators.access import readable
from vamco.web.indicators.cards import Card, card_of
from vamco.web.indicators.periods import history, period_shown
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.passport.cells import sees_cells

N_IN_HISTORY: Final = 18


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the unit; `ranked` is None where no way is better, or no peer is known."""

    card: Card
    ranked: Ranked | None


@dataclass(frozen=True, slots=True)
class ServiceOfUnit:
    """What a service says of the unit: what leads it, or all of it; `n_all` is how much there is."""

    pack: Pack
    lines: tuple[Line, ...]
    n_all: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of the history; `is_before` where the unit was not there yet, nor any unit of its code."""

    figure: Figure
    comparison: Comparison
    is_before: bool


@dataclass(frozen=True, slots=True)
class History:
    """One indicator of the unit through time, newest first, on the unit's own map."""

    indicator: Indicator
    moments: tuple[Moment, ...]

    @property
    def has_before(self) -> bool:
        """Whether some of it is carried from the units that went before."""
        return any(moment.is_before for moment in self.moments)


def standpoint_of(unit: AdministrativeUnit, today: date) -> Standpoint:
    """The unit seen today; one that has ended, on its last day."""
    carried = {"unit": unit.code}
    if unit.is_valid_on(today):
        return Standpoint(unit, "", today, None, None, carried)
    last = date.fromordinal(unit.valid_to_on.toordinal() - 1) if unit.valid_to_on else unit.valid_from_on
    period = Period.covering(PeriodType.MONTH, last)
    return Standpoint(
        unit, "", last, period, None, {**carried, "map": last.isoformat(), "period": str(period)}
    )


def services_of(standpoint: Standpoint, actor: Actor, chosen: str = "") -> list[ServiceOfUnit]:
    """Every service that has figures of such units; of the chosen one all, of the others what leads them."""
    found = (_service(pack, standpoint, actor, is_whole=pack.slug == chosen) for pack in packs())
    return [service for service in found if service.n_all]


def _service(pack: Pack, standpoint: Standpoint, actor: Actor, *, is_whole: bool) -> ServiceOfUnit:
    own = fitting(readable(actor, pack.indicators, standpoint.unit), standpoint.unit.level)
    lead = set(pack.page.lead) if pack.page else set()
    shown = [one for one in own if is_whole or one.id in lead] or own[:1]
    return ServiceOfUnit(pack, tuple(_line(one, standpoint, actor) for one in shown), len(own))


def fitting(indicators: Iterable[Indicator], level: Level) -> list[Indicator]:
    """Those that have figures of that level."""
    return [one for one in indicators if level is Level.PROVINCE or one.level == level]


def _line(indicator: Indicator, standpoint: Standpoint, actor: Actor) -> Line:
    sees = sees_cells(actor, indicator, standpoint.unit)
    card = card_of(indicator, standpoint, sees_cells=sees)
    return Line(card, _place(indicator, standpoint, card.figure, sees_all=sees_cells(actor, indicator)))


def _place(indicator: Indicator, standpoint: Standpoint, figure: Figure, *, sees_all: bool) -> Ranked | None:
    """The unit's place, where one way is better and its figure is whole."""
    if standpoint.is_province or figure.value is None or indicator.direction is Direction.NEITHER:
        return None
    places = rank(standpoint.question_of_all(indicator, figure.period), sees_cells=sees_all)
    return next((r for r in places if r.figure.unit_id == figure.unit_id and r.place), None)


def history_of(indicator: Indicator, standpoint: Standpoint, actor: Actor) -> History:
    """The indicator's last periods; those before the unit's first day come from its predecessors."""
    periods = history(indicator, period_shown(indicator, standpoint))[-N_IN_HISTORY:]
    question = standpoint.question(indicator, *periods)
    sees = sees_cells(actor, indicator, standpoint.unit)
    compared = compare(question, Kind.YEAR_ON_YEAR, sees_cells=sees)
    known = dropwhile(lambda one: one.figure.status is ObservationStatus.NOT_APPLICABLE, compared)
    moments = [_moment(one, standpoint.unit) for one in known]
    return History(indicator, tuple(reversed(moments)))


def _moment(comparison: Comparison, unit: AdministrativeUnit) -> Moment:
    figure = comparison.figure
    return Moment(figure, comparison, figure.period.end_on < unit.valid_from_on)


def simulated_among(indicators: Sequence[Indicator]) -> bool:
    """Whether any of them rests on data that was made up."""
    return holds_simulated({name for one in indicators for name in datasets_behind(one)})
