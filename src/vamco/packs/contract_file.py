"""Reading a contract from its file: Open Data Contract Standard 3.x with our profile of custom properties.

`docs/reference/contract-profile.md` says which words of the file mean what.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vamco.packs.contract import (
    Column,
    Contract,
    Dimension,
    Drift,
    Kind,
    LegalBasis,
    OpenData,
    Rule,
    Schedule,
    Sensitivity,
    Strictness,
    UnitReference,
    Weights,
)
from vamco.packs.document import Document
from vamco.packs.shape import customs
from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.text import Text

Node = dict[str, Any]

_KINDS: Final = {
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.DECIMAL,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "timestamp": Kind.TIMESTAMP,
}
DIMENSIONS: Final = {
    "accuracy": Dimension.CORRECT,
    "completeness": Dimension.COMPLETE,
    "coverage": Dimension.COMPLETE,
    "conformity": Dimension.CLEAN,
    "uniqueness": Dimension.CLEAN,
    "timeliness": Dimension.LIVE,
    "consistency": Dimension.CONSISTENT,
}


def contract_from(document: Document) -> Contract:
    """The contract that a file of the right shape holds."""
    node = document.value
    table, ours = node["schema"][0], customs(node)
    described = node.get("description", {})
    return Contract(
        id=node["id"],
        version=node["version"],
        title=Text(node.get("name", ""), ours["titleEn"]),
        purpose=Text(described.get("purpose", ""), ours["purposeEn"]),
        agency=ours["agency"],
        columns=tuple(map(_column, table.get("properties", ()))),
        rules=tuple(_rule(check) for check in table.get("quality", ()) if check.get("engine") == "vamco"),
        drift=Drift(ours["drift"]),
        schedule=_schedule(node.get("slaProperties")),
        legal_basis=tuple(_legal_basis(entry) for entry in ours["legalBasis"]),
        open_data=_open_data(ours["openData"]),
        period_column=ours.get("periodColumn"),
        source=document.path,
        limitations=_text(described.get("limitations"), ours.get("limitationsEn")),
        unscheduled_because=Text(**because) if (because := ours.get("unscheduledBecause")) else None,
        weights=_weights(ours.get("qualityWeights", {})),
    )


def _weights(node: Node) -> Weights:
    criteria = {DIMENSIONS[name]: weight for name, weight in node.get("criteria", {}).items()}
    return Weights(node.get("rules", {}), criteria, node.get("fields", {}))


def _column(node: Node) -> Column:
    ours, options = customs(node), node.get("logicalTypeOptions", {})
    return Column(
        name=node["name"],
        kind=Kind(ours["kind"]) if "kind" in ours else _KINDS[node.get("logicalType", "string")],
        title=Text(node.get("businessName", ""), ours["titleEn"]),
        aliases=tuple(entry["synonym"] for entry in node.get("synonyms", ())),
        required=node.get("required", False),
        unique=node.get("unique", False),
        key_position=node.get("primaryKeyPosition") if node.get("primaryKey") else None,
        identifier=ours.get("identifier", False),
        minimum=_as_text(options.get("minimum")),
        maximum=_as_text(options.get("maximum")),
        max_length=options.get("maxLength"),
        pattern=options.get("pattern"),
        choices=tuple(str(entry["value"]) for entry in node.get("enum", ())),
        nothings={sign: Nothing(kind) for sign, kind in ours.get("nothings", {}).items()},
        unit_of_measure=ours.get("unitOfMeasure"),
        multiplier=Decimal(str(ours.get("multiplier", 1))),
        unit=_unit(ours.get("unit")),
        sensitivity=Sensitivity(node.get("classification", Sensitivity.INTERNAL)),
        alias_patterns=tuple(ours.get("aliasPatterns", ())),
        when_blank=ours.get("whenBlank"),
        description=_text(node.get("description"), ours.get("descriptionEn")),
    )


def _unit(node: Node | None) -> UnitReference | None:
    if node is None:
        return None
    return UnitReference(
        named_by=node["namedBy"],
        level=node["level"],
        map_on=_day(node.get("mapOn")),
        map_column=node.get("mapColumn"),
        parent_column=node.get("parentColumn"),
        when_blank=node.get("whenBlank"),
        on_unknown=Strictness(node.get("onUnknown", Strictness.ERROR)),
    )


def _rule(node: Node) -> Rule:
    return Rule(
        id=node.get("name", ""),
        title=Text(node.get("description", ""), customs(node)["titleEn"]),
        scope=node["implementation"]["scope"],
        holds=node["implementation"]["holds"],
        strictness=Strictness(node.get("severity", Strictness.ERROR)),
        dimension=DIMENSIONS[node.get("dimension", "consistency")],
    )


def _schedule(entries: list[Node] | None) -> Schedule | None:
    if entries is None:
        return None
    levels: Mapping[str, Node] = {entry["property"]: entry for entry in entries}
    return Schedule(
        period_type=levels["frequency"]["unit"],
        due_working_days=levels["latency"]["value"],
        starts_on=date.fromisoformat(levels["generalAvailability"]["value"]),
        ends_on=_day(levels.get("endOfSupport", {}).get("value")),
        silent_after_days=levels.get("silentAfter", {}).get("value", 30),
    )


def _legal_basis(node: Node) -> LegalBasis:
    return LegalBasis(
        document=node["document"],
        valid_from_on=date.fromisoformat(node["validFrom"]),
        valid_to_on=_day(node.get("validTo")),
        verified=node.get("verified", False),
    )


def _open_data(node: Node) -> OpenData:
    return OpenData(
        method=node["method"],
        minimum_count=node.get("minimumCount"),
        licence=node.get("licence"),
        valid_from_on=_day(node.get("validFrom")),
        source=node.get("source"),
    )


def _text(vi: str | None, en: str | None) -> Text | None:
    return Text(vi or en or "", en or vi or "") if vi or en else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)
