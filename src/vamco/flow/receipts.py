"""Deliveries and receipts as the command line shows them."""

from typing import Any, Final

import click

from vamco.intake.models import Delivery, Part, Receipt, State
from vamco.packs.contract import Strictness
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.messages import Language, message

_WORDS: Final[dict[str, dict[Language, str]]] = {
    "delivery": {"vi": "Lần cấp", "en": "Delivery"},
    "again": {"vi": "đã nhận từ trước", "en": "received before"},
    "received": {"vi": "dòng nhận", "en": "rows received"},
    "accepted": {"vi": "vào kho", "en": "accepted"},
    "rejected": {"vi": "trả lại", "en": "rejected"},
    "duplicates": {"vi": "khai trùng", "en": "declared duplicates"},
    "set_aside": {"vi": "để riêng", "en": "set aside"},
    "score": {"vi": "Chất lượng", "en": "Quality"},
    "serious": {
        "vi": "SỰ CỐ NGHIÊM TRỌNG: trường định danh chưa đạt 100 %",
        "en": "SERIOUS: identifiers below 100 %",
    },
    "rejects": {"vi": "Dòng cần sửa", "en": "Rows to correct"},
    "repaired": {"vi": "Đã sửa giúp", "en": "Repaired"},
    "waits": {"vi": "đang chờ kiểm tra", "en": "waits to be checked"},
}
_STATES_EN: Final = {state.value: state.value.replace("_", " ") for state in State}


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
    return State(delivery.state).label if language == "vi" else _STATES_EN[delivery.state]


def as_dict(delivery: Delivery) -> dict[str, Any]:
    """A delivery with its parts and receipts, as JSON can carry it."""
    later = delivery.superseded_by.first()
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
    again = "" if is_new else f" ({_WORDS['again'][language]})"
    title = f"{_WORDS['delivery'][language]} {delivery.pk}{again} · {delivery.contract_id} · "
    title += delivery.covered.title.in_(language)
    click.secho(f"{title} · {state_in_words(delivery, language)}", bold=True)
    receipt = delivery.receipt
    if receipt is None:
        click.echo(_WORDS["waits"][language])
    elif receipt.outcome == State.UNREADABLE:
        _show_unreadable(receipt, language)
    else:
        _show_checked(receipt, language)


def _show_unreadable(receipt: Receipt, language: Language) -> None:
    for error in receipt.report["errors"]:
        for text in filter(None, error["said"][language].values()):
            click.echo(text)


def _show_checked(receipt: Receipt, language: Language) -> None:
    counts = {
        "received": receipt.n_received,
        "accepted": receipt.n_accepted,
        "rejected": receipt.n_rejected,
        "duplicates": receipt.n_duplicates,
        "set_aside": receipt.n_set_aside,
    }
    click.echo(" · ".join(f"{n:,} {_WORDS[name][language]}".replace(",", ".") for name, n in counts.items()))
    if receipt.score is not None:
        click.echo(f"{_WORDS['score'][language]}: {receipt.score:.1f} / 100")
    if receipt.has_serious_alert:
        click.secho(
            f"{_WORDS['serious'][language]}: {', '.join(receipt.report['score']['serious'])}", fg="red"
        )
    for repair in receipt.report["repairs"]:
        click.echo(f"  + {repair['note'][language]}")
    for finding in receipt.findings.all():
        sign = "✗" if finding.strictness == Strictness.ERROR else "!"
        said = message(f"intake.{finding.reason}", language, finding.details)["what"]
        where = "" if finding.example_row_no is None else f" × {finding.n_cells} ({finding.example_row_no})"
        click.echo(f"  {sign} {said}{where}")
    if receipt.rejects_path:
        click.echo(f"{_WORDS['rejects'][language]}: {receipt.rejects_path}")
