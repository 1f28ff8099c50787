"""What is silenced and until when, and the forms that set a silence and end it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vamco.alerts.matching import Matcher, accept, read_matcher
from vamco.alerts.models import Alert, Silence
from vamco.alerts.muting import matched
from vamco.alerts.naming import dataset_name, unit_name
from vamco.alerts.queue import incident_for, rule_of
from vamco.alerts.recording import OPEN
from vamco.alerts.silences import end_silence, set_silence
from vamco.indicators.territory import territory_now
from vamco.vocabulary.errors import Misused, VamcoError
from vamco.vocabulary.messages import catalogue, say
from vamco.vocabulary.severity import Severity
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.parameters import number_asked
from vamco.web.watch.deeds import until_in
from vamco.web.watch.incidents import silence_query
from vamco.web.watch.rows import names_of
from vamco.web.watch.wording import indicator_or_none

N_OVER: Final = 50
HOURS: Final = (1, 4, 8, 24, 72, 168)


@dataclass(frozen=True, slots=True)
class Line:
    """A silence in words, with how many open alerts it fits now."""

    silence: Silence
    conditions: tuple[str, ...]
    by: str
    n_alerts: int


@require_http_methods(["GET", "HEAD", "POST"])
def silences(request: SignedRequest) -> HttpResponse:
    """What is silenced now or will be, what was, and the form for a new silence."""
    if request.method != "POST":
        return _page(request)
    try:
        set_silence(
            request.actor, _matchers(request), timezone.now(), _until(request), request.POST.get("reason", "")
        )
    except VamcoError as error:
        return _page(request, error.say(language_now()), error.http_status)
    return redirect("silences")


@require_POST
def silence_end(request: SignedRequest, silence_id: int) -> HttpResponse:
    """End it now, and go back to the list."""
    end_silence(request.actor, silence_id)
    return redirect("silences")


def _page(
    request: SignedRequest, error: Mapping[str, str] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    now = timezone.now()
    standing = list(Silence.objects.filter(ends_at__gt=now).order_by("ends_at"))
    over = list(Silence.objects.filter(ends_at__lte=now).order_by("-ends_at")[:N_OVER])
    names = names_of(row.by for row in (*standing, *over))
    alerts = list(Alert.objects.filter(state__in=OPEN).defer("evidence"))
    found = {
        "standing": [_line(row, names, alerts) for row in standing],
        "over": [_line(row, names, ()) for row in over],
        "matchers": request.POST.get("matchers") or "\n".join(_proposed(request)),
        "typed": request.POST,
        "hours": HOURS,
        "may_set": request.actor.may("silence.set"),
        "may_end": request.actor.may("silence.end"),
        "error": error,
        "now": now,
    }
    return render(request, "watch/silences.html", found, status=status)


def _proposed(request: SignedRequest) -> list[str]:
    """The conditions of the incident that the reader came from."""
    number = number_asked(request, "incident", 0)
    return silence_query(incident_for(request.actor, number)) if number else []


def _matchers(request: SignedRequest) -> list[str]:
    return [line.strip() for line in request.POST.get("matchers", "").splitlines() if line.strip()]


def _until(request: SignedRequest) -> datetime:
    until = until_in(request)
    if until is None:
        raise Misused("web.bad_hours", value="")
    return until


def _line(row: Silence, names: Mapping[str, str], alerts: Any) -> Line:
    matchers = [read_matcher(text) for text in row.matchers]
    n = sum(accept(matchers, matched(alert)) for alert in alerts)
    return Line(row, tuple(map(matcher_words, matchers)), names.get(row.by, row.by), n)


def matcher_words(matcher: Matcher) -> str:
    """A condition with names in place of codes."""
    key = f"watch_label_{matcher.name}"
    name = say(f"web.{key}", language_now()) if key in catalogue("web") else matcher.name
    sign = "" if matcher.operator == "=" else f" {matcher.operator}"
    return f"{name}{sign}: {_value(matcher.name, matcher.value)}"


def _value(name: str, value: str) -> str:
    language = language_now()
    if name == "unit":
        return unit_name(territory_now().register, value)
    if name == "contract":
        return dataset_name(value, language)
    if name == "rule" and (rule := rule_of(value)):
        return rule.title.in_(language)
    if name == "indicator" and (indicator := indicator_or_none(value)):
        return indicator.title.in_(language)
    if name == "severity" and value in {one.value for one in Severity}:
        return Severity(value).in_(language)
    return value
