"""From cells to figures: value, release, lateness, what is hidden, and how abnormal it is."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.utils import timezone

from vamco.indicators.cell import WITH_VALUE, Amount, Cell
from vamco.indicators.figure import Figure, Reason, Release
from vamco.indicators.hidden import hidden_vintages
from vamco.indicators.hiding import is_small, sizes
from vamco.indicators.question import Question
from vamco.indicators.stored import is_ratio
from vamco.packs.indicator import Band, Definition
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

_COMPARED: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_DAY: Final = timedelta(days=1)

Bounds = Mapping[tuple[str, str, Period], float | None]
"""Values that bands compare with, by indicator, unit and period."""


class Judge:
    """Makes the figures of one question out of its cells, as of its moment."""

    def __init__(self, question: Question, *, sees_cells: bool) -> None:
        self.question, self.sees_cells = question, sees_cells
        self.indicator = question.indicator
        self.today = timezone.localdate(question.as_known_at)

    def figure(self, unit_id: str, period: Period, cell: Cell) -> Figure:
        """The figure of a cell, hidden where it is a small count and the caller may not see cells."""
        definition = self._definition(cell, period)
        made = self._figure(unit_id, period, cell, definition)
        return self.hidden(made) if self._is_to_hide(cell, definition) else made

    def banded(self, found: Sequence[Figure], bounds: Bounds) -> list[Figure]:
        """The figures, each with the worst band that it is in."""
        if not self.indicator.bands:
            return list(found)
        return [replace(figure, severity=self.severity(figure, bounds)) for figure in found]

    def _figure(self, unit_id: str, period: Period, cell: Cell, definition: Definition | None) -> Figure:
        numbers = _numbers(cell, definition, is_ratio=self._is_ratio(definition))
        status, reason = self._status(cell, numbers["value"], period)
        has_value = status in WITH_VALUE
        if not has_value:
            numbers["value"] = None
        return Figure(
            indicator=self.indicator.id,
            definition_version=definition.version if definition else None,
            unit_id=unit_id,
            level=self.question.level,
            period=period,
            map_on=self.question.map_of(period),
            status=status,
            breakdown=self.question.breakdown,
            release=self._release(cell, period) if has_value else None,
            n_rows=cell.n_rows,
            n_excluded=cell.n_excluded,
            coverage=cell.coverage,
            estimated_share=cell.estimated_share,
            bases=cell.bases,
            known_since_at=cell.known_since_at,
            why=cell.why,
            vintages=cell.vintages,
            missing_units=cell.missing_units,
            missing_periods=cell.missing_periods,
            late_since=self._late_since(cell, period, status),
            reason=reason,
            **numbers,
        )

    def _is_ratio(self, definition: Definition | None) -> bool:
        return definition is not None and is_ratio(self.indicator, definition)

    def _definition(self, cell: Cell, period: Period) -> Definition | None:
        version = cell.version or self.question.definition_version
        if version is None:
            return self.indicator.definition(period.start_on)
        return next((d for d in self.indicator.definitions if d.version == version), None)

    def _status(
        self, cell: Cell, value: float | None, period: Period
    ) -> tuple[ObservationStatus, Reason | None]:
        if cell.has_value and value is None:
            is_empty = cell.denominator.value == 0 and cell.status is not ObservationStatus.PARTIAL
            if is_empty:
                return ObservationStatus.NOT_APPLICABLE, Reason("indicators.reason_divides_by_nothing")
            return ObservationStatus.MISSING, cell.reason
        is_silent = cell.status is ObservationStatus.MISSING and not (cell.coverage or cell.reason)
        if is_silent and self.today > self._due_on(period):
            return ObservationStatus.LATE, None
        return cell.status, cell.reason

    def _due_on(self, period: Period) -> date:
        return period.end_on + self.indicator.promise_days * _DAY

    def _late_since(self, cell: Cell, period: Period, status: ObservationStatus) -> date | None:
        """The first day after the promise for the earliest part that has not come."""
        is_part_late = status in WITH_VALUE and cell.coverage < 1
        if status is not ObservationStatus.LATE and not is_part_late:
            return None
        due_on = self._due_on(min(cell.missing_periods, default=period))
        return due_on + _DAY if self.today > due_on else None

    def _release(self, cell: Cell, period: Period) -> Release:
        is_whole = cell.coverage >= 1 and cell.status is not ObservationStatus.PARTIAL
        if not is_whole or self.today <= period.end_on:
            return Release.ESTIMATE
        official_on = period.end_on + self.indicator.official_after_days * _DAY
        return Release.OFFICIAL if self.today >= official_on else Release.PRELIMINARY

    def _is_to_hide(self, cell: Cell, definition: Definition | None) -> bool:
        """Nothing and zero are told; a few people are not, nor what would give them away."""
        if self.sees_cells or not self.indicator.minimum_count or definition is None or definition.formula:
            return False
        return self._is_small(cell, definition) or not self._hidden_vintages.isdisjoint(cell.vintages)

    @cached_property
    def _hidden_vintages(self) -> frozenset[int]:
        return hidden_vintages(self.question)

    def _is_small(self, cell: Cell, definition: Definition) -> bool:
        above, below = cell.numerator, cell.denominator
        least = self.indicator.minimum_count
        if above.value is not None:
            counts = sizes(self.indicator, definition, float(above.value), _float(below.value), cell.n_rows)
            return is_small(counts, least)
        return above.high is not None and above.high > 0 and (above.low or 0) < least

    def hidden(self, figure: Figure) -> Figure:
        """What may be told of a small count, and of what would give one away: that there is one."""
        return replace(
            figure,
            status=ObservationStatus.SUPPRESSED,
            numerator=None,
            denominator=None,
            value=None,
            low=None,
            high=None,
            release=None,
            n_rows=0,
            reason=self._why_hidden(),
        )

    def _why_hidden(self) -> Reason:
        least = self.indicator.minimum_count
        key = "reason_suppressed" if least else "reason_input_suppressed"
        return Reason(f"indicators.{key}", {"least": least} if least else {})

    def severity(self, figure: Figure, bounds: Bounds) -> Severity | None:
        """The worst band that the figure is in; None where it is in none or cannot be judged."""
        found = [band.severity for band in self.indicator.bands if self._is_in(band, figure, bounds)]
        return min(found, key=lambda one: one.rank, default=None)

    def _is_in(self, band: Band, figure: Figure, bounds: Bounds) -> bool:
        bound = bound_of(band, figure, bounds)
        if figure.value is None or bound is None or (_evidence(band, figure) or 0) < band.at_least:
            return False
        # What is partial can only grow: that it is above is known, that it is below is not.
        is_growing = figure.status is ObservationStatus.PARTIAL and figure.denominator is None
        if is_growing and band.comparator.startswith("<"):
            return False
        return bool(_COMPARED[band.comparator](figure.value, bound))


def _evidence(band: Band, figure: Figure) -> float | None:
    """What must not be too few: of too much, the cases; of too little, all that there might have been."""
    is_of_too_little = band.comparator.startswith("<") and figure.denominator is not None
    return figure.denominator if is_of_too_little else figure.numerator


def bound_of(band: Band, figure: Figure, bounds: Bounds) -> float | None:
    """The number that the band begins at for that unit and period."""
    if isinstance(band.bound, Decimal):
        return float(band.bound)
    return bounds.get((band.bound, figure.unit_id, figure.period))


def bounds_from(figures: Iterable[Figure]) -> Bounds:
    """Values of other indicators by which a figure is judged."""
    return {(figure.indicator, figure.unit_id, figure.period): figure.value for figure in figures}


def bound_ids(bands: Sequence[Band]) -> list[str]:
    """The indicators that the bands begin at."""
    return sorted({band.bound for band in bands if isinstance(band.bound, str)})


def _numbers(cell: Cell, definition: Definition | None, *, is_ratio: bool) -> dict[str, Any]:
    above, below = cell.numerator, cell.denominator
    per = Decimal(1) if definition is None or definition.formula else definition.per
    whole = _ratio(above, below, per) if is_ratio else _times(above, per)
    shows_bounds = above.value is None or cell.estimated_share > 0
    return {
        "numerator": _float(above.value),
        "denominator": _float(below.value),
        "value": _float(whole.value),
        "low": _float(whole.low) if shows_bounds else None,
        "high": _float(whole.high) if shows_bounds else None,
    }


def _ratio(above: Amount, below: Amount, per: Decimal) -> Amount:
    return Amount(
        _over(above.value, below.value, per),
        _over(above.low, below.high, per),
        _over(above.high, below.low, per),
    )


def _times(amount: Amount, per: Decimal) -> Amount:
    return Amount(*(None if n is None else n * per for n in (amount.value, amount.low, amount.high)))


def _over(above: Decimal | None, below: Decimal | None, per: Decimal) -> Decimal | None:
    return above * per / below if above is not None and below else None


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
