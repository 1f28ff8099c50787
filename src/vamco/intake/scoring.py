"""The official data quality index of one delivery (letter 4856/BCA-TTDLQG of 14/9/2026, annex 3).

rule = conforming / evaluated × 100; criterion = Σ w·rule / Σ w; field = Σ w·criterion / Σ w;
dataset = Σ w·field / Σ w. The letter leaves the weights to the owner of the data: the contract may give them
(`Weights`), and every other weight is 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any, Final

from vamco.packs.contract import Contract, Dimension, Weights

GREEN: Final = 90
AMBER: Final = 75
_MUST_BE_WHOLE: Final = (Dimension.CORRECT, Dimension.COMPLETE, Dimension.CLEAN)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule on one field: how many of its cells (or rows) conform. The field is '' for the table as a whole.

    `is_of_rows` where it is asked of cells and rows, not of the file or the delivery.
    """

    field: str
    dimension: Dimension
    rule: str
    n_evaluated: int
    n_conforming: int
    is_of_rows: bool = False

    @property
    def score(self) -> float:
        """From 0 to 100."""
        return 100 * self.n_conforming / self.n_evaluated

    def as_dict(self) -> dict[str, Any]:
        """The rule as JSON can carry it."""
        return {**asdict(self), "dimension": self.dimension.value}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "RuleScore":
        """The rule that `as_dict` told."""
        return cls(**{**told, "dimension": Dimension(told["dimension"])})


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

    def not_applicable(self) -> "Score":
        """The score where no row was accepted: no data, so no quality of data; faults of identifiers stay serious."""
        return replace(self, value=None, criteria={}, fields={})

    def as_dict(self) -> dict[str, Any]:
        """The score as JSON can carry it."""
        return {
            "value": self.value,
            "level": self.level,
            "criteria": {dimension.value: score for dimension, score in self.criteria.items()},
            "fields": dict(self.fields),
            "serious": list(self.serious),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Score":
        """The score that `as_dict` told."""
        criteria = {Dimension(name): score for name, score in told["criteria"].items()}
        return cls(told["value"], criteria, told["fields"], tuple(told["serious"]))


def score_of(rules: Iterable[RuleScore], contract: Contract) -> Score:
    """The index that these rules add up to; a rule that had nothing to look at does not count."""
    weights = contract.weights
    by_field: dict[str, dict[Dimension, list[RuleScore]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        if rule.n_evaluated:
            by_field[rule.field][rule.dimension].append(rule)
    criteria = {
        field: {d: _mean((r.score, weights.of_rule(r.rule)) for r in found) for d, found in by.items()}
        for field, by in by_field.items()
    }
    fields = {
        field: _mean((score, weights.of_criterion(d)) for d, score in found.items())
        for field, found in criteria.items()
    }
    identifiers = [column.name for column in contract.columns if column.identifier]
    return Score(
        value=_mean((score, weights.of_field(field)) for field, score in fields.items()) if fields else None,
        criteria=_by_dimension(criteria, weights),
        fields=fields,
        serious=tuple(field for field in identifiers if not _is_whole(criteria.get(field, {}))),
    )


def _mean(weighted: Iterable[tuple[float, float]]) -> float:
    values, weights = zip(*weighted, strict=True)
    return fmean(values, weights)


def _is_whole(criteria: Mapping[Dimension, float]) -> bool:
    return all(criteria.get(dimension, 100) >= 100 for dimension in _MUST_BE_WHOLE)


def _by_dimension(
    criteria: Mapping[str, Mapping[Dimension, float]], weights: Weights
) -> dict[Dimension, float]:
    found: dict[Dimension, list[tuple[float, float]]] = defaultdict(list)
    for field, of_field in criteria.items():
        for dimension, score in of_field.items():
            found[dimension].append((score, weights.of_field(field)))
    return {dimension: _mean(found[dimension]) for dimension in Dimension if dimension in found}
