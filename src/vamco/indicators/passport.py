"""The passport of a figure: everything that says where it comes from and how far to trust it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q

from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import indicator_of
from vamco.indicators.definition_words import formula_in_words, measure_in_words
from vamco.indicators.evidence import Evidence, evidence
from vamco.indicators.figure import Figure
from vamco.indicators.formula import evaluable
from vamco.indicators.models import Observation, Why
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import territory_now
from vamco.indicators.wording import sentence
from vamco.packs.contract import LegalBasis
from vamco.packs.indicator import Definition, Indicator
from vamco.vocabulary.messages import LANGUAGES
from vamco.vocabulary.observation import ObservationStatus

_MOST_VINTAGES: Final = 200


@dataclass(frozen=True, slots=True)
class Side:
    """Numerator or denominator: what was counted, from which deliveries (id → rows that count)."""

    name: str
    value: float | None
    evidence: Evidence
    deliveries: Mapping[int, int]

    def as_dict(self) -> dict[str, Any]:
        """The side as JSON can carry it."""
        measure = self.evidence.measure
        return {
            "name": self.name,
            "dataset": measure.dataset,
            "words": {language: measure_in_words(measure, language) for language in LANGUAGES},
            "unit_means": measure.means.value,
            "value": self.value,
            "deliveries": [{"id": key, "n_rows": n} for key, n in self.deliveries.items()],
            "sql": self.evidence.sql,
        }


@dataclass(frozen=True, slots=True)
class Vintage:
    """What was said before, and since when; `value` is None where it is nothing, or hidden."""

    id: int
    unit_id: str
    period: str
    definition_version: int
    value: float | None
    status: ObservationStatus
    known_since_at: datetime
    superseded_at: datetime | None
    why: Why
    run_id: int

    def as_dict(self) -> dict[str, Any]:
        """The vintage as JSON can carry it."""
        return {
            "id": self.id,
            "unit_id": self.unit_id,
            "period": self.period,
            "definition_version": self.definition_version,
            "value": self.value,
            "status": self.status.value,
            "known_since_at": self.known_since_at.isoformat(),
            "superseded_at": self.superseded_at.isoformat() if self.superseded_at else None,
            "why": self.why.value,
            "run": self.run_id,
        }


@dataclass(frozen=True, slots=True)
class Passport:
    """All facts of one figure. `inputs` are the figures that a formula takes; `vintages` newest first."""

    indicator: Indicator
    unit: AdministrativeUnit
    figure: Figure
    definition: Definition | None
    sides: tuple[Side, ...]
    inputs: tuple[Figure, ...]
    vintages: tuple[Vintage, ...]

    @property
    def delivery_ids(self) -> tuple[int, ...]:
        """The deliveries that it rests on, in order of arrival."""
        return tuple(sorted({key for side in self.sides for key in side.deliveries}))

    def as_dict(self) -> dict[str, Any]:
        """The passport as JSON can carry it."""
        return {
            "figure": self.figure.as_dict(),
            "title": self.indicator.title.as_dict(),
            "question": self.indicator.question.as_dict(),
            "agency": self.indicator.agency,
            "unit": self.unit.as_dict(),
            "sentence": {lang: sentence(self.figure, self.indicator, lang) for lang in LANGUAGES},
            "definition": self._definition(),
            "sides": [side.as_dict() for side in self.sides],
            "inputs": [figure.as_dict() for figure in self.inputs],
            "delivery_ids": list(self.delivery_ids),
            "vintages": [vintage.as_dict() for vintage in self.vintages],
        }

    def _definition(self) -> dict[str, Any] | None:
        if self.definition is None:
            return None
        return {
            "version": self.definition.version,
            "valid_from": self.definition.valid_from_on.isoformat(),
            "valid_to": self.definition.valid_to_on.isoformat() if self.definition.valid_to_on else None,
            "formula": {lang: formula_in_words(self.definition, lang) for lang in LANGUAGES},
            "note": self.definition.note.as_dict() if self.definition.note else None,
            "query": self.definition.query.text if self.definition.query else None,
            "legal_basis": [_law(basis) for basis in self.definition.legal_basis],
        }


def passport(question: Question, *, sees_cells: bool = False) -> Passport:
    """The passport of the one figure that the question asks for (one unit, one period)."""
    (figure,) = figures(question, sees_cells=sees_cells)
    definition = _definition(question.indicator, figure)
    is_hidden = figure.status is ObservationStatus.SUPPRESSED
    return Passport(
        question.indicator,
        territory_now().register.get(figure.unit_id),
        figure,
        definition,
        () if definition is None or is_hidden else tuple(_sides(question, definition, figure)),
        () if definition is None else tuple(_inputs(question, definition, sees_cells=sees_cells)),
        tuple(vintages(question, figure, sees_cells=sees_cells)),
    )


def _definition(indicator: Indicator, figure: Figure) -> Definition | None:
    wanted = figure.definition_version
    return next((d for d in indicator.definitions if d.version == wanted), None)


def _sides(question: Question, definition: Definition, figure: Figure) -> Iterator[Side]:
    at = question.as_known_at
    snapshot = Snapshot.then(at) if at else Snapshot.now()
    values = {"numerator": figure.numerator, "denominator": figure.denominator}
    for one in evidence(question.indicator, definition, figure, snapshot):
        name = "denominator" if one.measure is definition.denominator else "numerator"
        yield Side(name, values[name], one, dict(one.deliveries()))


def _inputs(question: Question, definition: Definition, *, sees_cells: bool) -> Iterator[Figure]:
    """What the formula reaches, each on the figure's own map."""
    if definition.formula is None:
        return
    (period,) = question.periods
    formula = evaluable(definition.formula)
    for letter, needed in sorted(formula.reach(period)):
        asked = question.about(indicator_of(formula.inputs[letter]))
        asked = replace(asked, periods=(needed,), map_on=question.map_of(period))
        yield from figures(asked, sees_cells=sees_cells)


def vintages(question: Question, figure: Figure, *, sees_cells: bool = False) -> list[Vintage]:
    """Every vintage of the rows that the figure rests on, as known at the question's moment, newest first."""
    return list(_vintages(question, figure, sees_cells=sees_cells))


def _vintages(question: Question, figure: Figure, *, sees_cells: bool) -> Iterator[Vintage]:
    keys = Observation.objects.filter(pk__in=figure.vintages[:_MOST_VINTAGES], indicator=figure.indicator)
    same = [Q(unit_id=row.unit_id, period=row.period) for row in keys]
    if not same:
        return
    rows = Observation.objects.filter(
        reduce(or_, same), indicator=figure.indicator, breakdown=figure.breakdown
    )
    if question.as_known_at:
        rows = rows.filter(known_since_at__lte=question.as_known_at)
    for row in rows.order_by("-known_since_at", "-pk")[:_MOST_VINTAGES]:
        yield _vintage(row, is_hidden=not sees_cells and _is_to_hide(question.indicator, figure, row))


def _is_to_hide(indicator: Indicator, figure: Figure, row: Observation) -> bool:
    """What a small count is hidden by is decided for live rows: of a discreet indicator, only these are told."""
    is_live = row.superseded_at is None or row.pk in figure.vintages
    return bool(indicator.minimum_count) and (figure.status is ObservationStatus.SUPPRESSED or not is_live)


def _vintage(row: Observation, *, is_hidden: bool) -> Vintage:
    status = ObservationStatus.SUPPRESSED if is_hidden else ObservationStatus(row.status)
    return Vintage(
        id=row.pk,
        unit_id=row.unit_id,
        period=row.period,
        definition_version=row.definition_version,
        value=None if is_hidden else row.value,
        status=status,
        known_since_at=row.known_since_at,
        superseded_at=row.superseded_at,
        why=Why(row.why),
        run_id=row.run_id,
    )


def _law(basis: LegalBasis) -> dict[str, Any]:
    return {
        "document": basis.document,
        "valid_from": basis.valid_from_on.isoformat(),
        "valid_to": basis.valid_to_on.isoformat() if basis.valid_to_on else None,
        "is_verified": basis.verified,
    }
