"""What the guard found: faults by name, doubts it could not settle, the fix, and the evidence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vamco.geography.boundaries.coordinates import CoordinateReading, Datum
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import Language, message


class Fault(StrEnum):
    """What is wrong with coordinates as declared; the value is the name of its message."""

    UNDECLARED = "vn2000_undeclared"
    METRES_AS_DEGREES = "vn2000_metres_as_degrees"
    DEGREES_AS_METRES = "vn2000_degrees_as_metres"
    SWAPPED_AXES = "vn2000_swapped_axes"
    SWAPPED_DEGREES = "vn2000_swapped_degrees"
    WRONG_MERIDIAN = "vn2000_wrong_meridian"
    WRONG_WIDTH = "vn2000_wrong_width"
    MISSING_SHIFT = "vn2000_missing_shift"
    ALREADY_WGS84 = "vn2000_already_wgs84"
    UNRECOGNIZED = "vn2000_unrecognized"


class Doubt(StrEnum):
    """What the evidence cannot decide; the value is the name of its message."""

    PLACE = "vn2000_place_undecided"
    DATUM = "vn2000_datum_undecided"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Distances in metres from where the points ought to be, as declared and as proposed.

    The distance is the median over reference points, else to the extent; the offset is the
    length of the mean displacement over reference points, None where there is none.
    """

    n_points: int
    n_references: int
    distance_before_m: float | None = None
    distance_after_m: float | None = None
    offset_before_m: float | None = None
    offset_after_m: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The guard's verdict. `proposal` is what to declare; `candidates` all that fit as well."""

    declared: CoordinateReading | None
    faults: tuple[Fault, ...]
    doubts: tuple[Doubt, ...]
    proposal: CoordinateReading | None
    candidates: tuple[CoordinateReading, ...]
    evidence: Evidence

    @property
    def is_sound(self) -> bool:
        """Whether no fault was found; a doubt is no fault."""
        return not self.faults

    def require_sound(self) -> None:
        """Raises `Refused` in the name of the first fault."""
        if self.faults:
            raise Refused(f"geography.{self.faults[0]}", **self.details())

    def details(self) -> dict[str, Any]:
        """The values that fill the messages, and the same for programs."""
        return {
            "declared": str(self.declared or "—"),
            "proposal": str(self.proposal or "—"),
            "option": _option(self.proposal),
            "candidates": [str(candidate) for candidate in self.candidates],
            "n": self.evidence.n_references,
            "before": _metres(self.evidence.distance_before_m),
            "after": _metres(self.evidence.distance_after_m),
            "offset_before": _metres(self.evidence.offset_before_m),
            "offset_after": _metres(self.evidence.offset_after_m),
        }

    def say(self, language: Language) -> list[dict[str, str]]:
        """Each fault and doubt in words: what it is, and what to do next."""
        found = (*self.faults, *self.doubts)
        return [
            {"id": name.value, **message(f"geography.{name}", language, self.details())} for name in found
        ]


def faults_between(declared: CoordinateReading, true: CoordinateReading) -> tuple[Fault, ...]:
    """The faults that turn the true reading into the declared one, worst first."""
    found = []
    if declared.swapped != true.swapped:
        found.append(Fault.SWAPPED_AXES if true.grid else Fault.SWAPPED_DEGREES)
    if declared.grid and true.grid:
        if declared.grid.meridian != true.grid.meridian:
            found.append(Fault.WRONG_MERIDIAN)
        elif declared.grid.scale != true.grid.scale:
            found.append(Fault.WRONG_WIDTH)
    elif declared.grid or true.grid:
        # a datum said of degrees says nothing of metres, nor the other way round
        return (*found, Fault.METRES_AS_DEGREES if true.grid else Fault.DEGREES_AS_METRES)
    if declared.datum != true.datum:
        found.append(Fault.MISSING_SHIFT if true.datum is Datum.VN2000 else Fault.ALREADY_WGS84)
    return tuple(found)


def _option(reading: CoordinateReading | None) -> str:
    """The command line's words for a reading."""
    if reading is None:
        return "—"
    crs = f"--crs {reading.epsg}" if reading.epsg else f'--crs "{reading.proj}"'
    return f"{crs} --swap-axes" if reading.swapped else crs


def _metres(distance: float | None) -> str:
    return "—" if distance is None else f"{distance:.0f} m"
