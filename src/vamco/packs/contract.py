"""A contract: what a delivery must hold, from whom and by when. Frozen once loaded.

The file form is the Open Data Contract Standard 3.x with the `customProperties` profile of
`docs/reference/contract-profile.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.text import Text


class Kind(StrEnum):
    """What a column holds. A code is text and never loses its zeros."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    UNIT = "unit"


class Drift(StrEnum):
    """What to do with columns that the contract does not know (words after dlt)."""

    EVOLVE = "evolve"
    FREEZE = "freeze"
    DISCARD_ROW = "discard_row"
    DISCARD_VALUE = "discard_value"


class Strictness(StrEnum):
    """Whether a finding rejects the row (or the delivery) or only marks it."""

    ERROR = "error"
    WARNING = "warning"


class Dimension(StrEnum):
    """The five criteria of data quality of official letter 4856/BCA-TTDLQG (14/9/2026), annex 3."""

    CORRECT = "dung"
    COMPLETE = "du"
    CLEAN = "sach"
    LIVE = "song"
    CONSISTENT = "thong_nhat"


class Sensitivity(StrEnum):
    """The highest protection that a column's content needs."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal document in force between two dates (the end open when None)."""

    document: str
    valid_from_on: date
    valid_to_on: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class UnitReference:
    """How a column names administrative units, and on which day's map.

    The map's day is `map_on` when fixed, else the day in `map_column` (a date or a timestamp) of the
    same row, else the first day of the delivery's period.
    """

    named_by: str  # "code" or "name"
    level: str  # "commune", "district", "province" or "country"
    map_on: date | None = None
    map_column: str | None = None
    parent_column: str | None = None
    when_blank: str | None = None  # code meant by an empty cell
    on_unknown: Strictness = Strictness.ERROR


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it may hold, and how senders write it.

    Headers are compared as `vamco.packs.heading` says: with the name, the titles and the aliases first,
    then with the alias patterns.
    """

    name: str
    kind: Kind
    title: Text
    aliases: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    key_position: int | None = None  # place in the row's key; None when not part of it
    identifier: bool = False  # must reach 100 % (letter 4856/BCA-TTDLQG)
    minimum: str | None = None  # in the column's own type
    maximum: str | None = None
    max_length: int | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()
    nothings: Mapping[str, Nothing] = field(default_factory=dict)  # written sign → kind of nothing
    unit_of_measure: str | None = None
    multiplier: Decimal = Decimal(1)  # from the written unit to `unit_of_measure`
    unit: UnitReference | None = None
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    alias_patterns: tuple[str, ...] = ()  # regular expressions over a whole folded header
    when_blank: str | None = None  # value meant by an empty cell, and by a delivery without the column
    description: Text | None = None

    @property
    def is_quantity(self) -> bool:
        """Whether its numbers count or measure; those that name a row, as a year in the key, do not."""
        return self.kind in (Kind.INTEGER, Kind.DECIMAL) and self.key_position is None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across cells. `holds` is an SQL expression over the typed columns.

    A row rule must be true of each row (null counts as true); a delivery rule is an aggregate
    expression that must be true of the whole delivery.
    """

    id: str
    title: Text
    scope: str  # "row" or "delivery"
    holds: str
    strictness: Strictness = Strictness.ERROR
    dimension: Dimension = Dimension.CONSISTENT


@dataclass(frozen=True, slots=True)
class Schedule:
    """When deliveries are owed: one a period, `due_working_days` after its end."""

    period_type: str  # a `PeriodType` value
    due_working_days: int
    starts_on: date
    ends_on: date | None = None
    silent_after_days: int = 30  # overdue by more than this is silence


@dataclass(frozen=True, slots=True)
class OpenData:
    """Whether and how the dataset may be published; a minimum count is in force since a day, by a source."""

    method: str  # "none", "whole", "threshold"
    minimum_count: int | None = None
    licence: str | None = None
    valid_from_on: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much rules, criteria and fields count in the quality index; 1 where nothing is said.

    Rules are named by the id of the contract's own rules or by the reason of a finding; the field '' is the
    table as a whole.
    """

    rules: Mapping[str, float] = field(default_factory=dict)
    criteria: Mapping[Dimension, float] = field(default_factory=dict)
    fields: Mapping[str, float] = field(default_factory=dict)

    def of_rule(self, rule: str) -> float:
        """The rule's weight within its criterion."""
        return self.rules.get(rule, 1)

    def of_criterion(self, criterion: Dimension) -> float:
        """The criterion's weight within its field."""
        return self.criteria.get(criterion, 1)

    def of_field(self, name: str) -> float:
        """The field's weight within the dataset."""
        return self.fields.get(name, 1)


@dataclass(frozen=True, slots=True)
class Contract:
    """What deliveries of one dataset must look like. `id` is `<pack>.<dataset>`.

    The key names a row within one period, or for good when the contract has a period column.
    """

    id: str
    version: str
    title: Text
    purpose: Text
    agency: str  # code of the agency that owes the data
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    drift: Drift
    schedule: Schedule | None
    legal_basis: tuple[LegalBasis, ...]
    open_data: OpenData
    period_column: str | None  # date column that must lie in the delivery's period
    source: Path
    limitations: Text | None = None
    unscheduled_because: Text | None = None  # why nothing is ever due, where there is no schedule
    weights: Weights = field(default_factory=Weights)

    def column(self, name: str) -> Column:
        """The column of that name. Raises `KeyError`."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Whether the contract knows the column."""
        return any(c.name == name for c in self.columns)

    @property
    def pack(self) -> str:
        """Slug of the pack that holds the contract."""
        return self.id.partition(".")[0]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together identify a row, in order."""
        keyed = [c for c in self.columns if c.key_position is not None]
        return tuple(c.name for c in sorted(keyed, key=lambda c: c.key_position or 0))
