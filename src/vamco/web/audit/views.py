"""The audit log: who did what, newest first, and whether its chain holds."""

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from vamco.accounts.action import broken_links
from vamco.accounts.models import AuditEntry
from vamco.web.callers import SignedRequest
from vamco.web.parameters import number_asked

N_ON_A_PAGE: Final = 100


def audit(request: SignedRequest) -> HttpResponse:
    """A page of the log, narrowed to what was searched for."""
    text = request.GET.get("q", "").strip()
    wanted = Q(actor__icontains=text) | Q(action__icontains=text) | Q(subject__icontains=text)
    entries = AuditEntry.objects.filter(wanted).order_by("-id")
    page = Paginator(entries, N_ON_A_PAGE).get_page(number_asked(request, "page", 1))
    was_verified = "verify" in request.GET
    found = {
        "page": page,
        "q": text,
        "was_verified": was_verified,
        "broken": broken_links() if was_verified else (),
    }
    return render(request, "audit/audit.html", found)
