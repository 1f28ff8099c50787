"""What an import of boundaries found, for people and programs."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from vamco.geography.boundaries.checks import AreaDifference, Gap, Overlap
from vamco.geography.boundaries.diagnosis import Diagnosis
from vamco.geography.boundaries.shape import Repair
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import Language, say

_SHOWN: Final = 8  # findings of a kind that are named in a sentence
_OTHER_MAP: Final = 0.1  # share of names that differ: more than spelling explains


@dataclass(frozen=True, slots=True)
class Named:
    """A unit of the register or a feature of the file; `other_name` where the two disagree."""

    code: str
    name: str
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryReport:
    """The findings of one file against the units of one day."""

    n_features: int
    code_field: str
    diagnosis: Diagnosis
    without_boundary: tuple[Named, ...] = ()  # units of the register
    without_unit: tuple[Named, ...] = ()  # features of the file
    without_area: tuple[str, ...] = ()  # codes of features that are points, lines or empty
    repeated: tuple[str, ...] = ()
    named_otherwise: tuple[Named, ...] = ()
    repairs: tuple[Repair, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Gap, ...] = ()
    area_differences: tuple[AreaDifference, ...] = ()

    def require_importable(self) -> None:
        """Raises `Refused` for what would put a wrong map in store: bad coordinates, a code twice, another map."""
        self.diagnosis.require_sound()
        if self.repeated:
            raise Refused("geography.boundary_repeated", codes=list(self.repeated))
        if len(self.named_otherwise) > _OTHER_MAP * (self.n_features - len(self.without_unit)):
            first = self.named_otherwise[0]
            raise Refused(
                "geography.boundary_other_map",
                n=len(self.named_otherwise),
                code=first.code,
                in_file=first.other_name,
                in_register=first.name,
            )

    def say(self, language: Language) -> list[str]:
        """The report in sentences, one for each kind of finding that there is."""
        lines = [say("geography.boundary_found", language, n=self.n_features, field=self.code_field)]
        for said in self.diagnosis.say(language):
            lines.append(f"{said['what']} {said['next']}".strip())
        for name, shown in self._shown().items():
            if shown:
                lines.append(say(f"geography.{name}", language, n=len(shown), shown=shown[:_SHOWN]))
        return lines

    def _shown(self) -> dict[str, list[str]]:
        return {
            "boundary_without_boundary": [f"{u.code} {u.name}" for u in self.without_boundary],
            "boundary_without_unit": [f"{f.code} {f.name}" for f in self.without_unit],
            "boundary_without_area": list(self.without_area),
            "boundary_code_twice": list(self.repeated),
            "boundary_named_otherwise": [f"{u.code} {u.other_name} ≠ {u.name}" for u in self.named_otherwise],
            "boundary_repairs": [
                f"{r.code} {r.reason} ({r.after_km2 - r.before_km2:+.3f} km²)" for r in self.repairs
            ],
            "boundary_overlaps": [f"{'/'.join(o.codes)} {o.area_km2:.3f} km²" for o in self.overlaps],
            "boundary_gaps": [f"{g.lat}, {g.lon} {g.area_km2:.3f} km²" for g in self.gaps],
            "boundary_areas": [f"{d.code} {d.share:+.0%}" for d in self.area_differences],
        }

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The report as JSON can carry it."""
        report = asdict(self)
        report["diagnosis"] = {
            "is_sound": self.diagnosis.is_sound,
            "faults": [fault.value for fault in self.diagnosis.faults],
            "doubts": [doubt.value for doubt in self.diagnosis.doubts],
            **self.diagnosis.details(),
            "evidence": asdict(self.diagnosis.evidence),
            "messages": self.diagnosis.say(language),
        }
        return report
