"""Sending a message again, and back to the page of what it was about."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vamco.notifying.resending import resend
from vamco.web.callers import SignedRequest


@require_POST
def notification_resend(request: SignedRequest, notification_id: int) -> HttpResponse:
    """The message waits to go again. Subjects are named as their pages are: `incident:12`, `assignment:7`."""
    sent = resend(request.actor, notification_id)
    kind, _, number = sent.subject.partition(":")
    return redirect(kind, int(number))
