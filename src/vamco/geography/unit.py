"""A place of the administrative map, for as long as its name, rank and territory last."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final


class Level(StrEnum):
    """The storeys of the map; districts exist until 2025-06-30."""

    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


LEVELS_DOWN: Final = tuple(Level)


class Kind(StrEnum):
    """What the law calls a unit."""

    COUNTRY = "country"
    PROVINCE = "province"
    CENTRAL_CITY = "central_city"
    CITY = "city"
    TOWN = "town"
    URBAN_DISTRICT = "urban_district"
    RURAL_DISTRICT = "rural_district"
    WARD = "ward"
    TOWNSHIP = "township"
    RURAL_COMMUNE = "rural_commune"
    SPECIAL_ZONE = "special_zone"

    @property
    def level(self) -> Level:
        """The storey on which units of this kind stand."""
        return _LEVEL_OF_KIND[self]


_LEVEL_OF_KIND = {
    Kind.COUNTRY: Level.COUNTRY,
    Kind.PROVINCE: Level.PROVINCE,
    Kind.CENTRAL_CITY: Level.PROVINCE,
    Kind.CITY: Level.DISTRICT,
    Kind.TOWN: Level.DISTRICT,
    Kind.URBAN_DISTRICT: Level.DISTRICT,
    Kind.RURAL_DISTRICT: Level.DISTRICT,
    Kind.WARD: Level.COMMUNE,
    Kind.TOWNSHIP: Level.COMMUNE,
    Kind.RURAL_COMMUNE: Level.COMMUNE,
    Kind.SPECIAL_ZONE: Level.COMMUNE,
}


def unit_id(code: str, valid_from_on: date) -> str:
    """The key of a unit: a code means nothing without the day it began."""
    return f"{code}@{valid_from_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class AdministrativeUnit:
    """A unit from `valid_from_on` up to, not including, `valid_to_on` (open when None).

    `name` carries its type word ("Phường 1"). `parent_code` is read on the map of the same day.
    `unverified` says in words which of the facts nobody has checked against the source of law.
    """

    code: str
    valid_from_on: date
    valid_to_on: date | None
    name: str
    kind: Kind
    parent_code: str | None
    legal_basis: str
    ended_by: str = ""
    area_km2_official: Decimal | None = None
    iso_code: str | None = None
    other_spellings: tuple[str, ...] = ()
    source: str = ""
    unverified: str = ""

    @property
    def unit_id(self) -> str:
        """`code@valid_from_on`."""
        return unit_id(self.code, self.valid_from_on)

    @property
    def level(self) -> Level:
        """The storey of the map on which the unit stands."""
        return self.kind.level

    def is_valid_on(self, on: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from_on <= on and (self.valid_to_on is None or on < self.valid_to_on)

    def as_dict(self) -> dict[str, Any]:
        """The unit as JSON can carry it."""
        return {
            "unit_id": self.unit_id,
            "code": self.code,
            "name": self.name,
            "kind": self.kind.value,
            "level": self.level.value,
            "parent_code": self.parent_code,
            "valid_from_on": self.valid_from_on.isoformat(),
            "valid_to_on": self.valid_to_on.isoformat() if self.valid_to_on else None,
            "legal_basis": self.legal_basis,
            "ended_by": self.ended_by,
            "area_km2_official": str(self.area_km2_official) if self.area_km2_official else None,
            "iso_code": self.iso_code,
            "source": self.source,
            "unverified": self.unverified,
        }
