"""What a check found, counted by kind: the base of the score, of the receipt and of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.tables import FINDINGS
from vamco.intake.models import Finding, Receipt
from vamco.intake.scoring import RuleScore
from vamco.packs.contract import Dimension


@dataclass(frozen=True, slots=True)
class Kind:
    """One reason of one fault: how many cells have it, and the first of them."""

    fault: Fault
    number: int | None
    reason: str
    n_cells: int
    row_no: int | None = None
    cell: str = ""
    more: str = ""

    @property
    def details(self) -> dict[str, Any]:
        """What the message's placeholders are filled with."""
        return {"header": self.fault.header, "cell": self.cell, "more": self.more, **self.fault.details}


def kinds_found(connection: duckdb.DuckDBPyConnection, checked: Checked) -> list[Kind]:
    """Every kind of finding, those of the delivery as a whole first."""
    columns = ["fault", "reason", "count(*)", "min(row_no)", "arg_min(cell, row_no)", "arg_min(more, row_no)"]
    query = sql.select(columns, FINDINGS, group_by="fault, reason") + " ORDER BY fault, reason"
    found = connection.execute(query).fetchall()
    return [
        *(Kind(fault, None, fault.reason, 1) for fault in checked.whole),
        *(
            Kind(checked.faults[number], number, reason, n, row_no, cell or "", more or "")
            for number, reason, n, row_no, cell, more in found
        ),
    ]


def as_models(receipt: Receipt, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """The kinds as rows of the operational database."""
    for kind in kinds:
        yield Finding(
            receipt=receipt,
            column=kind.fault.column,
            header=kind.fault.header[:500],
            reason=kind.reason,
            error_type=kind.fault.error_type,
            strictness=kind.fault.strictness.value,
            dimension=kind.fault.dimension.value if kind.fault.dimension else "",
            n_cells=kind.n_cells,
            example_row_no=kind.row_no,
            example_cell=kind.cell[:500],
            details=kind.details,
        )


def rule_scores(checked: Checked, kinds: Sequence[Kind]) -> Iterator[RuleScore]:
    """Every rule that was looked at and how much conforms to it."""
    n_bad = [0] * len(checked.faults)
    for kind in kinds:
        if kind.number is not None:
            n_bad[kind.number] += kind.n_cells
    for number, fault in enumerate(checked.faults):
        if fault.dimension is not None:
            n = _n_evaluated(checked, fault, n_bad)
            n_good = max(0, n - n_bad[number])
            yield RuleScore(fault.column, fault.dimension, fault.rule, n, n_good, is_of_rows=True)
    for fault in checked.layout.faults:
        if fault.dimension is not None:
            yield RuleScore(fault.column, fault.dimension, fault.rule, 1, 0)
    yield from delivery_rule_scores(checked)


def delivery_rule_scores(checked: Checked) -> Iterator[RuleScore]:
    """The contract's rules about a delivery as a whole: each conforms or does not."""
    for fault, n_conforming in [
        *((f, 0) for f in checked.rules_broken),
        *((f, 1) for f in checked.rules_held),
    ]:
        if fault.dimension is not None:
            yield RuleScore(fault.column, fault.dimension, fault.rule, 1, n_conforming)


def _n_evaluated(checked: Checked, fault: Fault, n_bad: Sequence[int]) -> int:
    """All rows for what must be there or concerns rows; else the cells that hold something."""
    if fault.dimension is Dimension.COMPLETE or not fault.column or fault.error_type == "primary-key":
        return checked.n_received
    unread = sum(
        n
        for other, n in zip(checked.faults, n_bad, strict=True)
        if other.column == fault.column and other.why
    )
    return checked.evaluated.get(fault.column, 0) + unread
