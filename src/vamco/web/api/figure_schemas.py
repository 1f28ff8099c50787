"""Figures as the API hands them out."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from vamco.geography.unit import Level
from vamco.indicators.comparing import Kind


class TextOut(Schema):
    """A text in both languages."""

    vi: str
    en: str


class IndicatorOut(Schema):
    """An indicator as its pack declares it."""

    id: str = Field(description="`<service>.<name>`")
    title: TextOut
    question: TextOut
    service: str
    agency: str = Field(description="Code of the agency that answers for it.")
    period_type: str
    level: str = Field(description="The finest level it has figures of: commune or province.")
    unit_of_measure: TextOut
    is_percentage: bool = Field(description="Values are shares of one.")
    direction: str = Field(description="Which way is better: higher, lower or neither.")
    decimals: int
    over_units: str = Field(description="How units are put together: additive, ratio, … or none.")
    over_time: str
    minimum_count: int = Field(description="Counts below it are told only to those with `indicator.cells`.")
    promise_days: int = Field(description="Promised so many days after the period's end.")


class LawOut(Schema):
    """A document that a definition rests on."""

    document: str
    valid_from: date
    valid_to: date | None
    is_verified: bool = Field(description="Whether it was checked against the original.")


class DefinitionOut(Schema):
    """One version of how an indicator is computed, for periods that begin while it is valid."""

    version: int
    valid_from: date
    valid_to: date | None
    formula: TextOut
    legal_basis: list[LawOut]


class IndicatorDetailOut(IndicatorOut):
    """An indicator with its definitions and what it can be split by."""

    definitions: list[DefinitionOut]
    breakdowns: dict[str, TextOut] = Field(description="Column → title.")
    datasets: list[str] = Field(description="What it rests on, also through other indicators.")
    newest_period: str | None
    is_simulated: bool


class FigureOut(Schema):
    """One figure. `value` is there only where `status` has one; the kinds of nothing never change places."""

    indicator: str
    definition_version: int | None
    unit_id: str = Field(description="`code@valid_from`")
    unit_name: str
    level: str
    period: str
    breakdown: str = Field(description="`column=value`; empty for the whole.")
    map_on: date
    status: str = Field(
        description="normal, estimated, partial, missing, late, suppressed or not_applicable."
    )
    numerator: float | None
    denominator: float | None
    value: float | None
    release: str | None = Field(description="estimate, preliminary or official.")
    n_rows: int
    n_excluded: int = Field(description="Rows of the period left out: no unit, no number.")
    coverage: float = Field(description="Share of the period's days that deliveries cover, 0–1.")
    is_estimated: bool
    estimated_share: float = Field(description="Share that rests on weights of divided units, 0–1.")
    low: float | None
    high: float | None
    bases: list[str]
    known_since_at: datetime | None
    why: str | None = Field(description="Why this vintage: first, late_rows, restated, withdrawn, …")
    vintages: list[int]
    missing_units: list[str]
    missing_periods: list[str]
    late_since: date | None
    severity: str | None = Field(description="The worst band it is in, in the words of CAP 1.2.")
    reason: dict[str, Any] | None
    reason_text: str | None = Field(description="The reason in the language of the call.")


class ComparisonOut(Schema):
    """A figure beside its base; no number without a verdict, and none where it is not_comparable."""

    kind: str
    unit_id: str
    period: str
    value: float | None
    base_periods: list[str]
    base: float | None
    absolute: float | None
    relative: float | None
    spread: float | None
    n: int
    verdict: str = Field(description="comparable, estimate or not_comparable.")
    reason: str
    details: dict[str, Any]
    reason_text: str


class RankOut(Schema):
    """A unit's place among the units of its level; 1 is best, what is not whole has none."""

    unit_id: str
    period: str
    value: float | None
    status: str
    place: int | None
    n_ranked: int
    n_peers: int


class FiguresOut(Schema):
    """The figures asked for, with the comparisons and places asked for."""

    indicator: IndicatorOut
    is_simulated: bool
    figures: list[FigureOut]
    comparisons: list[ComparisonOut]
    ranks: list[RankOut]


class FiguresAsked(Schema):
    """Which figures."""

    unit: list[str] = Field([], description="Codes of units on the map asked for; all of the level without.")
    level: Level | None = Field(
        None, description="Without one: the level of the units, else the finest of the indicator."
    )
    period: str = Field("", description="2026-10, 2026-Q3, 2026-01-01..2026-10-31; the newest without.")
    until: str = Field("", description="Last period of a range that begins with `period`.")
    map: str = Field("", description="today (also without), as-reported, or a day.")
    as_known_at: str = Field("", description="What was known at that moment; a day means its end.")
    definition: int | None = Field(None, description="By that version; by the one then in force without.")
    breakdown: str = Field("", description="`column=value`: one part instead of the whole.")
    compare: list[Kind] = Field([], description="year_on_year, previous, cumulative, moving, five_years.")
    rank: bool = Field(False, description="Whether to tell each unit's place among its peers.")


class DeliveryBehindOut(Schema):
    """A delivery that a figure rests on."""

    id: int
    dataset: str
    agency: str
    period: str
    received_at: datetime
    n_rows: int
    score: float | None
    is_simulated: bool


class PassportOut(Schema):
    """All that says where a figure comes from and how far to trust it."""

    figure: dict[str, Any] = Field(description="As in `/indicators/{id}/figures`.")
    title: TextOut
    question: TextOut
    agency: str
    unit: dict[str, Any]
    sentence: TextOut = Field(description="What the figure says.")
    definition: dict[str, Any] | None
    sides: list[dict[str, Any]] = Field(
        description="Numerator and denominator: words, value, deliveries, SQL."
    )
    inputs: list[dict[str, Any]] = Field(description="The figures that a formula takes.")
    delivery_ids: list[int]
    deliveries: list[DeliveryBehindOut] = Field(description="The newest of them, at most sixty.")
    vintages: list[dict[str, Any]] = Field(
        description="What was said before, newest first, and why it changed."
    )
    is_simulated: bool
    address: str = Field(description="The page that shows this figure as it is known now, for ever.")
    proof: dict[str, Any] | None = Field(description="Of recomputing it now, where `verify` asked for that.")


class ServiceOut(Schema):
    """A monitoring service and how alive its data is."""

    slug: str
    title: TextOut
    summary: TextOut | None
    agency: str
    lead: list[str] = Field(description="Ids of the indicators that lead its page.")
    indicators: list[str]
    datasets: list[str]
    newest_received_at: datetime | None
    covered_until: date | None = Field(description="Last day of the newest period delivered.")
    is_simulated: bool


class HitOut(Schema):
    """Something found."""

    id: str
    title: str
    about: str = Field(description="What tells it from others of its name.")
    address: str


class GroupOut(Schema):
    """What was found of one kind, the closest first."""

    kind: str = Field(description="service, indicator, unit or dataset.")
    n: int = Field(description="How many there are in all.")
    hits: list[HitOut]
