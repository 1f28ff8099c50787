"""Emptying the outbox: each message is claimed, sent, and its end written down."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils import timezone

from vamco.notifying import door
from vamco.notifying.channels import AGENCY, Channel, Channels, channels_here
from vamco.notifying.enqueueing import TOLD_WITHIN
from vamco.notifying.models import NEEDY_STATES, OPEN_STATES, Notification, NotificationState
from vamco.notifying.restraint import CRITICAL, wait_after
from vamco.vocabulary.errors import NotFound, Refused, VamcoError
from vamco.vocabulary.severity import Severity

_LEASE: Final = timedelta(minutes=5)  # far beyond the time limits of any channel
_MOST_ATTEMPTS: Final = 8
_AT_ONCE: Final = 20
_BY_URGENCY: Final = Case(
    *(When(severity=severity, then=Value(rank)) for rank, severity in enumerate(Severity)),
    output_field=IntegerField(),
)


def send_outbox() -> Mapping[str, int]:
    """Send what is due by the channels of this installation; how many ended in each state."""
    return send_due(channels_here())


def send_due(
    channels: Channels, clock: Callable[[], datetime] = timezone.now, send: door.Door = door.send
) -> Mapping[str, int]:
    """Send what is due, the most severe first; how many ended in each state. Two workers do no harm.

    To be called outside any transaction: a claim must be kept before the channel is called.
    """
    now = clock()
    ended = Counter({NotificationState.EXPIRED.value: _expire(now)})
    ended.update(_look_at_the_interrupted(channels, now))
    for notification in _due(now)[:_AT_ONCE]:
        state = _handle(notification, channels, clock, send)
        if state is not None:
            ended[state.value] += 1
    return +ended


def send_again(notification: int, now: datetime) -> None:
    """Wait to be sent once more, because a person asked. Raises `NotFound`, or `Refused` unless it needs that."""
    rows = Notification.objects.filter(pk=notification)
    if not rows.exists():
        raise NotFound("notifying.no_notification", notification=notification)
    changed = rows.filter(state__in=NEEDY_STATES).update(
        state=NotificationState.WAITING,
        claim="",
        attempts=0,
        next_at=now,
        expires_at=now + TOLD_WITHIN,
    )
    if not changed:
        raise Refused("notifying.notification_not_in_need", notification=notification)


def _due(now: datetime) -> QuerySet[Notification]:
    waiting = Notification.objects.filter(state__in=OPEN_STATES, next_at__lte=now)
    return waiting.order_by(_BY_URGENCY, "id")


def _expire(now: datetime) -> int:
    late = Notification.objects.filter(state__in=OPEN_STATES, expires_at__lte=now)
    return late.update(state=NotificationState.EXPIRED)


def _look_at_the_interrupted(channels: Channels, now: datetime) -> Counter[str]:
    """What a dead worker was sending: again where the receiver drops repeats, else nobody can tell."""
    again = [channel.name for channel in channels.by_name.values() if channel.is_idempotent]
    stuck = Notification.objects.filter(state=NotificationState.SENDING, claimed_at__lte=now - _LEASE)
    stuck.filter(channel__in=again).update(state=NotificationState.WAITING, next_at=now)
    unknown = stuck.update(state=NotificationState.UNCERTAIN)
    return Counter({NotificationState.UNCERTAIN.value: unknown})


def _handle(
    notification: Notification, channels: Channels, clock: Callable[[], datetime], send: door.Door
) -> NotificationState | None:
    channel = channels.by_name.get(notification.channel)
    if channel is None:
        return _put(notification, NotificationState.NO_CHANNEL)
    until = _held_until(notification, channel, channels, clock())
    if until is not None:
        return _put(notification, NotificationState.HELD, next_at=until)
    claim = _claim(notification, clock())
    if claim is None:
        return None
    return _settle(notification, claim, _attempt(send, channel, notification), clock())


def _held_until(
    notification: Notification, channel: Channel, channels: Channels, now: datetime
) -> datetime | None:
    """When it may go; None when it may go now. What is critical always may."""
    if Severity(notification.severity) in CRITICAL:
        return None
    quiet = channels.quiet_hours.get(AGENCY if notification.agency else notification.role)
    sent = Notification.objects.filter(
        channel=channel.name, address=notification.address, sent_at__gt=now - channel.limit.within
    )
    moments = [moment for moment in sent.values_list("sent_at", flat=True) if moment]
    until = quiet.until(now) if quiet else None
    return until or channel.limit.until(moments, now)


def _put(
    notification: Notification, state: NotificationState, **values: datetime
) -> NotificationState | None:
    still = Notification.objects.filter(pk=notification.pk, state__in=OPEN_STATES)
    return state if still.update(state=state, **values) else None


def _claim(notification: Notification, now: datetime) -> str | None:
    """The ticket of this attempt, kept before anything is sent; None when another worker was faster."""
    ticket = uuid4().hex
    with transaction.atomic(durable=True):
        mine = Notification.objects.filter(
            pk=notification.pk, state__in=OPEN_STATES, next_at__lte=now
        ).update(state=NotificationState.SENDING, claim=ticket, claimed_at=now, attempts=F("attempts") + 1)
    return ticket if mine else None


def _attempt(send: door.Door, channel: Channel, notification: Notification) -> str:
    try:
        return send(channel, notification)
    except VamcoError as error:  # a missing secret is told like any other failure
        return str(error)[:500]


def _settle(notification: Notification, claim: str, error: str, now: datetime) -> NotificationState:
    attempts = notification.attempts + 1
    if not error:
        state, next_at = NotificationState.SENT, now
    elif attempts >= _MOST_ATTEMPTS:
        state, next_at = NotificationState.FAILED, now
    else:
        state, next_at = NotificationState.WAITING, now + wait_after(attempts)
    Notification.objects.filter(pk=notification.pk, claim=claim).update(
        state=state, error=error, next_at=next_at, sent_at=None if error else now
    )
    return state
