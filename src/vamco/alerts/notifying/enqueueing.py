"""Putting messages into the outbox, inside the transaction that has the news."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from vamco.alerts.notifying.channels import Channels, Recipient
from vamco.alerts.notifying.outbox_model import Notification, NotificationState
from vamco.vocabulary.severity import Severity

TOLD_WITHIN: Final = timedelta(hours=24)  # after which news is no news


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said of an incident: `kind` and `version` of the notice make it one and no other."""

    incident: int
    kind: str
    version: int
    severity: Severity
    title: str
    body: str
    is_simulated: bool = False


def enqueue(
    message: Message,
    channels: Channels,
    now: datetime,
    *,
    roles: Collection[str] = (),
    people: Collection[str] = (),
) -> int:
    """Put it into the outbox once for each recipient; how many rows are new.

    The same message again adds nothing. A role or person that no channel reaches gets a row that is
    shown on screen only.
    """
    rows = [
        *_reached(message, channels, now, roles, people),
        *_unreached(message, channels, now, roles, people),
    ]
    before = Notification.objects.filter(incident_id=message.incident).count()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return Notification.objects.filter(incident_id=message.incident).count() - before


def _reached(
    message: Message, channels: Channels, now: datetime, roles: Collection[str], people: Collection[str]
) -> Iterator[Notification]:
    for recipient in channels.recipients:
        if recipient.hears(roles, people, message.severity) and _may_carry(channels, recipient, message):
            yield _row(
                message,
                now,
                channel=recipient.channel,
                role=recipient.role,
                person=recipient.person,
                address=recipient.address,
            )


def _unreached(
    message: Message, channels: Channels, now: datetime, roles: Collection[str], people: Collection[str]
) -> Iterator[Notification]:
    able = [each for each in channels.recipients if _may_carry(channels, each, message)]
    for role in sorted(set(roles) - {each.role for each in able}):
        yield _row(message, now, role=role, state=NotificationState.NO_CHANNEL)
    for person in sorted(set(people) - {each.person for each in able}):
        yield _row(message, now, person=person, state=NotificationState.NO_CHANNEL)


def _may_carry(channels: Channels, recipient: Recipient, message: Message) -> bool:
    return not message.is_simulated or channels.by_name[recipient.channel].carries_simulated


def _row(message: Message, now: datetime, **told: Any) -> Notification:
    return Notification(
        incident_id=message.incident,
        kind=message.kind,
        version=message.version,
        severity=message.severity,
        title=message.title,
        body=message.body,
        made_at=now,
        next_at=now,
        expires_at=now + TOLD_WITHIN,
        **told,
    )
