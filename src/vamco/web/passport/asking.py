"""Which figure an address asks for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.declared import indicator_of
from vamco.indicators.question import Question
from vamco.indicators.stored import as_known
from vamco.indicators.territory import require_on_map, territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.web.parameters import date_asked, iso_of, moment_asked, number_asked

AS_REPORTED: Final = "as-reported"
TODAY: Final = "today"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of one figure; `unit` is what its code means on the day `on`."""

    question: Question
    unit: AdministrativeUnit
    on: date

    @property
    def period(self) -> Period:
        """The one period asked for."""
        return self.question.periods[0]


def figure_asked(request: HttpRequest, indicator: Indicator | None = None) -> Asked:
    """The figure under `indicator`, `unit`, `on`, `period`, `map`, `as_known_at`, `definition`, `breakdown`.

    Without a unit: the province. Without a period: the one that `on` lies in, else the newest that was
    computed. Without a map: that of `on`. Raises `Misused`, `NotFound`, and `Refused` where the unit is not on the map.
    """
    one = indicator or indicator_of(_needed(request, "indicator"))
    on, at = date_asked(request, "on"), moment_asked(request, "as_known_at")
    unit = _unit_asked(request, on)
    named_on = on or _seen_on(unit)
    period = period_asked(request.GET.get("period", ""), one, on, at)
    map_on = map_asked(request.GET.get("map", ""), named_on)
    require_on_map(unit, map_on or period.end_on)
    question = Question(
        one,
        (period,),
        unit.level,
        (unit.code,),
        map_on,
        at,
        number_asked(request, "definition", 0) or None,
        request.GET.get("breakdown", ""),
    )
    return Asked(question, unit, named_on)


def named_unit(register: Register, code: str, on: date | None) -> AdministrativeUnit:
    """What the code means on that day; without a day, what it means now or meant last. Raises `NotFound`."""
    today = timezone.localdate()
    lives = register.lives_of(code)
    if on is None and lives and not any(unit.is_valid_on(today) for unit in lives):
        return lives[-1]
    return register.unit(code, on or today)


def period_asked(text: str, indicator: Indicator, on: date | None, at: datetime | None) -> Period:
    """The period so written, else the indicator's own period of that day, else its newest."""
    if text:
        return Period.parse(text)
    if on:
        return Period.covering(indicator.period_type, on)
    return newest_period(indicator, at)


def newest_period(indicator: Indicator, at: datetime | None = None) -> Period:
    """The last period with a value anywhere, as known at that moment; that day's where there is none."""
    return newest_known(indicator, at) or Period.covering(indicator.period_type, timezone.localdate(at))


def newest_known(indicator: Indicator, at: datetime | None = None) -> Period | None:
    """The last period with a value anywhere that is over by then; the one that runs only where there is none."""
    today = timezone.localdate(at)
    known = as_known(at).filter(
        indicator=indicator.id, breakdown="", value__isnull=False, start_on__lte=today
    )
    in_order = known.order_by("-start_on").values_list("period", flat=True)
    found = in_order.filter(end_on__lt=today).first() or in_order.first()
    return Period.parse(found) if found else None


def map_asked(text: str, named_on: date) -> date | None:
    """The day of the map: `as-reported` (None), `today`, a day; else the day by which the unit was named."""
    if text == AS_REPORTED:
        return None
    if text in ("", TODAY):
        return timezone.localdate() if text else named_on
    try:
        return date.fromisoformat(iso_of(text))
    except ValueError:
        wanted = f"{AS_REPORTED} | {TODAY} | 2026-11-22"
        raise Misused("web.bad_parameter", name="map", value=text, wanted=wanted) from None


def _unit_asked(request: HttpRequest, on: date | None) -> AdministrativeUnit:
    territory = territory_now()
    code = request.GET.get("unit", "").strip()
    if code:
        return named_unit(territory.register, code, on)
    return territory.register.get(territory.own(on or timezone.localdate(), Level.PROVINCE)[0])


def _seen_on(unit: AdministrativeUnit) -> date:
    today = timezone.localdate()
    return today if unit.is_valid_on(today) else unit.valid_from_on


def _needed(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "").strip()
    if not text:
        raise Misused("web.missing_parameter", name=name)
    return text
