"""From where figures are looked at: period, unit, map, and the moment of knowledge, as the address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.question import Question
from vamco.indicators.territory import require_on_map, territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.vocabulary.period import Period
from vamco.web.language import language_now
from vamco.web.parameters import moment_asked
from vamco.web.passport.asking import AS_REPORTED, TODAY, map_asked
from vamco.web.templatetags.figures import day

CARRIED: Final = ("period", "unit", "map", "as_known_at", "lang")


@dataclass(frozen=True, slots=True)
class Standpoint:
    """`map_on` None is as reported; `period` None is the newest of each indicator."""

    unit: AdministrativeUnit
    map_text: str
    map_on: date | None
    period: Period | None
    as_known_at: datetime | None
    carried: Mapping[str, str]  # what the address says of all this

    @property
    def today(self) -> date:
        """The day on which it is looked: that of the moment of knowledge."""
        return timezone.localdate(self.as_known_at)

    @property
    def on(self) -> date:
        """The day whose map units are named by."""
        if self.map_on:
            return self.map_on
        return self.period.end_on if self.period else self.today

    @property
    def is_province(self) -> bool:
        """Whether it is the whole province that is looked at."""
        return self.unit.level is Level.PROVINCE

    def question(self, indicator: Indicator, *periods: Period) -> Question:
        """The indicator of the unit in these periods."""
        asked = (self.unit.code,)
        return Question(indicator, periods, self.unit.level, asked, self.map_on, self.as_known_at)

    def question_of_all(self, indicator: Indicator, *periods: Period) -> Question:
        """The indicator of every commune in these periods."""
        return Question(indicator, periods, Level.COMMUNE, None, self.map_on, self.as_known_at)

    def query(self, **changed: str) -> str:
        """The parameters of an address that looks from here, with some of them changed or, where empty, left out."""
        kept = QueryDict(mutable=True)
        for name, value in ({**self.carried, **changed}).items():
            if value:
                kept[name] = value
        return kept.urlencode(safe=":/")


def standpoint_asked(request: HttpRequest) -> Standpoint:
    """What the address says; the newest figures of the province on today's map where it says nothing.

    Raises `Misused`, `NotFound`, and `Refused` where the unit is not on the map.
    """
    at = moment_asked(request, "as_known_at")
    today = timezone.localdate(at)
    map_text = request.GET.get("map", "").strip() or TODAY
    map_on = map_asked(map_text, today)
    text = request.GET.get("period", "").strip()
    period = Period.parse(text) if text else None
    on = map_on or (period.end_on if period else today)
    unit = _unit(request.GET.get("unit", "").strip(), on)
    carried = {name: request.GET.get(name, "").strip() for name in CARRIED}
    return Standpoint(unit, map_text, map_on, period, at, carried)


def _unit(code: str, on: date) -> AdministrativeUnit:
    territory = territory_now()
    if not code:
        return territory.register.get(territory.own(on, Level.PROVINCE)[0])
    found = territory.register.find(code, on)
    if found is None and (lives := territory.register.lives_of(code)):
        require_on_map(lives[-1], on)
    return found or territory.register.unit(code, on)


def choices_of(standpoint: Standpoint) -> dict[str, Any]:
    """What the controls of a page offer: maps, and the units of the chosen map."""
    territory = territory_now()
    changes = territory.changes(date(1990, 1, 1), standpoint.today, Level.COMMUNE)[-1:]
    days = [(day - timedelta(days=1)).isoformat() for day in changes]
    if standpoint.map_text not in (TODAY, AS_REPORTED, *days):
        days.append(standpoint.map_on.isoformat() if standpoint.map_on else standpoint.map_text)
    return {
        "standpoint": standpoint,
        "maps": [(TODAY, _said("map_today")), (AS_REPORTED, _said("map_reported")), *map(_dated, days)],
        "provinces": [territory.register.get(unit) for unit in territory.own(standpoint.on, Level.PROVINCE)],
        "units": [territory.register.get(unit) for unit in territory.own(standpoint.on, Level.COMMUNE)],
    }


def _dated(text: str) -> tuple[str, str]:
    return text, _said("map_dated", on=day(date.fromisoformat(text)))


def _said(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)
