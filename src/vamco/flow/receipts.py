"""Deliveries and receipts as the command line shows them."""

import shlex
from collections.abc import Iterator
from typing import Any

import click

from vamco.flow.figures import number, score
from vamco.intake.models import Delivery, Finding, Part, Receipt, State
from vamco.intake.whole import Whole, whole_of
from vamco.packs.contract import Strictness
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.messages import Language, message, say
from vamco.vocabulary.text import with_written_days


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
        "withdrawn_at": delivery.withdrawn_at,
        "withdrawn_why": delivery.withdrawn_why,
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
            with_written_days(text, language)
            for error in receipt.report["errors"]
            for text in error["said"][language].values()
            if text
        ]
    else:
        lines += _checked(delivery, receipt, language)
    if receipt is not None and receipt.part.number > 1 and (whole := whole_of(delivery)) is not None:
        lines += _over_all_parts(whole, language)
    if delivery.state == State.WITHDRAWN:
        lines.append(say("intake.receipt_withdrawn", language, why=delivery.withdrawn_why))
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


def _checked(delivery: Delivery, receipt: Receipt, language: Language) -> Iterator[str]:
    yield say(
        "intake.receipt_counts",
        language,
        received=number(receipt.n_received),
        accepted=number(receipt.n_accepted),
        rejected=number(receipt.n_rejected),
        duplicates=number(receipt.n_duplicates),
        set_aside=number(receipt.n_set_aside),
    )
    yield _quality(receipt.score, language)
    if receipt.has_serious_alert:
        yield say("intake.receipt_serious", language, fields=_serious(receipt))
    for repair in receipt.report["repairs"]:
        yield f"  + {with_written_days(repair['note'][language], language)}"
    for finding in receipt.findings.all():
        yield f"  {_finding(finding, language)}"
    if receipt.rejects_path:
        name = shlex.quote(receipt.rejects_path.name)
        yield say("flow.receipt_rejects", language, delivery=delivery.pk, name=name)


def _serious(receipt: Receipt) -> list[str]:
    """The identifier columns that are not perfect, as the sender wrote them."""
    written = dict(receipt.findings.exclude(header="").values_list("column", "header"))
    return [written.get(name, name) for name in receipt.report["score"]["serious"]]


def _over_all_parts(whole: Whole, language: Language) -> Iterator[str]:
    yield say(
        "intake.receipt_whole",
        language,
        received=number(whole.n_received),
        accepted=number(whole.n_accepted),
        rejected=number(whole.n_open),
        duplicates=number(whole.n_duplicates),
    )
    if whole.n_dropped:
        yield say("intake.receipt_dropped", language, n=number(whole.n_dropped))
    yield _quality(whole.score.value, language)


def _quality(points: float | None, language: Language) -> str:
    if points is None:
        return say("intake.receipt_no_score", language)
    return say("intake.receipt_score", language, score=score(points))


def _finding(finding: Finding, language: Language) -> str:
    sign = "✗" if finding.strictness == Strictness.ERROR else "!"
    parts = message(f"intake.{finding.reason}", language, finding.details)
    is_remark = finding.example_row_no is None and not finding.reason.startswith("header_")
    said = " ".join(filter(None, parts.values())) if is_remark else parts["what"]
    return f"{sign} {with_written_days(said, language)}{_where(finding, language)}"


def _where(finding: Finding, language: Language) -> str:
    """How often it was found and where first; nothing for what concerns the delivery as a whole."""
    if finding.example_row_no is None:
        return ""
    key = "one_row" if finding.n_cells == 1 else "cells" if finding.column else "rows"
    counts = {"n": number(finding.n_cells), "row": finding.example_row_no}
    said = [say(f"flow.found_in_{key}", language, **counts)]
    if finding.receipt.part.number > 1:
        said.append(say("flow.in_corrections", language))
    return f" ({' '.join(said)})"
