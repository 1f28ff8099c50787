"""Sending a message once more, because somebody looked and nobody can tell whether it arrived."""

from datetime import datetime

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.alerts.acting import scope_of
from vamco.alerts.models import Notification
from vamco.alerts.notifying.sending import send_again
from vamco.vocabulary.errors import NotFound


def resend(actor: Actor, notification_id: int, at: datetime | None = None) -> Notification:
    """The message, waiting to be sent once more. Raises `Forbidden`, `NotFound`, or `Refused` unless it needs that."""
    found = Notification.objects.select_related("incident").filter(pk=notification_id).first()
    if found is None:
        raise NotFound("alerts.no_notification", notification=notification_id)
    subject, scope = f"notification:{notification_id}", scope_of(found.incident)
    with action(actor, "notification.resend", subject, scope) as details:
        details |= {"incident": found.incident_id, "was": found.state, "error": found.error}
        send_again(notification_id, at or timezone.now())
    return Notification.objects.get(pk=notification_id)
