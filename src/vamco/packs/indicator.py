"""An indicator: what is counted, over what, for whom and when. Frozen once loaded.

The file form is described in `docs/reference/indicator-form.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from vamco.packs.contract import LegalBasis, Sensitivity
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text


class Aggregation(StrEnum):
    """How the rows of a dataset make one number."""

    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"
    AVERAGE = "average"  # kept as a sum and a count, so that it can be rebuilt
    PERCENTILE = "percentile"
    LAST = "last"  # of a stock: the latest figure at or before the period's end
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


class Additivity(StrEnum):
    """How the figures of parts make the figure of the whole, over units or over time."""

    ADDITIVE = "additive"
    RATIO = "ratio"  # rebuilt from the numerators and denominators of the parts
    LAST = "last"  # a stock over time: the figure of the last part
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    NONE = "none"  # only from the rows


class Meaning(StrEnum):
    """Which unit the unit column names: the same event has a place, a home and an office."""

    EVENT = "event"
    RESIDENCE = "residence"
    RECEIVING_AGENCY = "receiving_agency"
    FACILITY = "facility"
    TERRITORY = "territory"


class Absence(StrEnum):
    """What it means that an accepted delivery has no row for a unit and period."""

    ZERO = "zero"
    MISSING = "missing"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number from the rows of one dataset, by unit and period.

    `where` is an SQL predicate over the typed columns, `column` an SQL expression over them (none for a count). `time`
    is the column that places a row in time (a date, a moment, or a whole number: a year); None means
    the period of its delivery. `unit` is a column with a unit reference; None means the whole
    province. `latest_by` names columns of which only the row delivered last counts.
    """

    dataset: str
    aggregation: Aggregation
    column: str | None = None
    percentile: int | None = None  # 1–99
    where: str | None = None
    time: str | None = None
    unit: str | None = None
    means: Meaning = Meaning.TERRITORY
    latest_by: tuple[str, ...] = ()
    absent: Absence = Absence.ZERO
    at_most_years_old: int = 1  # of LAST: how old a stock may be; 0: of the period itself


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over other indicators of the same unit and period.

    Arithmetic, `LEAST`, `GREATEST`, `COALESCE`, and over the input's own series `SAME_MONTH_MEAN(A, years)`,
    `SAME_MONTH_SD(A, years)` (sample standard deviation), `PREVIOUS(A, n)`, `MOVING_SUM(A, n)`,
    `MOVING_MEAN(A, n)`, `CUMULATIVE(A)` (since 1 January). `inputs` gives each letter its indicator's id.
    """

    expression: str
    inputs: Mapping[str, str]


QUERY_KEYS: Final = ("unit", "map_on", "period_start_on", "n_rows")
"""Which columns say of a query's row where it belongs, and how many rows it rests on; all others are numbers."""


@dataclass(frozen=True, slots=True)
class Query:
    """A reviewed SQL file whose outputs are `QUERY_KEYS` and columns of numbers, and which of these make the figure."""

    file: Path
    numerator: str
    denominator: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of numbers that it reads, numerator first."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)

    @property
    def text(self) -> str:
        """The SQL of the file."""
        return self.file.read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of how the indicator is computed, for periods that begin while it is valid.

    Exactly one of `numerator`, `formula` and `query` is there.
    """

    version: int
    valid_from_on: date
    valid_to_on: date | None
    legal_basis: tuple[LegalBasis, ...]
    numerator: Measure | None = None
    denominator: Measure | None = None
    formula: Formula | None = None
    query: Query | None = None
    per: Decimal = Decimal(1)
    note: Text | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that it reads, numerator first."""
        return tuple(m for m in (self.numerator, self.denominator) if m is not None)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A column of the numerator's rows by which the figure may be split, in each unit or only in the whole."""

    column: str
    title: Text
    by_unit: bool = True


@dataclass(frozen=True, slots=True)
class Band:
    """From where on a value is abnormal: `comparator` is one of < <= > >=.

    The bound is a number, or the id of an indicator of the same unit and period.
    """

    severity: Severity  # MODERATE attention, SEVERE serious, EXTREME critical
    comparator: str
    bound: Decimal | str
    source: str
    verified: bool = False
    at_least: int = 0  # numerator (of a ratio that is too low, denominator) needed to call it abnormal


@dataclass(frozen=True, slots=True)
class Target:
    """What was decided to be reached, by which decision, for periods between two dates."""

    value: Decimal
    document: str
    valid_from_on: date
    valid_to_on: date | None = None
    verified: bool = False
    is_yearly_pace: bool = False  # the value is for a whole year; parts of it are due by pace


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is said of the province, unit by unit and period by period. `id` is `<pack>.<name>`."""

    id: str
    title: Text
    short: Text
    question: Text
    agency: str  # code of the agency that answers for it
    period_type: PeriodType
    level: str  # "commune" or "province"
    unit_of_measure: Text
    direction: Direction
    over_units: Additivity
    over_time: Additivity
    definitions: tuple[Definition, ...]
    source: Path
    decimals: int = 0
    is_percentage: bool = False  # the value is 0–1 and is shown times a hundred
    breakdowns: tuple[Breakdown, ...] = ()
    minimum_count: int = 0  # below it, the figure is hidden from those who may not see cells
    minimum_count_source: str = ""
    disclosure: Sensitivity = Sensitivity.INTERNAL
    rank: int = 100  # order of publication; small is first
    promise_days: int = 1  # the figure is promised so many days after the period's end
    official_after_days: int = 30  # after which a preliminary figure is official
    bands: tuple[Band, ...] = field(default=())
    targets: tuple[Target, ...] = field(default=())

    @property
    def pack(self) -> str:
        """Slug of the pack that holds the indicator."""
        return self.id.partition(".")[0]

    def splits_units(self, column: str) -> bool:
        """Whether each unit's figure is split by that column; the whole (an empty name) is there for each."""
        return all(breakdown.by_unit for breakdown in self.breakdowns if breakdown.column == column)

    def definition(self, on: date) -> Definition | None:
        """The version in force on that day, if any."""
        return next(
            (
                d
                for d in self.definitions
                if d.valid_from_on <= on and (d.valid_to_on is None or on <= d.valid_to_on)
            ),
            None,
        )
