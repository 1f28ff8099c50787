"""The official data quality index of one delivery (letter 4856/BCA-TTDLQG of 14/9/2026, annex 3).

rule = conforming / evaluated × 100; criterion = Σ w·rule / Σ w; field = Σ w·criterion / Σ w;
dataset = Σ w·field / Σ w. The letter leaves the weights to the owner; here every weight is 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

from vamco.packs.contract import Dimension

GREEN: Final = 90
AMBER: Final = 75
_MUST_BE_WHOLE: Final = (Dimension.CORRECT, Dimension.COMPLETE, Dimension.CLEAN)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule on one field: how many of its cells (or rows) conform. The field is '' for the table as a whole."""

    field: str
    dimension: Dimension
    rule: str
    n_evaluated: int
    n_conforming: int

    @property
    def score(self) -> float:
        """From 0 to 100."""
        return 100 * self.n_conforming / self.n_evaluated


@dataclass(frozen=True, slots=True)
class Score:
    """The index of a delivery, by criterion and by field; `serious` are identifiers that are not perfect."""

    value: float | None
    criteria: Mapping[Dimension, float]
    fields: Mapping[str, float]
    serious: tuple[str, ...]

    @property
    def level(self) -> str | None:
        """Green from 90, amber from 75, red below."""
        if self.value is None:
            return None
        return "green" if self.value >= GREEN else "amber" if self.value >= AMBER else "red"

    def as_dict(self) -> dict[str, Any]:
        """The score as JSON can carry it."""
        return {
            "value": self.value,
            "level": self.level,
            "criteria": {dimension.value: score for dimension, score in self.criteria.items()},
            "fields": dict(self.fields),
            "serious": list(self.serious),
        }


def score_of(rules: Iterable[RuleScore], identifiers: Iterable[str]) -> Score:
    """The index that these rules add up to; a rule that had nothing to look at does not count."""
    by_field: dict[str, dict[Dimension, list[float]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        if rule.n_evaluated:
            by_field[rule.field][rule.dimension].append(rule.score)
    criteria = {field: {d: fmean(scores) for d, scores in found.items()} for field, found in by_field.items()}
    fields = {field: fmean(found.values()) for field, found in criteria.items()}
    return Score(
        value=fmean(fields.values()) if fields else None,
        criteria=_by_dimension(criteria),
        fields=fields,
        serious=tuple(field for field in identifiers if not _is_whole(criteria.get(field, {}))),
    )


def _is_whole(criteria: Mapping[Dimension, float]) -> bool:
    return all(criteria.get(dimension, 100) >= 100 for dimension in _MUST_BE_WHOLE)


def _by_dimension(criteria: Mapping[str, Mapping[Dimension, float]]) -> dict[Dimension, float]:
    found: dict[Dimension, list[float]] = defaultdict(list)
    for of_field in criteria.values():
        for dimension, score in of_field.items():
            found[dimension].append(score)
    return {dimension: fmean(found[dimension]) for dimension in Dimension if dimension in found}
