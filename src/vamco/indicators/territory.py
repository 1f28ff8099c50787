"""The province's map through time, as figures need it: which units, and what lies in what."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from vamco.geography.loading import province_register
from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.weights import shares_version, weighed
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType


class Territory:
    """A register asked the same questions many thousand times; answers are kept for each map."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._own: dict[tuple[date, Level], tuple[str, ...]] = {}
        self._homes: dict[tuple[date, Level], dict[str, str]] = {}
        self._on: dict[tuple[date, Level], frozenset[str]] = {}

    def is_on(self, unit_id: str, day: date) -> bool:
        """Whether the unit is on the day's map."""
        return self.register.get(unit_id).is_valid_on(day)

    def level(self, unit_id: str) -> Level:
        """The storey on which the unit stands. Raises `NotFound`."""
        return self.register.get(unit_id).level

    def own(self, day: date, level: Level) -> tuple[str, ...]:
        """Our units on the map of the day, by `unit_id`: the province or its predecessors, or their communes."""
        key = (self.map_of(day), level)
        if key not in self._own:
            self._own[key] = tuple(unit.unit_id for unit in self._found(day, level))
        return self._own[key]

    def home(self, unit_id: str, day: date) -> str | None:
        """The province of the day's map in which all of the unit lies; None when there is no such one."""
        return self.homes(day, Level.PROVINCE).get(unit_id)

    def homes(self, day: date, level: Level) -> Mapping[str, str]:
        """Each unit that lies in one unit of that level on the day's map, with that unit."""
        key = (self.map_of(day), level)
        if key not in self._homes:
            self._homes[key] = dict(self._found_homes(day, level))
        return self._homes[key]

    def on(self, day: date, level: Level) -> frozenset[str]:
        """All units of the level on the day's map, ours and others."""
        key = (self.map_of(day), level)
        if key not in self._on:
            self._on[key] = frozenset(unit.unit_id for unit in self.register.units_on(day, level))
        return self._on[key]

    def changes(self, start_on: date, end_on: date, level: Level) -> tuple[date, ...]:
        """The days after `start_on`, up to `end_on`, on which the map of the level changed."""
        return tuple(day for day in self._change_dates[level] if start_on < day <= end_on)

    def map_of(self, day: date) -> date:
        """The first day of the map that the day belongs to."""
        place = bisect_right(self._days_of_change, day)
        return self._days_of_change[place - 1] if place else date.min

    @cached_property
    def _change_dates(self) -> Mapping[Level, list[date]]:
        return {level: self.register.change_dates(level) for level in Level}

    @cached_property
    def _days_of_change(self) -> list[date]:
        """Every day on which a unit begins or ends: between two of them all maps are the same."""
        ends = {unit.valid_to_on for unit in self.register.units if unit.valid_to_on}
        return sorted({unit.valid_from_on for unit in self.register.units} | ends)

    def _found(self, day: date, level: Level) -> list[AdministrativeUnit]:
        if level is Level.PROVINCE:
            return list(dict.fromkeys(k for unit in self._today for k in self.register.kin_on(unit, day)))
        provinces = {self.register.get(unit_id).code for unit_id in self.own(day, Level.PROVINCE)}
        found = (self.register.units_on(day, level, within=code) for code in sorted(provinces))
        return sorted((unit for units in found for unit in units), key=lambda unit: unit.code)

    @cached_property
    def _today(self) -> list[AdministrativeUnit]:
        """The provinces that the communes of the newest map lie in: those that the installation serves."""
        communes = [u for u in self.register.units if u.level is Level.COMMUNE and u.valid_to_on is None]
        above = (self._above(unit, unit.valid_from_on) for unit in communes)
        return list(dict.fromkeys(unit for unit in above if unit is not None))

    def _found_homes(self, day: date, level: Level) -> Iterator[tuple[str, str]]:
        for unit in self.register.units:
            if level is Level.PROVINCE:
                home = self._province_of(unit.unit_id, day)
            else:
                kin = self.register.kin_on(unit, day)
                home = kin[0].unit_id if unit.level is level and len(kin) == 1 else None
            if home is not None:
                yield unit.unit_id, home

    def _province_of(self, unit_id: str, day: date) -> str | None:
        homes = {self._above(kin, day) for kin in self.register.kin_on(self.register.get(unit_id), day)}
        home = homes.pop() if len(homes) == 1 else None
        return home.unit_id if home else None

    def _above(self, unit: AdministrativeUnit, day: date) -> AdministrativeUnit | None:
        line = (unit, *self.register.ancestors(unit, day))
        return next((above for above in line if above.level is Level.PROVINCE), None)


def territory_now() -> Territory:
    """The territory of this installation, with the shares of divided units as far as they are known."""
    return _territory(Path(settings.PROVINCES_DIR), settings.PROVINCE, shares_version())


def require_on_map(unit: AdministrativeUnit, on: date) -> None:
    """Raises `Refused` with those that share the unit's land where it is not on the map of that day."""
    if unit.is_valid_on(on):
        return
    kin = territory_now().register.kin_on(unit, on)
    candidates = [{"label": f"{other.name} ({other.unit_id})", "unit_id": other.unit_id} for other in kin]
    day = Period.covering(PeriodType.DAY, on).title.as_dict()
    raise Refused("indicators.unit_not_on_map", unit=unit.name, on=day, candidates=candidates)


@lru_cache(maxsize=4)
def _territory(folder: Path, province: str, version: int) -> Territory:
    return Territory(weighed(province_register(folder, province), version))
