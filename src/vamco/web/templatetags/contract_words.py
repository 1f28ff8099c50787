"""Contracts in plain words."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse

from vamco.packs.contract import Column, Contract, Kind, LegalBasis, Sensitivity
from vamco.vocabulary.messages import say
from vamco.vocabulary.text import with_written_days
from vamco.web.datasets.preview import Cell
from vamco.web.language import language_now
from vamco.web.templatetags.figures import NBSP, day, number

register = template.Library()


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


@register.simple_tag
def dataset_address(contract_id: str) -> str:
    """The page of the dataset of that contract."""
    return reverse("dataset", args=contract_id.split(".", 1))


@register.filter
def limits(column: Column) -> list[str]:
    """What the column's cells must keep to, one sentence part each."""
    said = [_say("column_required")] if column.required else []
    if column.key_position is not None:
        said.append(_say("column_key"))
    elif column.unique:
        said.append(_say("column_unique"))
    if column.minimum is not None and column.maximum is not None:
        said.append(_say("column_between", minimum=_bound(column.minimum), maximum=_bound(column.maximum)))
    elif column.minimum is not None:
        said.append(_say("column_from", minimum=_bound(column.minimum)))
    elif column.maximum is not None:
        said.append(_say("column_to", maximum=_bound(column.maximum)))
    if column.choices:
        said.append(_say("column_choices", choices=column.choices))
    if column.max_length:
        said.append(_say("column_length", length=column.max_length))
    return said


def _bound(text: str) -> str:
    return with_written_days(text, language_now())


@register.filter
def column_kind(column: Column) -> str:
    """What the column holds, with its unit of measure."""
    kind = _say(f"column_{column.kind}")
    if column.unit is not None:
        kind = _say(f"column_unit_by_{column.unit.named_by}")
    return f"{kind} ({column.unit_of_measure})" if column.unit_of_measure else kind


@register.filter
def schedule(contract: Contract) -> str:
    """When deliveries are owed."""
    if contract.schedule is None:
        return _say("schedule_none")
    each = _say(f"period_{contract.schedule.period_type}")
    return _say("schedule", period=each, days=contract.schedule.due_working_days)


@register.filter
def in_force(basis: LegalBasis) -> str:
    """From when to when the document holds."""
    if basis.valid_to_on is None:
        return _say("since", start=day(basis.valid_from_on))
    return f"{day(basis.valid_from_on)} – {day(basis.valid_to_on)}"


@register.simple_tag
def word(group: str, key: str) -> str:
    """The word for one of our own enumerated values, as `web.<group>_<key>` says it."""
    return _say(f"{group}_{key}")


@register.filter
def is_numeric(column: Column) -> bool:
    """Whether the column's values stand to the right, digit under digit."""
    return column.kind in {Kind.INTEGER, Kind.DECIMAL}


@register.filter
def by_sensitivity(columns: Iterable[Column]) -> list[tuple[Sensitivity, list[Column]]]:
    """The columns by the protection that they need, the lowest first."""
    groups = ((level, [c for c in columns if c.sensitivity is level]) for level in Sensitivity)
    return [(level, found) for level, found in groups if found]


@register.inclusion_tag("datasets/cell.html")
def shown_cell(cell: Cell) -> dict[str, Any]:
    """One accepted value, or the words of the nothing that stands there."""
    words = written(cell.value, cell.column)
    return {"cell": cell, "words": words, "is_numeric": is_numeric(cell.column)}


def written(value: Any, column: Column) -> str | None:
    """An accepted value of the column as the reader writes such values; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _say("value_true" if value else "value_false")
    if isinstance(value, datetime):
        return f"{value:%H:%M}{NBSP}{day(value.date())}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal) and column.is_quantity:
        return number(value, _places(value))
    return str(value)


def _places(value: float | Decimal) -> int:
    if isinstance(value, int):
        return 0
    digits = format(Decimal(str(value)).normalize(), "f")
    return len(digits.partition(".")[2])


@register.simple_tag
def written_value(value: Any, column: Column) -> str:
    """An accepted value of the column, a dash for nothing."""
    return written(value, column) or "–"
