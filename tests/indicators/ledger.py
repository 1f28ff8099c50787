"""Indicators for trial, and rows written straight into the observation ledger."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from vamco.geography.unit import Level
from vamco.indicators import declared
from vamco.indicators.models import Observation, Run, Why
from vamco.packs.indicator import Additivity, Aggregation, Definition, Direction, Formula, Indicator, Measure
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.period import Period, PeriodType
from vamco.vocabulary.text import Text

TRIAL = Text("Thử", "Trial")
LONG_AN, OLD_TAY_NINH, TAY_NINH = "80@1991-12-26", "72@1991-12-26", "80@2025-07-01"
TODAY = date(2026, 11, 22)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def count(aggregation: Aggregation = Aggregation.COUNT) -> Measure:
    return Measure("trial.rows", aggregation, column=None if aggregation is Aggregation.COUNT else "n")


def definition(version: int = 1, **facts: Any) -> Definition:
    basis = {"numerator": count()} if not {"formula", "numerator"} & facts.keys() else {}
    known = {"valid_from_on": date(1990, 1, 1), "valid_to_on": None, "legal_basis": (), **basis, **facts}
    return Definition(version, **known)


def formula(expression: str, **inputs: str) -> Definition:
    return definition(formula=Formula(expression, inputs))


def indicator(name: str = "cases", **facts: Any) -> Indicator:
    known: dict[str, Any] = {
        "title": TRIAL,
        "short": TRIAL,
        "question": TRIAL,
        "agency": "so-y-te",
        "period_type": PeriodType.MONTH,
        "level": "commune",
        "unit_of_measure": TRIAL,
        "direction": Direction.LOWER,
        "over_units": Additivity.ADDITIVE,
        "over_time": Additivity.ADDITIVE,
        "definitions": (definition(),),
        "source": Path("trial"),
        **facts,
    }
    return Indicator(id=f"trial.{name}", **known)


def rate(name: str = "rate", **facts: Any) -> Indicator:
    """Cases per 100 people."""
    made = definition(denominator=count(Aggregation.LAST), per=Decimal(100))
    known = {"over_units": Additivity.RATIO, "over_time": Additivity.RATIO, "definitions": (made,), **facts}
    return indicator(name, **known)


def run() -> Run:
    return Run.objects.create(
        started_at=EARLY, data_at=EARLY, data_seq=0, register_version="t", declarations_sha256=""
    )


def write(
    one: Indicator,
    unit_id: str,
    period: str,
    numerator: float | None,
    denominator: float | None = None,
    **facts: Any,
) -> Observation:
    """A row of the ledger, known since `EARLY` unless said otherwise."""
    found = Period.parse(period)
    per = float(one.definitions[0].per)
    has_rate = bool(denominator) and numerator is not None
    value = numerator * per / denominator if has_rate else numerator if denominator is None else None
    known = {
        "definition_version": 1,
        "level": Level.COMMUNE if len(unit_id.partition("@")[0]) == 5 else Level.PROVINCE,
        "status": "missing" if value is None else "normal",
        "n_rows": 1,
        "known_since_at": EARLY,
        "why": Why.FIRST,
        **facts,
    }
    return Observation.objects.create(
        indicator=one.id,
        unit_id=unit_id,
        period=str(found),
        start_on=found.start_on,
        end_on=found.end_on,
        map_on=found.end_on,
        numerator=numerator,
        denominator=denominator,
        value=value,
        run=Run.objects.first() or run(),
        **known,
    )


def declare(monkeypatch: Any, *indicators: Indicator) -> None:
    """Make these the indicators of the installation."""
    pack = Pack("trial", TRIAL, "so-y-te", "1", (), (), (), Path("trial"), indicators=indicators)
    monkeypatch.setattr(declared, "_loaded", lambda _folder: Packs((pack,)))
