"""The one door: bytes come in, are kept, and become a delivery that waits to be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import IO, Any, Final

from django.db import IntegrityError
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor, Scope
from vamco.intake.contracts import contract_of
from vamco.intake.models import ACCEPTED_STATES, Channel, Delivery, Part, State
from vamco.intake.raw_store import Kept, keep
from vamco.intake.reading.encodings.detection import declared_encoding
from vamco.intake.timeliness import owed_within
from vamco.packs.contract import Contract
from vamco.vocabulary.errors import Misused, Refused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.text import nfc

_OPTIONS: Final = {"map_on", "encoding", "sheet"}
_NAMED_TYPES: Final = (PeriodType.MONTH, PeriodType.QUARTER, PeriodType.YEAR)
_FURTHEST_AHEAD: Final = timedelta(days=400)  # plans are delivered a year ahead
_NAME_BYTES: Final = 180  # leaves room for what is added to it
_CHECKED_AGAIN: Final = (State.REJECTED, State.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Received:
    """The delivery that the bytes belong to, and whether they made it."""

    delivery: Delivery
    is_new: bool


def receive(
    actor: Actor,
    contract_id: str,
    period: str,
    stream: IO[bytes],
    filename: str,
    channel: Channel,
    *,
    agency: str | None = None,
    idempotency_key: str | None = None,
    options: Mapping[str, Any] | None = None,
    is_simulated: bool = False,
    simulated_at: datetime | None = None,
) -> Received:
    """Keep the bytes and record the delivery, which then waits to be checked.

    The same bytes for the same contract and period, or the same idempotency key of an agency, give
    the first delivery again; if that one was rejected or unreadable it will be checked once more.
    Made-up data may say when it came (`simulated_at`, in the past).
    Raises `NotFound`, `Forbidden`, `Misused` or `Refused`; bytes may then be kept, a delivery is not.
    """
    contract = contract_of(contract_id)
    covered = period_for(contract, period)
    _require_owner(contract, agency)
    actor.require("delivery.receive", scope_of(contract))
    _require_not_within(contract, covered)
    declared = _declared(options or {})
    kept = keep(stream)
    wanted = Delivery(
        contract_id=contract.id,
        contract_version=contract.version,
        period=str(covered),
        period_start_on=covered.start_on,
        period_end_on=covered.end_on,
        agency=contract.agency,
        sha256=kept.sha256,
        idempotency_key=idempotency_key,
        channel=channel,
        options=declared,
        is_simulated=is_simulated,
        received_at=_arrival(simulated_at) if is_simulated else timezone.now(),
    )
    return _once(actor, wanted, kept, clean_name(filename))


def scope_of(contract: Contract) -> Scope:
    """Where work on the contract's deliveries happens."""
    return Scope(agency=contract.agency, service=contract.pack)


def period_for(contract: Contract, text: str) -> Period:
    """The period so written; a range that is a whole month, quarter or year is that.

    A scheduled contract takes its own type of period, or a longer one made of whole such periods: the
    history of a source that joins. Raises `Misused` for any other, `Refused` when the period lies too far
    ahead to be anything but a slip.
    """
    period = _named(Period.parse(text))
    if period.start_on > timezone.localdate() + _FURTHEST_AHEAD:
        raise Refused("intake.period_far_ahead", period=period.title.vi)
    if contract.schedule and not owed_within(contract.schedule, period):
        raise Misused(
            "intake.wrong_period_type",
            period=text,
            given=period.type.value,
            wanted=contract.schedule.period_type,
        )
    return period


def _require_not_within(contract: Contract, period: Period) -> None:
    """Refuse what would be in the dataset twice: a period inside an accepted longer one, or around one."""
    overlapping = Delivery.objects.filter(
        contract_id=contract.id,
        period_start_on__lte=period.end_on,
        period_end_on__gte=period.start_on,
        state__in=ACCEPTED_STATES,
        withdrawn_at__isnull=True,
        superseded_by__isnull=True,
    ).exclude(period=str(period))
    if contract.schedule and (found := overlapping.order_by("pk").first()):
        raise Refused("intake.period_overlaps", period=period.title.vi, delivery=found.pk, other=found.period)


def _arrival(simulated_at: datetime | None) -> datetime:
    now = timezone.now()
    return min(simulated_at or now, now)


def _named(period: Period) -> Period:
    if period.type is not PeriodType.RANGE:
        return period
    whole = (Period.covering(type_, period.start_on) for type_ in _NAMED_TYPES)
    return next((p for p in whole if (p.start_on, p.end_on) == (period.start_on, period.end_on)), period)


def clean_name(filename: str) -> str:
    """The last part of a path as anybody may send it, fit to be shown and to name a file."""
    name = PurePath(filename.replace("\\", "/")).name
    shown = "".join(c for c in nfc(name) if c.isprintable() and c not in '<>:"|?*')
    path = PurePath(shown.strip(". ") or "delivery")
    return f"{_of_bytes(path.stem, _NAME_BYTES)}{_of_bytes(path.suffix, 20)}"


def _of_bytes(text: str, most: int) -> str:
    """The beginning of the text that fits into so many bytes: file systems count bytes, and ế is three."""
    return text.encode()[:most].decode(errors="ignore")


def _require_owner(contract: Contract, agency: str | None) -> None:
    if agency is not None and agency != contract.agency:
        raise Refused("intake.not_the_owner", agency=agency, contract=contract.id, owner=contract.agency)


def _declared(options: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(options) - _OPTIONS):
        raise Misused("intake.unknown_option", unknown=unknown, known=sorted(_OPTIONS))
    declared = {name: str(value) for name, value in options.items() if value}
    if "encoding" in declared:
        declared["encoding"] = declared_encoding(declared["encoding"])
    try:
        date.fromisoformat(declared.get("map_on", "2025-07-01"))
    except ValueError:
        raise Misused("intake.bad_map_day", text=declared["map_on"]) from None
    return declared


def _once(actor: Actor, wanted: Delivery, kept: Kept, filename: str) -> Received:
    known = _known(wanted)
    if known is not None:
        return _again(actor, known, wanted)
    try:
        return Received(_record(actor, wanted, kept, filename), is_new=True)
    except IntegrityError:
        known = _known(wanted)  # somebody sent the same at the same moment
        if known is None:
            raise
        return _again(actor, known, wanted)


def _record(actor: Actor, wanted: Delivery, kept: Kept, filename: str) -> Delivery:
    scope = scope_of(contract_of(wanted.contract_id))
    with action(actor, "delivery.receive", f"{wanted.contract_id} {wanted.period}", scope) as details:
        wanted.save(force_insert=True)
        add_part(wanted, 1, kept, filename, actor)
        details |= {
            "delivery": wanted.pk,
            "sha256": kept.sha256,
            "n_bytes": kept.n_bytes,
            "channel": wanted.channel,
        }
    return wanted


def add_part(delivery: Delivery, number: int, kept: Kept, filename: str, actor: Actor) -> Part:
    """Note the bytes as a part of the delivery, inside the caller's transaction."""
    return Part.objects.create(
        delivery=delivery,
        number=number,
        sha256=kept.sha256,
        n_bytes=kept.n_bytes,
        filename=filename,
        sender=actor.name,
        received_at=timezone.now(),
    )


def _require_not_withdrawn(known: Delivery) -> None:
    """The same bytes would bring nothing back: neither of a withdrawn delivery nor of one that it had replaced."""
    later: Delivery | None = known
    while later is not None:
        if later.state == State.WITHDRAWN:
            raise Refused("intake.was_withdrawn", delivery=known.pk, withdrawn=later.pk)
        later = later.superseded_by.first()


def _known(wanted: Delivery) -> Delivery | None:
    if wanted.idempotency_key is not None:
        by_key = Delivery.objects.filter(agency=wanted.agency, idempotency_key=wanted.idempotency_key).first()
        if by_key is not None:
            return _same_request(by_key, wanted)
    return Delivery.objects.filter(
        contract_id=wanted.contract_id, period=wanted.period, sha256=wanted.sha256
    ).first()


def _same_request(known: Delivery, wanted: Delivery) -> Delivery:
    is_same = (known.contract_id, known.period, known.sha256) == (
        wanted.contract_id,
        wanted.period,
        wanted.sha256,
    )
    if not is_same:
        raise Refused("intake.key_used_otherwise", idempotency_key=wanted.idempotency_key, delivery=known.pk)
    return known


def _again(actor: Actor, known: Delivery, wanted: Delivery) -> Received:
    _require_not_withdrawn(known)
    if known.state in _CHECKED_AGAIN and known.parts.count() == 1:
        scope = scope_of(contract_of(known.contract_id))
        with action(actor, "delivery.receive", f"{known.contract_id} {known.period}", scope) as details:
            details |= {"delivery": known.pk, "again": True}
            Delivery.objects.filter(pk=known.pk, state__in=_CHECKED_AGAIN).update(
                state=State.RECEIVED, options=wanted.options, received_at=wanted.received_at, attempts=0
            )
        known.refresh_from_db()
    elif known.state in _CHECKED_AGAIN:
        raise Refused("intake.corrections_came_since", delivery=known.pk)
    elif known.options != wanted.options:
        raise Refused("intake.sent_with_other_options", delivery=known.pk)
    return Received(known, is_new=False)
