"""The decision about a part, written down in one transaction: files, supersession, receipt, state, audit."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM
from vamco.intake.contracts import contract_of
from vamco.intake.deciding import Decision, unreadable
from vamco.intake.findings import as_models
from vamco.intake.models import ACCEPTED_STATES, Delivery, Finding, Part, Receipt, State
from vamco.intake.receiving import scope_of
from vamco.intake.restating import restated_by
from vamco.vocabulary.errors import Refused, Unreadable
from vamco.warehouse import ledger


def write_down(part: Part, decision: Decision, claimed_by: str) -> Receipt:
    """Make the decision true. Raises `Refused` when the claim was lost meanwhile; then nothing is changed."""
    contract = contract_of(part.delivery.contract_id)
    subject = f"delivery:{part.delivery_id}"
    with action(PROGRAM, "delivery.decide", subject, scope_of(contract)) as details:
        delivery = _claimed(part, claimed_by)
        decision = _unless_restated(delivery, part, decision)
        receipt = _receipt(part, decision, contract.version)
        delivery.contract_version = contract.version
        delivery.state = state_after(part, decision)
        delivery.decided_at = receipt.checked_at
        delivery.lease_until, delivery.claimed_by = None, ""
        superseded = _accept(delivery, part, decision)
        delivery.save()
        details |= {
            "part": part.number,
            "receipt": receipt.pk,
            "outcome": decision.outcome,
            **decision.counts,
        }
        details |= {"superseded": superseded}
    return receipt


def _unless_restated(delivery: Delivery, part: Part, decision: Decision) -> Decision:
    """Corrected rows come too late when the delivery was restated while they were checked."""
    later = delivery.superseded_by.first()
    if part.number == 1 or later is None:
        return decision
    return unreadable(Unreadable("intake.restated_meanwhile", delivery=delivery.pk, later=later.pk))


def state_after(part: Part, decision: Decision) -> State:
    """Where the delivery stands once the part is decided; later parts never take back what was accepted."""
    if part.number == 1:
        return decision.outcome
    before = _was_accepted(part.delivery)
    if decision.outcome in ACCEPTED_STATES or before:
        is_open = decision.n_open if decision.outcome is not State.UNREADABLE else True
        return State.PARTLY_ACCEPTED if is_open else State.ACCEPTED
    return State.REJECTED


def _was_accepted(delivery: Delivery) -> bool:
    return Receipt.objects.filter(part__delivery=delivery, outcome__in=ACCEPTED_STATES).exists()


def _claimed(part: Part, claimed_by: str) -> Delivery:
    """The delivery, locked, if it is still ours to decide."""
    delivery = Delivery.objects.select_for_update().get(pk=part.delivery_id)
    if delivery.state != State.CHECKING or delivery.claimed_by != claimed_by:
        raise Refused("intake.claim_lost", delivery=delivery.pk)
    return delivery


def _moment(delivery: Delivery, decision: Decision) -> datetime:
    """When the decision was made; a made-up delivery is decided in the time that it was made for."""
    if not delivery.is_simulated:
        return timezone.now()
    return min(timezone.now(), delivery.received_at + timedelta(seconds=decision.check_seconds))


def _receipt(part: Part, decision: Decision, version: str) -> Receipt:
    score = decision.score
    receipt = Receipt.objects.create(
        part=part,
        outcome=decision.outcome,
        contract_version=version,
        checked_at=_moment(part.delivery, decision),
        check_seconds=decision.check_seconds,
        n_findings=sum(kind.n_cells for kind in decision.kinds),
        score=score.value if score else None,
        has_serious_alert=bool(score and score.serious),
        report=decision.report,
        folder=decision.folder,
        rejects_file=decision.rejects_file,
        **decision.counts,
    )
    Finding.objects.bulk_create(as_models(receipt, decision.kinds), batch_size=500)
    return receipt


def _accept(delivery: Delivery, part: Part, decision: Decision) -> list[int]:
    """Record the staged files and supersede what they restate; the deliveries that were superseded."""
    if decision.outcome not in ACCEPTED_STATES:
        return []
    restated = restated_by(delivery) if part.number == 1 else []
    arrival = ledger.Arrival(
        dataset=delivery.contract_id,
        delivery_id=delivery.pk,
        part=part.number - 1,
        period=delivery.period,
        start_on=delivery.period_start_on,
        end_on=delivery.period_end_on,
    )
    superseded_seqs = [entry.seq for entry in restated]
    ledger.record(arrival, decision.staged, supersedes=superseded_seqs, at=_moment(delivery, decision))
    superseded = sorted({entry.delivery_id for entry in restated})
    if superseded:
        delivery.supersedes_id = superseded[-1]
    return superseded


def give_up(part: Part, claimed_by: str) -> None:
    """Leave the delivery to whoever comes next, at once."""
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=part.delivery_id, state=State.CHECKING, claimed_by=claimed_by)
        mine.update(state=State.RECEIVED, lease_until=None, claimed_by="")
