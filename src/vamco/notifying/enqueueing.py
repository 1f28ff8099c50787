"""Putting messages into the outbox, inside the transaction that has the news."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vamco.notifying.channels import AGENCY, Channels, Named, Recipient
from vamco.notifying.models import Notification, NotificationState
from vamco.vocabulary.severity import Severity

TOLD_WITHIN: Final = timedelta(hours=24)  # after which news is no news


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said of a subject: `kind` and `version` of the news make it one and no other.

    `service` is the one that the subject belongs to, if it belongs to one: who may send it again.
    """

    subject: str
    kind: str
    version: int
    severity: Severity
    title: str
    body: str
    is_simulated: bool = False
    service: str = ""


def enqueue(
    message: Message,
    channels: Channels,
    now: datetime,
    *,
    roles: Collection[str] = (),
    people: Collection[str] = (),
    agencies: Collection[str] = (),
) -> int:
    """Put it into the outbox once for each recipient; how many rows are new.

    The same message again adds nothing. Whom no channel reaches gets a row that is shown on screen only.
    """
    told = _named(roles, people, agencies)
    rows = [*_reached(message, channels, now, told), *_unreached(message, channels, now, told)]
    about = Notification.objects.filter(subject=message.subject)
    before = about.count()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return about.count() - before


def _named(roles: Collection[str], people: Collection[str], agencies: Collection[str]) -> set[Named]:
    kinds = {"role": roles, "person": people, AGENCY: agencies}
    return {(kind, name) for kind, names in kinds.items() for name in names}


def _reached(
    message: Message, channels: Channels, now: datetime, told: Collection[Named]
) -> Iterator[Notification]:
    for recipient in channels.recipients:
        if recipient.hears(told, message.severity) and _may_carry(channels, recipient, message):
            row = _row(message, now, recipient.named)
            row.channel, row.address = recipient.channel, recipient.address
            yield row


def _unreached(
    message: Message, channels: Channels, now: datetime, told: Collection[Named]
) -> Iterator[Notification]:
    able = {each.named for each in channels.recipients if _may_carry(channels, each, message)}
    for named in sorted(set(told) - able):
        row = _row(message, now, named)
        row.state = NotificationState.NO_CHANNEL
        yield row


def _may_carry(channels: Channels, recipient: Recipient, message: Message) -> bool:
    return not message.is_simulated or channels.by_name[recipient.channel].carries_simulated


def _row(message: Message, now: datetime, named: Named) -> Notification:
    kind, name = named
    return Notification(
        subject=message.subject,
        service=message.service,
        kind=message.kind,
        version=message.version,
        severity=message.severity,
        title=message.title,
        body=message.body,
        made_at=now,
        next_at=now,
        expires_at=now + TOLD_WITHIN,
        **{kind: name},
    )
