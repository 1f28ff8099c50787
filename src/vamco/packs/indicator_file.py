"""Reading indicators and the page of a service from their files.

`docs/reference/indicator-form.md` says which words of the files mean what.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from vamco.packs.contract import LegalBasis, Sensitivity
from vamco.packs.document import Document
from vamco.packs.indicator import (
    Absence,
    Additivity,
    Aggregation,
    Band,
    Breakdown,
    Definition,
    Direction,
    Formula,
    Indicator,
    Meaning,
    Measure,
    Query,
    Target,
)
from vamco.packs.page import Page, Section, Show
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text

Node = dict[str, Any]

SEVERITIES: Final = {
    "attention": Severity.MODERATE,
    "serious": Severity.SEVERE,
    "critical": Severity.EXTREME,
}
"""The words of pack files for how bad it is."""


def indicator_from(document: Document, pack: str) -> Indicator:
    """The indicator that a file of the right shape holds; its id is the pack's and the file's name."""
    node = document.value
    return Indicator(
        id=f"{pack}.{document.path.stem}",
        title=Text(**node["title"]),
        short=Text(**node["short"]),
        question=Text(**node["question"]),
        agency=node["agency"],
        period_type=PeriodType(node["period_type"]),
        level=node["level"],
        unit_of_measure=Text(**node["unit_of_measure"]),
        direction=Direction(node["direction"]),
        over_units=Additivity(node["over_units"]),
        over_time=Additivity(node["over_time"]),
        definitions=tuple(_definition(entry, document) for entry in node["definitions"]),
        source=document.path,
        decimals=node.get("decimals", 0),
        is_percentage=node.get("is_percentage", False),
        breakdowns=tuple(map(_breakdown, node.get("breakdowns", ()))),
        minimum_count=node.get("minimum_count", 0),
        minimum_count_source=node.get("minimum_count_source", ""),
        disclosure=Sensitivity(node.get("disclosure", Sensitivity.INTERNAL)),
        rank=node.get("rank", 100),
        promise_days=node.get("promise_days", 1),
        official_after_days=node.get("official_after_days", 30),
        bands=tuple(map(_band, node.get("bands", ()))),
        targets=tuple(map(_target, node.get("targets", ()))),
    )


def page_from(document: Document) -> Page:
    """The page that a file of the right shape holds."""
    node = document.value
    return Page(tuple(node["lead"]), node["map"], tuple(map(_section, node["sections"])))


def legal_basis_from(node: Node) -> LegalBasis:
    """A legal document in force, as pack and indicator files write it."""
    return LegalBasis(
        document=node["document"],
        valid_from_on=date.fromisoformat(node["valid_from"]),
        valid_to_on=_day(node.get("valid_to")),
        verified=node.get("verified", False),
    )


def _breakdown(node: Node) -> Breakdown:
    return Breakdown(node["column"], Text(**node["title"]), node.get("by_unit", True))


def _definition(node: Node, document: Document) -> Definition:
    return Definition(
        version=node["version"],
        valid_from_on=date.fromisoformat(node["valid_from"]),
        valid_to_on=_day(node.get("valid_to")),
        legal_basis=tuple(map(legal_basis_from, node["legal_basis"])),
        numerator=_measure(node.get("numerator")),
        denominator=_measure(node.get("denominator")),
        formula=Formula(**node["formula"]) if "formula" in node else None,
        query=_query(node["query"], document) if "query" in node else None,
        per=Decimal(str(node.get("per", 1))),
        note=Text(**node["note"]) if "note" in node else None,
    )


def _query(node: Node, document: Document) -> Query:
    return Query(document.path.parent / node["file"], node["numerator"], node.get("denominator"))


def _measure(node: Node | None) -> Measure | None:
    if node is None:
        return None
    return Measure(
        dataset=node["dataset"],
        aggregation=Aggregation(node["aggregation"]),
        column=node.get("column"),
        percentile=node.get("percentile"),
        where=node.get("where"),
        time=node.get("time"),
        unit=node.get("unit"),
        means=Meaning(node.get("means", Meaning.TERRITORY)),
        latest_by=tuple(node.get("latest_by", ())),
        absent=Absence(node.get("absent", Absence.ZERO)),
        at_most_years_old=node.get("at_most_years_old", 1),
    )


def _band(node: Node) -> Band:
    comparator, bound = node["when"].split(" ")
    return Band(
        severity=SEVERITIES[node["severity"]],
        comparator=comparator,
        bound=bound if "." in bound and bound[0].isalpha() else Decimal(bound),
        source=node["source"],
        verified=node.get("verified", False),
        at_least=node.get("at_least", 0),
    )


def _target(node: Node) -> Target:
    return Target(
        value=Decimal(str(node["value"])),
        document=node["document"],
        valid_from_on=date.fromisoformat(node["valid_from"]),
        valid_to_on=_day(node.get("valid_to")),
        verified=node.get("verified", False),
        is_yearly_pace=node.get("yearly_pace", False),
    )


def _section(node: Node) -> Section:
    note = Text(**node["note"]) if "note" in node else None
    return Section(Text(**node["title"]), Show(node["show"]), tuple(node["indicators"]), note)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
