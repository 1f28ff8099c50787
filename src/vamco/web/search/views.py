"""The page of what was found."""

from django.http import HttpResponse
from django.shortcuts import render

from vamco.web.callers import SignedRequest
from vamco.web.search.finding import MOST, find

N_AT_FIRST = 8


def search(request: SignedRequest) -> HttpResponse:
    """Everything that holds the words, by kind; one kind in full where the address names it."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    groups = find(text, request.actor, MOST if kind else N_AT_FIRST)
    found = {
        "q": text,
        "kind": kind,
        "groups": [group for group in groups if kind in ("", group.kind)],
    }
    return render(request, "search/search.html", found)
