"""Deliveries and receipts made by hand, where a test is about the page and not about the check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery, Finding, Part, Receipt, State
from vamco.intake.scoring import Score
from vamco.vocabulary.period import Period

PACKS = Path(__file__).parents[2] / "packs"
CONTRACT = "health.provincial_disease_counts"
NOW = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)


def delivery(period: str = "2026-10", state: State = State.RECEIVED, **other: Any) -> Delivery:
    """A delivery of Sở Y tế with its first part."""
    contract = contract_of(other.pop("contract_id", CONTRACT))
    covered = Period.parse(period)
    made = Delivery.objects.create(
        contract_id=contract.id,
        contract_version=contract.version,
        period=str(covered),
        period_start_on=covered.start_on,
        period_end_on=covered.end_on,
        agency=contract.agency,
        sha256=other.pop("sha256", f"{Delivery.objects.count():064x}"),
        channel=Channel.UPLOAD,
        state=state,
        **{"received_at": NOW, **other},
    )
    Part.objects.create(
        delivery=made, number=1, sha256=made.sha256, n_bytes=48_213, filename="so-ca-thang-10.xlsx",
        sender="hoa", received_at=NOW,
    )  # fmt: skip
    return made


def receipt(
    made: Delivery, n_accepted: int = 962, n_rejected: int = 30, n_duplicates: int = 8, **other: Any
) -> Receipt:
    """The receipt of the delivery's first part."""
    counts = {"accepted": n_accepted, "rejected": n_rejected, "declared_duplicates": n_duplicates}
    score = Score(93.8, {}, {}, ()).as_dict()
    whole = {"counts": {"received": sum(counts.values()), **counts}, "score": score, "rules": []}
    report = {"errors": [], "tasks": [], "is_refused_whole": False, "whole": whole}
    return Receipt.objects.create(
        part=made.first_part,
        outcome=made.state,
        contract_version=made.contract_version,
        checked_at=NOW + timedelta(seconds=4),
        check_seconds=1.2,
        n_received=n_accepted + n_rejected + n_duplicates,
        n_accepted=n_accepted,
        n_rejected=n_rejected,
        n_duplicates=n_duplicates,
        **{"score": 93.8, "report": report, **other},
    )


def finding(of: Receipt, **other: Any) -> Finding:
    """One kind of fault in one column."""
    said = {
        "column": "province", "header": "Tỉnh/TP", "reason": "read_n_rows", "error_type": "type-error",
        "strictness": "error", "dimension": "dung", "n_cells": 12, "example_row_no": 7,
        "example_cell": "31/02/2026", "details": {"n_rows": 3},
    }  # fmt: skip
    return Finding.objects.create(receipt=of, **{**said, **other})
