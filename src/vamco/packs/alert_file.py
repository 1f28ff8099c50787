"""Reading rules of alerts from their files."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from vamco.packs.alert_rule import (
    AlertRule,
    Condition,
    FigureWatch,
    Kind,
    NoData,
    Response,
    SupplyWatch,
)
from vamco.packs.document import Document
from vamco.packs.indicator_file import SEVERITIES, legal_basis_from
from vamco.vocabulary.text import Text

Node = dict[str, Any]

_SPAN: Final = re.compile(r"(\d+) (minutes|hours|days|weeks)")


def alert_rule_from(document: Document, pack: str) -> AlertRule:
    """The rule that a file of the right shape holds; its id is the pack's and the file's name."""
    node = document.value
    return AlertRule(
        id=f"{pack}.{document.path.stem}",
        title=Text(**node["title"]),
        summary=Text(**node["summary"]),
        watch=_watch(node["watch"]),
        when=_condition(node["when"]),
        severity=SEVERITIES[node["severity"]] if "severity" in node else None,
        category=node["category"],
        respond=_response(node["respond"]),
        source=document.path,
        group_by=tuple(node.get("group_by", ())),
        pending_for=span_from(node.get("pending_for", "0 hours")),
        keep_firing_for=span_from(node.get("keep_firing_for", "0 hours")),
        no_data=NoData(node.get("no_data", NoData.KEEP)),
        is_enabled=node.get("enabled", True),
        legal_basis=tuple(map(legal_basis_from, node.get("legal_basis", ()))),
    )


def span_from(text: str) -> timedelta:
    """A length of time as pack files write it: `30 minutes`, `2 days`."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return timedelta(**{found[2]: int(found[1])})


def _watch(node: Node) -> FigureWatch | SupplyWatch:
    if "indicator" in node:
        return FigureWatch(node["indicator"], node["level"], node.get("breakdown", ""))
    return SupplyWatch(tuple(node["contracts"]))


def _condition(node: Node) -> Condition:
    comparator, bound = node.get("is", "> 0").split(" ")
    return Condition(
        kind=Kind(node["kind"]),
        comparator=comparator,
        bound=bound if "." in bound and bound[0].isalpha() else Decimal(bound),
        periods=node.get("periods", 1),
        at_least=node.get("at_least", 0),
        against=node.get("against", "previous"),
        method=node.get("method", ""),
        options=node.get("options", {}),
        is_joint=node.get("joint", True),
        source=node.get("source", ""),
    )


def _response(node: Node) -> Response:
    amount, unit = node["within"].split(" ")
    return Response(node["agency"], int(amount), unit, Text(**node["runbook"]))
