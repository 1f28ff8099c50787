"""Reading a register from its folders of CSV files; nothing inconsistent gets past here."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import yaml

from vamco.geography.checking import Finding, Placed, findings, require_consistent
from vamco.geography.register import Register
from vamco.geography.succession import Confidence, Extent, Succession, WeightBasis
from vamco.geography.unit import AdministrativeUnit, Kind
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.text import nfc

UNITS_FILE: Final = "units.csv"
SUCCESSION_FILE: Final = "succession.csv"
REGISTER_FILE: Final = "register.yaml"
NATIONAL_FOLDER: Final = "vietnam"
UNIT_COLUMNS: Final = (
    "code",
    "valid_from_on",
    "valid_to_on",
    "name",
    "kind",
    "parent_code",
    "legal_basis",
    "ended_by",
    "area_km2_official",
    "iso_code",
    "other_spellings",
    "source",
    "unverified",
)
SUCCESSION_COLUMNS: Final = (
    "old_unit_id",
    "new_unit_id",
    "extent",
    "effective_on",
    "weight",
    "basis",
    "confidence",
    "resolution",
    "article",
    "clause",
    "source",
    "note",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the folders hold, with the file and line of each row, consistent or not."""

    version: str
    units: tuple[Placed[AdministrativeUnit], ...]
    successions: tuple[Placed[Succession], ...]

    def findings(self) -> list[Finding]:
        """What is wrong with the register as a whole."""
        return findings(self.units, self.successions)

    def register(self) -> Register:
        """The register, whether or not it is consistent."""
        return Register(
            self.version, (row.value for row in self.units), (row.value for row in self.successions)
        )


def load_register(folders: Sequence[Path]) -> Register:
    """The register kept in these folders. Raises `Refused` with file and line of each fault."""
    loaded = read_folders(folders)
    require_consistent(loaded.units, loaded.successions)
    return loaded.register()


@cache
def province_register(provinces_dir: Path, province: str) -> Register:
    """The register of a province, its country included, read once in a process."""
    return load_register(province_folders(provinces_dir, province))


def province_folders(provinces_dir: Path, province: str) -> list[Path]:
    """The folders that make up a province's register. Raises `NotFound`."""
    own = provinces_dir / province
    if not (own / UNITS_FILE).is_file():
        raise NotFound("geography.no_register", folder=str(own), file=UNITS_FILE)
    national = provinces_dir / NATIONAL_FOLDER
    return [own] if province == NATIONAL_FOLDER or not national.is_dir() else [national, own]


def read_folders(folders: Sequence[Path]) -> Loaded:
    """All rows of the folders, typed. Raises `Refused` at the first cell that cannot be read."""
    return Loaded(
        version=" + ".join(f"{folder.name} {_version(folder)}" for folder in folders),
        units=tuple(row for folder in folders for row in _rows(folder / UNITS_FILE, _unit)),
        successions=tuple(row for folder in folders for row in _rows(folder / SUCCESSION_FILE, _succession)),
    )


def _version(folder: Path) -> str:
    path = folder / REGISTER_FILE
    if not path.is_file():
        raise NotFound("geography.no_register", folder=str(folder), file=REGISTER_FILE)
    return str(yaml.safe_load(path.read_text("utf-8"))["version"])


def _rows(path: Path, read: Callable[[dict[str, str]], T]) -> Iterator[Placed[T]]:
    if not path.is_file():
        raise NotFound("geography.no_register", folder=str(path.parent), file=path.name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                yield Placed(read(row), str(path), reader.line_num)
            except (KeyError, ValueError, TypeError, InvalidOperation) as error:
                raise Refused(
                    "geography.unreadable_row", file=str(path), line=reader.line_num, reason=str(error)
                ) from error


def _unit(row: dict[str, str]) -> AdministrativeUnit:
    return AdministrativeUnit(
        code=row["code"],
        valid_from_on=date.fromisoformat(row["valid_from_on"]),
        valid_to_on=date.fromisoformat(row["valid_to_on"]) if row["valid_to_on"] else None,
        name=nfc(row["name"]),
        kind=Kind(row["kind"]),
        parent_code=row["parent_code"] or None,
        legal_basis=nfc(row["legal_basis"]),
        ended_by=nfc(row["ended_by"]),
        area_km2_official=_decimal(row["area_km2_official"]),
        iso_code=row["iso_code"] or None,
        other_spellings=tuple(nfc(name) for name in row["other_spellings"].split("|") if name),
        source=nfc(row["source"]),
        unverified=nfc(row["unverified"]),
    )


def _succession(row: dict[str, str]) -> Succession:
    return Succession(
        old_unit_id=row["old_unit_id"],
        new_unit_id=row["new_unit_id"],
        extent=Extent(row["extent"]),
        effective_on=date.fromisoformat(row["effective_on"]),
        weight=_decimal(row["weight"]),
        basis=WeightBasis(row["basis"] or WeightBasis.UNKNOWN),
        confidence=Confidence(row["confidence"]),
        resolution=nfc(row["resolution"]),
        article=nfc(row["article"]),
        clause=nfc(row["clause"]),
        source=nfc(row["source"]),
        note=nfc(row["note"]),
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
