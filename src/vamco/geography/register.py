"""The register: every unit and every succession of a province and its country, through time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from vamco.geography.succession import Succession, WeightBasis
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import NotFound


class Register:
    """Units and successions, immutable once made; `version` names the reviewed state.

    Consistent only if it came through `loading.load_register`.
    """

    def __init__(
        self, version: str, units: Iterable[AdministrativeUnit], successions: Iterable[Succession]
    ) -> None:
        self.version = version
        self.units = tuple(units)
        self.successions = tuple(successions)
        self._by_id = {unit.unit_id: unit for unit in self.units}

    def get(self, unit_id: str) -> AdministrativeUnit:
        """The unit with this key. Raises `NotFound`."""
        try:
            return self._by_id[unit_id]
        except KeyError:
            raise NotFound("geography.unknown_unit_id", unit_id=unit_id) from None

    def lives_of(self, code: str) -> tuple[AdministrativeUnit, ...]:
        """All units that ever carried the code, oldest first."""
        return self._by_code.get(code, ())

    def unit(self, code: str, on: date) -> AdministrativeUnit:
        """The unit that carries the code on that day. Raises `NotFound`, naming its other lives."""
        found = self.find(code, on)
        if found is not None:
            return found
        lives = self.lives_of(code)
        if not lives:
            raise NotFound("geography.unknown_code", code=code)
        raise NotFound(
            "geography.code_not_valid_on", code=code, on=on.isoformat(), lives=[_life(u) for u in lives]
        )

    def find(self, code: str, on: date) -> AdministrativeUnit | None:
        """The unit that carries the code on that day, if any."""
        return next((unit for unit in self.lives_of(code) if unit.is_valid_on(on)), None)

    def units_on(
        self, on: date, level: Level | None = None, within: str | None = None
    ) -> list[AdministrativeUnit]:
        """Units of a day's map in order of code; `within` is the code of a unit above them."""
        return [
            unit
            for unit in self._in_order_of_code
            if (level is None or unit.level is level)
            and unit.is_valid_on(on)
            and (within is None or any(above.code == within for above in self.ancestors(unit, on)))
        ]

    def parent(self, unit: AdministrativeUnit, on: date) -> AdministrativeUnit | None:
        """The unit directly above on that day."""
        return self.find(unit.parent_code, on) if unit.parent_code else None

    def ancestors(self, unit: AdministrativeUnit, on: date) -> Iterator[AdministrativeUnit]:
        """The units above on that day, nearest first."""
        above = self.parent(unit, on)
        while above is not None:
            yield above
            above = self.parent(above, on)

    def successors(self, unit_id: str) -> tuple[Succession, ...]:
        """Edges that leave the unit."""
        return self._by_old.get(unit_id, ())

    def predecessors(self, unit_id: str) -> tuple[Succession, ...]:
        """Edges that enter the unit."""
        return self._by_new.get(unit_id, ())

    def kin_on(self, unit: AdministrativeUnit, on: date) -> list[AdministrativeUnit]:
        """The units of the day's map that share territory with the unit, through any changes."""
        if unit.is_valid_on(on):
            return [unit]
        if on < unit.valid_from_on:
            nearer = [edge.old_unit_id for edge in self.predecessors(unit.unit_id)]
        else:
            nearer = [edge.new_unit_id for edge in self.successors(unit.unit_id)]
        return list(dict.fromkeys(kin for key in nearer for kin in self.kin_on(self.get(key), on)))

    def successions_between(self, from_on: date, to_on: date) -> list[Succession]:
        """Edges that take effect after `from_on` and not after `to_on`."""
        return [edge for edge in self.successions if from_on < edge.effective_on <= to_on]

    def change_dates(self, level: Level) -> list[date]:
        """The days on which the map of a level changed, in order."""
        return sorted({e.effective_on for e in self.successions if self.get(e.new_unit_id).level is level})

    def weighed(self, weights: Mapping[tuple[str, str], Decimal], basis: WeightBasis) -> "Register":
        """The same register with these shares (0–1) on the parts (old unit_id, new unit_id)."""
        return Register(
            self.version,
            self.units,
            (
                replace(edge, weight=weights[pair], basis=basis)
                if (pair := (edge.old_unit_id, edge.new_unit_id)) in weights and not edge.is_whole
                else edge
                for edge in self.successions
            ),
        )

    @cached_property
    def _by_code(self) -> dict[str, tuple[AdministrativeUnit, ...]]:
        lives: defaultdict[str, list[AdministrativeUnit]] = defaultdict(list)
        for unit in sorted(self.units, key=lambda unit: unit.valid_from_on):
            lives[unit.code].append(unit)
        return {code: tuple(units) for code, units in lives.items()}

    @cached_property
    def _in_order_of_code(self) -> tuple[AdministrativeUnit, ...]:
        return tuple(sorted(self.units, key=lambda unit: (unit.code, unit.valid_from_on)))

    @cached_property
    def _by_old(self) -> dict[str, tuple[Succession, ...]]:
        return _grouped((edge.old_unit_id, edge) for edge in self.successions)

    @cached_property
    def _by_new(self) -> dict[str, tuple[Succession, ...]]:
        return _grouped((edge.new_unit_id, edge) for edge in self.successions)


def _grouped(pairs: Iterable[tuple[str, Succession]]) -> dict[str, tuple[Succession, ...]]:
    groups: defaultdict[str, list[Succession]] = defaultdict(list)
    for key, edge in pairs:
        groups[key].append(edge)
    return {key: tuple(edges) for key, edges in groups.items()}


def _life(unit: AdministrativeUnit) -> str:
    until = unit.valid_to_on.isoformat() if unit.valid_to_on else "…"
    return f"{unit.name} [{unit.valid_from_on.isoformat()} – {until})"
