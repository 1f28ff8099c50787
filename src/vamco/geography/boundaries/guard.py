"""The guard against the classic faults of VN-2000 coordinates: it names the fault and proposes the fix.

Coordinates are read in every way in which Vietnamese files are written; the reading that lands
on the reference points of the units is the true one. Two levels of proof are needed:

* unit, meridian and order of axes move points by kilometres: one reference point tells, and
  often the extent of the province does;
* the datum (226 m) and the width of the zone (some 350 m) move them by less than references are
  exact: only the mean offset over many of them tells, and the guard says when it cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vamco.geography.boundaries.coordinates import READINGS, CoordinateReading, Datum
from vamco.geography.boundaries.diagnosis import Diagnosis, Doubt, Evidence, Fault, faults_between
from vamco.geography.boundaries.references import Lengths, References, lengths
from vamco.geography.boundaries.vn2000 import Points

_GROSS_M: Final = 8_000.0  # meridians are 27 km apart; the rest is how much units themselves differ
_INSIDE: Final = 0.95  # share of points that must lie in the extent
_PLAUSIBLE: Final = 25.0  # squared mean offset, in standard errors, that chance explains
_DECISIVE: Final = 12.0  # by how much, in the same measure, every other reading must be worse
_OUTLIER: Final = 4.0  # median distances: beyond, the reference is of another place

_Family = tuple[float | None, bool]
"""Central meridian (None for degrees) and order of axes: what moves points by kilometres."""


def diagnose(
    points: Points, codes: Sequence[str | None], declared: CoordinateReading | None, references: References
) -> Diagnosis:
    """What is wrong with points of shape (n, 2), declared to be so; `codes` tie them to references.

    `declared` None means that the file does not say.
    """
    case = _Case(points, codes, references)
    families = _fitting_families(case, declared)
    rivals = tuple(_typical(family) for family in families) if len(families) > 1 else ()
    family = _closest(families, declared)
    if family is None:
        return _place_unknown(case, declared, rivals)
    true, is_certain = _finest(case, family, declared)
    faults = faults_between(declared, true) if declared else (Fault.UNDECLARED,)
    proposal = true if faults else None
    doubts = [Doubt.PLACE] * bool(rivals) + [Doubt.DATUM] * (not is_certain)
    return Diagnosis(declared, faults, tuple(doubts), proposal, rivals, case.evidence(declared, true))


@dataclass(frozen=True, slots=True)
class _Case:
    """The points under suspicion, and what is known of where they belong."""

    points: Points
    codes: Sequence[str | None]
    references: References

    @property
    def has_references(self) -> bool:
        return any(code in self.references.places for code in self.codes)

    def distances_m(self, reading: CoordinateReading) -> Lengths:
        """From each reference, or else from the extent."""
        placed = reading.to_wgs84(self.points)
        if self.has_references:
            return lengths(self.references.offsets_m(placed, self.codes))
        return self.references.distances_to_extent_m(placed)

    def fits(self, reading: CoordinateReading) -> bool:
        distances = self.distances_m(reading)
        if self.has_references:
            return bool(np.median(distances) <= _GROSS_M)
        return bool(np.mean(distances == 0.0) >= _INSIDE)

    def mean_offset_m(self, reading: CoordinateReading) -> tuple[float, float]:
        """Length of the mean offset, and its square in standard errors; references of another place left out."""
        offsets = self.references.offsets_m(reading.to_wgs84(self.points), self.codes)
        distances = lengths(offsets)
        kept = offsets[distances <= _OUTLIER * np.median(distances)]
        spread = np.maximum(kept.std(axis=0), self.references.spread_m)
        mean = kept.mean(axis=0)
        return float(np.hypot(*mean)), float(np.sum((mean / spread) ** 2) * len(kept))

    def evidence(self, declared: CoordinateReading | None, true: CoordinateReading | None) -> Evidence:
        n = sum(code in self.references.places for code in self.codes)
        (before, offset_before), (after, offset_after) = map(self._measured, (declared, true))
        return Evidence(len(self.points), n, before, after, offset_before, offset_after)

    def _measured(self, reading: CoordinateReading | None) -> tuple[float | None, float | None]:
        distance = float(np.median(self.distances_m(reading))) if reading else np.inf
        if reading is None or not np.isfinite(distance):
            return None, None
        return distance, self.mean_offset_m(reading)[0] if self.has_references else None


def _family(reading: CoordinateReading) -> _Family:
    return (reading.grid.meridian if reading.grid else None, reading.swapped)


def _typical(family: _Family) -> CoordinateReading:
    """The reading to name a family by: VN-2000 on grids, WGS 84 for degrees."""
    of_family = [reading for reading in READINGS if _family(reading) == family]
    return min(of_family, key=lambda reading: (reading.datum is Datum.VN2000) is (reading.grid is None))


def _fitting_families(case: _Case, declared: CoordinateReading | None) -> list[_Family]:
    """The families under which the points lie where they ought to; one at most where references tell."""
    readings = {_family(reading): reading for reading in (*READINGS, *([declared] if declared else ()))}
    fitting = {family: reading for family, reading in readings.items() if case.fits(reading)}
    if case.has_references and fitting:
        return [min(fitting, key=lambda family: float(np.median(case.distances_m(fitting[family]))))]
    return list(fitting)


def _closest(families: Sequence[_Family], declared: CoordinateReading | None) -> _Family | None:
    """The one family that is nearest to what was declared; None where several are."""
    if declared is None:
        return families[0] if len(families) == 1 else None
    said = _family(declared)
    n_changes = {family: (family[0] != said[0]) + (family[1] != said[1]) for family in families}
    nearest = [family for family in families if n_changes[family] == min(n_changes.values())]
    return nearest[0] if len(nearest) == 1 else None


def _finest(
    case: _Case, family: _Family, declared: CoordinateReading | None
) -> tuple[CoordinateReading, bool]:
    """Datum and width of zone by the mean offset, and whether that is certain; as declared where it is not."""
    known = [reading for reading in READINGS if _family(reading) == family]
    if declared and _family(declared) == family and declared not in known:
        known.append(declared)
    if case.has_references:
        chances = sorted((case.mean_offset_m(reading)[1], i) for i, reading in enumerate(known))
        (best, i), (second, _) = chances[:2]
        if best <= _PLAUSIBLE and second - best >= _DECISIVE:
            return known[i], True
    return _as_declared(known, family, declared), False


def _as_declared(
    known: Sequence[CoordinateReading], family: _Family, declared: CoordinateReading | None
) -> CoordinateReading:
    if declared is None:
        return _typical(family)
    return min(known, key=lambda r: (r.datum is not declared.datum, _scale(r) != _scale(declared)))


def _scale(reading: CoordinateReading) -> float | None:
    return reading.grid.scale if reading.grid else None


def _place_unknown(
    case: _Case, declared: CoordinateReading | None, rivals: tuple[CoordinateReading, ...]
) -> Diagnosis:
    """No reading fits, or several fit equally well: the faults that all of them share."""
    faults = [Fault.UNDECLARED] if declared is None else []
    if not rivals:
        faults.append(Fault.UNRECOGNIZED)
    elif declared:
        faults += faults_between(declared, rivals[0])[:1]
    doubts = (Doubt.PLACE, Doubt.DATUM) if rivals else ()
    return Diagnosis(declared, tuple(faults), doubts, None, rivals, case.evidence(declared, None))
