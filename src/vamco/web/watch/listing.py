"""Every incident, open and closed, newest first."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vamco.alerts.models import Alert, Incident
from vamco.alerts.queue import items_of, visible
from vamco.indicators.declared import packs
from vamco.vocabulary.severity import Severity
from vamco.web.callers import SignedRequest
from vamco.web.parameters import number_asked
from vamco.web.watch.rows import rows_of

N_ON_A_PAGE: Final = 50
_STATES: Final = ("open", "closed")


@require_safe
def incidents(request: SignedRequest) -> HttpResponse:
    """A page of the incidents that the reader may see, narrowed by service, severity, and whether they are over."""
    asked = {name: request.GET.get(name, "") for name in ("service", "severity", "state")}
    found = Incident.objects.all()
    if asked["service"]:
        found = found.filter(rule__startswith=f"{asked['service']}.")
    if asked["severity"] in {severity.value for severity in Severity}:
        found = found.filter(severity=asked["severity"])
    if asked["state"] in _STATES:
        found = found.filter(closed_at__isnull=asked["state"] == "open")
    page = Paginator(found, N_ON_A_PAGE).get_page(number_asked(request, "page", 1))
    items = items_of(page.object_list, Alert.objects.filter(incident__in=[i.pk for i in page.object_list]))
    now = timezone.now()
    shown = {
        "page": page,
        "rows": rows_of(visible(request.actor, items), request.actor, now),
        "asked": asked,
        "packs": [pack for pack in packs() if any(rule.pack == pack.slug for rule in packs().alert_rules)],
        "severities": list(Severity),
        "now": now,
    }
    return render(request, "watch/incidents.html", shown)
