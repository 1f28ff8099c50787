"""Features of a boundary file tied to the units of a day by code; names tell whether it is the right map."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from vamco.geography.boundaries.layer import Layer
from vamco.geography.boundaries.report import Named
from vamco.geography.names import bare_name, key_of, readings
from vamco.geography.unit import AdministrativeUnit
from vamco.vocabulary.errors import Refused

_LARGEST_KM2: Final = 1_000_000
_ENOUGH: Final = 0.5  # share of features or units that a field of codes must match


@dataclass(frozen=True, slots=True)
class Ties:
    """`codes[i]` and `names[i]` stand in feature i; empty where it has none."""

    units: Mapping[str, AdministrativeUnit]
    code_field: str
    codes: Sequence[str]
    names: Sequence[str]
    areas: Sequence[Decimal | None]

    def unit(self, i: int) -> AdministrativeUnit | None:
        """The unit of feature i, if its code is that of one."""
        return self.units.get(self.codes[i])

    def without_boundary(self) -> tuple[Named, ...]:
        """Units that no feature bears the code of."""
        borne = set(self.codes)
        return tuple(Named(code, unit.name) for code, unit in self.units.items() if code not in borne)

    def without_unit(self) -> tuple[Named, ...]:
        """Features whose code is that of no unit."""
        pairs = zip(self.codes, self.names, strict=True)
        return tuple(Named(code, name) for code, name in pairs if code not in self.units)

    def repeated(self) -> tuple[str, ...]:
        """Codes that more than one feature bears."""
        return tuple(sorted(c for c, n in Counter(self.codes).items() if n > 1 and c in self.units))

    def named_otherwise(self) -> tuple[Named, ...]:
        """Features that bear the code of a unit and the name of another."""
        return tuple(
            Named(code, unit.name, name)
            for code, name in zip(self.codes, self.names, strict=True)
            if name and (unit := self.units.get(code)) and _key(unit) not in _keys(name)
        )


def tie(
    layer: Layer,
    units: Sequence[AdministrativeUnit],
    code_field: str | None,
    name_field: str | None,
    area_field: str | None,
) -> Ties:
    """Features tied to units. Raises `Refused` where no field holds the codes of units."""
    by_code = {unit.code: unit for unit in units}
    width = min(map(len, by_code), default=0)
    named = {name: [_padded(value, width) for value in values] for name, values in layer.fields.items()}
    chosen = {code_field: named[code_field]} if code_field and layer.field(code_field) else named
    field = _fullest(chosen, set(by_code))
    wanted = _ENOUGH * min(len(layer.geometries), len(units))
    if field is None or sum(code in by_code for code in named[field]) < wanted:
        raise Refused("geography.boundary_no_codes", fields=list(chosen), n=len(units))
    names = layer.field(name_field) if name_field else _names(layer, units)
    areas = layer.field(area_field) if area_field else [""] * len(named[field])
    return Ties(by_code, field, named[field], names, [_area(text) for text in areas])


def _names(layer: Layer, units: Sequence[AdministrativeUnit]) -> Sequence[str]:
    keys = {_key(unit) for unit in units}
    known = {
        name: ["".join(_keys(value) & keys) for value in values] for name, values in layer.fields.items()
    }
    field = _fullest(known, keys)
    return layer.fields[field] if field else [""] * len(layer.geometries)


def _fullest(fields: Mapping[str, Sequence[str]], known: set[str]) -> str | None:
    """The field with most values among the known, the first of equals; None where there are none."""
    counts = {name: sum(value in known for value in values) for name, values in fields.items()}
    best = max(counts, key=lambda name: counts[name], default=None)
    return best if best is not None and counts[best] else None


def _padded(value: str, width: int) -> str:
    """A code that some program took for a number gets its zeros back."""
    return value.zfill(width) if value.isdecimal() else value


def _key(unit: AdministrativeUnit) -> str:
    return key_of(bare_name(unit.name))


def _keys(text: str) -> set[str]:
    return {reading.key for reading in readings(text)}


def _area(text: str) -> Decimal | None:
    """An area in km², exact to 100 m²; None for what can be none."""
    try:
        area = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return round(area, 4) if area.is_finite() and 0 < area < _LARGEST_KM2 else None
