"""The one place that speaks to the outside: Apprise."""

import logging
from collections.abc import Callable

import apprise

from vamco.notifying.channels import Channel
from vamco.notifying.models import Notification
from vamco.vocabulary.severity import Severity

Door = Callable[[Channel, Notification], str]
"""Sends the message; what went wrong, or nothing."""

_LOOKS = {
    Severity.EXTREME: apprise.NotifyType.FAILURE,
    Severity.SEVERE: apprise.NotifyType.FAILURE,
    Severity.MODERATE: apprise.NotifyType.WARNING,
}


def send(channel: Channel, notification: Notification) -> str:
    """Hand the message to the channel under its key. What went wrong in a few words, or nothing."""
    # the name becomes a header: ASCII; a redirect would carry the secret to wherever it points
    asset = apprise.AppriseAsset(app_id="Vam Co", http_redirects=False)
    service = apprise.Apprise.instantiate(channel.url_to(notification.address), asset=asset)
    if service is None:
        return "not an Apprise URL"
    headers = getattr(service, "headers", None)
    if isinstance(headers, dict):
        headers["Idempotency-Key"] = notification.key
    return _told(service, notification)


def _told(service: apprise.NotifyBase, notification: Notification) -> str:
    # warnings only: finer messages of the library may hold an address with its secrets
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        is_sent = service.notify(
            title=notification.title,
            body=notification.body,
            notify_type=_LOOKS.get(Severity(notification.severity), apprise.NotifyType.INFO),
        )
        return "" if is_sent else (said.getvalue().strip() or "refused")[-500:]
