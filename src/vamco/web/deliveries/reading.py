"""What the delivery pages show, read from deliveries, parts, receipts and findings."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import FileResponse

from vamco.accounts.policy import Actor
from vamco.intake.contracts import contract_of
from vamco.intake.models import OPEN_STATES, Delivery, Finding, Receipt, State
from vamco.intake.receiving import scope_of
from vamco.intake.rejects_file import rejects_in
from vamco.intake.report import report_in
from vamco.intake.whole import latest_readable, whole_of
from vamco.packs.contract import Contract, Strictness
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.observation import Nothing
from vamco.web.callers import SignedRequest
from vamco.web.contracts import contracts_for
from vamco.web.deliveries.personal import hide_cells, hides_from, may_have_rows, require_rows, without_cells
from vamco.web.language import language_now

_ON_HEADER: Final = Q(strictness=Strictness.WARNING, reason__startswith="header_")


def deliveries_for(actor: Actor) -> QuerySet[Delivery]:
    """The deliveries that the actor may see, newest first."""
    return Delivery.objects.filter(contract_id__in=[c.id for c in contracts_for(actor, "delivery")])


def delivery_for(request: SignedRequest, delivery_id: int) -> tuple[Delivery, Contract]:
    """The delivery of that number and its contract, for whoever may open this very address for it.

    Raises `NotFound`, `Forbidden`.
    """
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("web.no_delivery", delivery=delivery_id)
    contract = contract_of(delivery.contract_id)
    assert request.resolver_match is not None  # noqa: S101  Django resolves before it calls views
    for permission in ("delivery", request.resolver_match.view_name):
        request.actor.require(permission, scope_of(contract))
    return delivery, contract


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where an unchecked delivery stands: how many come before it."""

    is_over: bool
    n_before: int

    @property
    def tag(self) -> str:
        """Changes when there is something new to say."""
        return f'"{self.is_over}-{self.n_before}"'


def waiting(delivery: Delivery) -> Waiting:
    """Whether the check is over, and else how many deliveries are checked first."""
    if delivery.state not in OPEN_STATES:
        return Waiting(is_over=True, n_before=0)
    n_before = Delivery.objects.filter(state__in=OPEN_STATES, received_at__lt=delivery.received_at).count()
    return Waiting(is_over=False, n_before=n_before)


@dataclass(frozen=True, slots=True)
class Shares:
    """The counts of a receipt as widths of one bar of 1000."""

    accepted: int
    rejected: int
    duplicates: int


def shares_of(receipt: Receipt) -> Shares:
    """The counts as parts of a thousand; what is there is never drawn away."""
    if not receipt.n_received:
        return Shares(0, 0, 0)
    rejected, duplicates = (
        max(round(1000 * n / receipt.n_received), 4 if n else 0)
        for n in (receipt.n_rejected, receipt.n_duplicates)
    )
    return Shares(1000 - rejected - duplicates, rejected, duplicates)


def findings_by_column(receipt: Receipt, strictness: str) -> list[tuple[str, list[Finding]]]:
    """Findings in rows, of one strictness, by the column as the sender wrote it, the worst column first."""
    found = receipt.findings.filter(strictness=strictness, example_row_no__isnull=False)
    groups = {header: list(group) for header, group in groupby(sorted(found, key=_header), key=_header)}
    return sorted(groups.items(), key=lambda group: -sum(f.n_cells for f in group[1]))


def _header(finding: Finding) -> str:
    """Nothing for a rule across cells: it is about whole rows."""
    return (finding.header or finding.column) if finding.column else ""


def receipt_shown(delivery: Delivery, part_number: int, actor: Actor) -> dict[str, Any]:
    """The last receipt of that part, as its page needs it for that reader; empty before the first check."""
    found = Receipt.objects.filter(part__delivery=delivery, part__number=part_number).order_by("id").last()
    if found is None:
        return {"receipt": None}
    contract = contract_of(delivery.contract_id)
    hides = hides_from(actor, contract)
    errors, warnings = (findings_by_column(found, each) for each in (Strictness.ERROR, Strictness.WARNING))
    if hides:
        hide_cells((finding for _, group in errors + warnings for finding in group), contract)
    report = report_for(actor, found, contract)
    whole = found.findings.filter(example_row_no=None).order_by("strictness", "id")
    return {
        "receipt": found,
        "shares": shares_of(found),
        "errors": errors,
        "warnings": warnings,
        "remarks": whole.exclude(_ON_HEADER),
        "notes_on_header": whole.filter(_ON_HEADER),
        "repairs": report.get("repairs", ()),
        "set_aside": report.get("set_aside", ()),
        "hides": hides,
        "may_have_rows": may_have_rows(actor, delivery, contract),
        "standing": whole_of(delivery),
        "is_refused_whole": report.get("is_refused_whole", False),
        "nothings": (Nothing.SUPPRESSED,) if hides else (),
    }


def report_for(actor: Actor, receipt: Receipt, contract: Contract) -> dict[str, Any]:
    """The receipt's report as that reader may have it."""
    report = report_in(receipt, language_now())
    return without_cells(report, contract) if hides_from(actor, contract) else report


def receipt_of(delivery: Delivery, part_number: int) -> Receipt:
    """The last receipt of that part, of any part when it is 0. Raises `NotFound` before the first check."""
    found = Receipt.objects.filter(part__delivery=delivery).select_related("part").order_by("id")
    found = found.filter(part__number=part_number) if part_number else found
    receipt = found.last()
    if receipt is None:
        raise NotFound("web.no_receipt", delivery=delivery.pk)
    return receipt


def rejects_for(actor: Actor, delivery: Delivery) -> FileResponse:
    """The file of the rows that are still refused, under the name that intake gave it.

    Raises `NotFound`, and `Forbidden` when whole rows are not for the actor's eyes. Senders have their own.
    """
    contract = contract_of(delivery.contract_id)
    found = latest_readable(delivery)
    file = rejects_in(found, language_now()) if found and delivery.state != State.ACCEPTED else None
    if file is None:
        raise NotFound("web.no_rejects", delivery=delivery.pk)
    require_rows(actor, delivery, contract)
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)
