"""Whether figures of two units, or of two maps, may be set side by side; always with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from vamco.geography.recoding.atoms import Atom, Crosswalk, crosswalk
from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import Language, say


class Comparability(StrEnum):
    """The three verdicts, best first."""

    COMPARABLE = "comparable"
    ESTIMATE = "estimate"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict and its reason: a message key with the details that fill it."""

    comparability: Comparability
    reason: str
    details: dict[str, Any] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """The verdict and the reason in words."""
        verdict = say(f"geography.verdict_{self.comparability.value}", language)
        bases = [say(f"geography.basis_{basis}", language) for basis in self.details.get("bases", ())]
        return f"{verdict} {say(self.reason, language, **{**self.details, 'bases': bases})}"

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON can carry it."""
        return {"verdict": self.comparability.value, "reason": self.reason, "details": self.details}


@dataclass(frozen=True, slots=True)
class MapVerdict:
    """One verdict per unit of the later map on its series recoded from the earlier one."""

    verdict: Verdict
    units: dict[str, Verdict]


Dated = tuple[str, date]


def compare(register: Register, one: Dated, other: Dated) -> Verdict:
    """Whether the figure of one (code, day) and that of another are of the same territory.

    The order of the two does not matter. Raises `NotFound` when a code is not valid on its day,
    `Misused` when the two are of different levels.
    """
    (old_code, old_on), (new_code, new_on) = sorted((one, other), key=lambda dated: (dated[1], dated[0]))
    old, new = register.unit(old_code, old_on), register.unit(new_code, new_on)
    if old.level is not new.level:
        raise Misused("geography.one_level_only", levels=sorted({old.level, new.level}))
    if old.unit_id == new.unit_id:
        return Verdict(Comparability.COMPARABLE, "geography.reason_same_unit", _names(old, new))
    table = crosswalk(register, old_on, new_on, old.level)
    shared = next((a for a in table.by_old.get(old.unit_id, ()) if a.new_unit_id == new.unit_id), None)
    return _pair(register, table, old, new, shared)


def compare_maps(register: Register, from_on: date, to_on: date, level: Level) -> MapVerdict:
    """What may be compared once the earlier map's figures are recoded to the later map.

    The verdict on the whole is the worst of its units.
    """
    table = crosswalk(register, min(from_on, to_on), max(from_on, to_on), level)
    units = {
        unit.unit_id: _series(register, table, unit.unit_id) for unit in register.units_on(table.to_on, level)
    }
    order = list(Comparability)
    worst = max((verdict.comparability for verdict in units.values()), key=order.index, default=order[0])
    counts = {f"n_{c.value}": sum(v.comparability is c for v in units.values()) for c in order}
    details = {"from_on": table.from_on.isoformat(), "to_on": table.to_on.isoformat(), **counts}
    return MapVerdict(Verdict(worst, "geography.reason_maps", details), units)


def _pair(
    register: Register,
    table: Crosswalk,
    old: AdministrativeUnit,
    new: AdministrativeUnit,
    shared: Atom | None,
) -> Verdict:
    names = _names(old, new)
    if shared and shared.is_all_of_old and shared.is_all_of_new:
        return Verdict(Comparability.COMPARABLE, "geography.reason_same_territory", names)
    if old.code == new.code:
        return _not("geography.reason_code_reused", names, _parts(register, table, old, new))
    if shared is None:
        return _not("geography.reason_different_places", names)
    if not (shared.is_all_of_old or shared.is_all_of_new):
        return _not("geography.reason_overlap", names, _parts(register, table, old, new))
    if shared.is_all_of_old:
        return _not("geography.reason_merged", names, _parts(register, table, old, new))
    if shared.share is None:
        return _not("geography.reason_part_of_unknown_size", names)
    details = {**names, "share": f"{float(shared.share):.4f}", "bases": sorted(shared.bases)}
    return Verdict(Comparability.ESTIMATE, "geography.reason_part_by_weight", details)


def _series(register: Register, table: Crosswalk, new_id: str) -> Verdict:
    """Whether the earlier figures of all that became this unit add up to a figure for it."""
    atoms = table.by_new.get(new_id, ())
    details = {
        "unit": register.get(new_id).name,
        "sources": _labels(register, [a.old_unit_id for a in atoms]),
    }
    if new_id in table.unexplained or not atoms:
        return Verdict(Comparability.NOT_COMPARABLE, "geography.reason_no_predecessor", details)
    parts = [atom for atom in atoms if not atom.is_all_of_old]
    if not parts:
        key = "geography.reason_sum_of_whole" if len(atoms) > 1 else "geography.reason_one_whole"
        return Verdict(Comparability.COMPARABLE, key, details)
    details["divided"] = _labels(register, [atom.old_unit_id for atom in parts])
    if any(atom.share is None for atom in parts):
        return Verdict(Comparability.NOT_COMPARABLE, "geography.reason_unknown_weights", details)
    details["bases"] = sorted({basis for atom in parts for basis in atom.bases})
    return Verdict(Comparability.ESTIMATE, "geography.reason_known_weights", details)


def _not(reason: str, *details: dict[str, Any]) -> Verdict:
    return Verdict(Comparability.NOT_COMPARABLE, reason, {k: v for part in details for k, v in part.items()})


def _names(old: AdministrativeUnit, new: AdministrativeUnit) -> dict[str, Any]:
    return {"old": f"{old.name} ({old.unit_id})", "new": f"{new.name} ({new.unit_id})", "code": old.code}


def _parts(
    register: Register, table: Crosswalk, old: AdministrativeUnit, new: AdministrativeUnit
) -> dict[str, Any]:
    """What the old unit became and what the new one is made of."""
    became = [atom.new_unit_id for atom in table.by_old.get(old.unit_id, ())]
    made_of = [atom.old_unit_id for atom in table.by_new.get(new.unit_id, ())]
    return {"became": _labels(register, became), "made_of": _labels(register, made_of)}


def _labels(register: Register, unit_ids: Sequence[str]) -> list[str]:
    return [f"{register.get(unit_id).name} ({unit_id})" for unit_id in unit_ids]
