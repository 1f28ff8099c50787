"""Sending a message once more, because somebody looked and nobody can tell whether it arrived."""

from datetime import datetime

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor, Scope
from vamco.notifying.models import Notification
from vamco.notifying.sending import send_again
from vamco.vocabulary.errors import NotFound


def resend(actor: Actor, notification_id: int, at: datetime | None = None) -> Notification:
    """The message, waiting to be sent once more. Raises `Forbidden`, `NotFound`, or `Refused` unless it needs that."""
    found = Notification.objects.filter(pk=notification_id).first()
    if found is None:
        raise NotFound("notifying.no_notification", notification=notification_id)
    scope = Scope(found.agency or None, service=found.service or None)
    with action(actor, "notification.resend", f"notification:{notification_id}", scope) as details:
        details |= {"about": found.subject, "was": found.state, "error": found.error}
        send_again(notification_id, at or timezone.now())
    return Notification.objects.get(pk=notification_id)
