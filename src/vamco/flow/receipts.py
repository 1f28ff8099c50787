"""Deliveries and receipts as the command line shows them."""

from collections.abc import Iterator
from typing import Any

import click

from vamco.intake.models import Delivery, Finding, Part, Receipt, State
from vamco.intake.whole import Whole, whole_of
from vamco.packs.contract import Strictness
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.messages import Language, message, say


def find(delivery_id: int) -> Delivery:
    """The delivery of that number. Raises `NotFound`."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("intake.no_such_delivery", delivery=delivery_id)
    return delivery


def receipt_of(delivery: Delivery) -> Receipt:
    """Its latest receipt. Raises `Refused` before the first check."""
    receipt = delivery.receipt
    if receipt is None:
        raise Refused("intake.not_checked_yet", delivery=delivery.pk)
    return receipt


def state_in_words(delivery: Delivery, language: Language) -> str:
    """Where the delivery stands."""
    return say(f"intake.state_{delivery.state}", language)


def as_dict(delivery: Delivery) -> dict[str, Any]:
    """A delivery with its parts and receipts, as JSON can carry it."""
    later, whole = delivery.superseded_by.first(), whole_of(delivery)
    return {
        "id": delivery.pk,
        "contract": delivery.contract_id,
        "contract_version": delivery.contract_version,
        "period": delivery.period,
        "agency": delivery.agency,
        "state": delivery.state,
        "is_live": delivery.is_live,
        "channel": delivery.channel,
        "received_at": delivery.received_at,
        "decided_at": delivery.decided_at,
        "supersedes": delivery.supersedes_id,
        "superseded_by": later.pk if later else None,
        "options": delivery.options,
        "whole": whole.as_dict() if whole else None,
        "parts": [_part_as_dict(part) for part in delivery.parts.all()],
    }


def _part_as_dict(part: Part) -> dict[str, Any]:
    receipt = part.receipts.order_by("id").last()
    facts = {
        "number": part.number,
        "filename": part.filename,
        "sha256": part.sha256,
        "n_bytes": part.n_bytes,
        "sender": part.sender,
        "received_at": part.received_at,
    }
    return {**facts, "receipt": _receipt_as_dict(receipt) if receipt else None}


def _receipt_as_dict(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.pk,
        "outcome": receipt.outcome,
        "checked_at": receipt.checked_at,
        "check_seconds": receipt.check_seconds,
        "n_received": receipt.n_received,
        "n_accepted": receipt.n_accepted,
        "n_rejected": receipt.n_rejected,
        "n_duplicates": receipt.n_duplicates,
        "n_set_aside": receipt.n_set_aside,
        "n_findings": receipt.n_findings,
        "score": receipt.score,
        "has_serious_alert": receipt.has_serious_alert,
        "rejects_file": str(receipt.rejects_path) if receipt.rejects_path else None,
    }


def show(delivery: Delivery, language: Language, *, is_new: bool = True) -> None:
    """Print a delivery and its latest receipt for people."""
    click.secho(_title(delivery, language), bold=True)
    receipt = delivery.receipt
    lines = [] if is_new else [say("intake.receipt_known", language)]
    if receipt is None:
        lines.append(say("intake.receipt_waits", language))
    elif receipt.outcome == State.UNREADABLE:
        lines += [
            text for error in receipt.report["errors"] for text in error["said"][language].values() if text
        ]
    else:
        lines += _checked(receipt, language)
    if receipt is not None and receipt.part.number > 1 and (whole := whole_of(delivery)) is not None:
        lines += _over_all_parts(whole, language)
    for line in lines:
        click.echo(line)


def _title(delivery: Delivery, language: Language) -> str:
    return say(
        "intake.receipt_title",
        language,
        delivery=delivery.pk,
        contract=delivery.contract_id,
        period=delivery.covered.title.in_(language),
        state=state_in_words(delivery, language),
    )


def _checked(receipt: Receipt, language: Language) -> Iterator[str]:
    yield say(
        "intake.receipt_counts",
        language,
        received=receipt.n_received,
        accepted=receipt.n_accepted,
        rejected=receipt.n_rejected,
        duplicates=receipt.n_duplicates,
        set_aside=receipt.n_set_aside,
    )
    if receipt.score is not None:
        yield say("intake.receipt_score", language, score=f"{receipt.score:.1f}")
    if receipt.has_serious_alert:
        yield say("intake.receipt_serious", language, fields=receipt.report["score"]["serious"])
    for repair in receipt.report["repairs"]:
        yield f"  + {repair['note'][language]}"
    for finding in receipt.findings.all():
        yield f"  {_finding(finding, language)}"
    if receipt.rejects_path:
        yield say("intake.receipt_rejects", language, path=receipt.rejects_path)


def _over_all_parts(whole: Whole, language: Language) -> Iterator[str]:
    yield say(
        "intake.receipt_whole",
        language,
        received=whole.n_received,
        accepted=whole.n_accepted,
        rejected=whole.n_rejected,
        duplicates=whole.n_duplicates,
    )
    if whole.score.value is not None:
        yield say("intake.receipt_score", language, score=f"{whole.score.value:.1f}")


def _finding(finding: Finding, language: Language) -> str:
    sign = "✗" if finding.strictness == Strictness.ERROR else "!"
    said = message(f"intake.{finding.reason}", language, finding.details)["what"]
    where = "" if finding.example_row_no is None else f" × {finding.n_cells} ({finding.example_row_no})"
    return f"{sign} {said}{where}"
