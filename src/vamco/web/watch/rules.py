"""The rules: what each watches, whether it is evaluated, and what it raised so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Scope
from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert, Incident, RuleState
from vamco.alerts.queue import items_of, visible
from vamco.alerts.rules import rules_in_force, switch
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import AlertRule, Kind
from vamco.packs.pack import Pack
from vamco.vocabulary.errors import VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.parameters import number_asked
from vamco.web.watch.rehearsal import rehearsed, weeks_of
from vamco.web.watch.rows import rows_of, who_acts
from vamco.web.watch.wording import condition_words, indicator_or_none, levels_words, watched_words

N_ON_A_PAGE: Final = 30
_LATELY: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in words, with where it stands."""

    rule: AlertRule
    watched: str
    condition: str
    level: str
    is_in_force: bool
    state: RuleState | None
    n_raised: int
    n_lately: int

    @property
    def is_of_source(self) -> bool:
        """Whether it falls to whoever owes the data."""
        return self.rule.when.kind is Kind.SILENCE


@require_safe
def rules(request: SignedRequest) -> HttpResponse:
    """Every rule, service by service."""
    lines = _lines(packs().alert_rules)
    groups = [(pack, [line for line in lines if line.rule.pack == pack.slug]) for pack in packs()]
    found: dict[str, object] = {
        "groups": [(pack, own) for pack, own in groups if own],
        "n": len(lines),
        "n_in_force": sum(line.is_in_force for line in lines),
        "n_faulty": sum(bool(line.state and line.state.error) for line in lines),
    }
    return render(request, "watch/rules.html", found)


@require_safe
def rule(request: SignedRequest, pack: str, name: str) -> HttpResponse:
    """One rule."""
    return _page(request, packs().alert_rule(f"{pack}.{name}"))


@require_POST
def rule_switch(request: SignedRequest, pack: str, name: str) -> HttpResponse:
    """Switch it on or off, and go back to its page."""
    wanted = packs().alert_rule(f"{pack}.{name}")
    try:
        is_enabled = request.POST.get("enabled") == "yes"
        switch(request.actor, wanted.id, is_enabled=is_enabled, why=request.POST.get("why", ""))
    except VamcoError as error:
        return _page(request, wanted, error.say(language_now()), error.http_status)
    return redirect("rule", pack, name)


def _page(
    request: SignedRequest,
    wanted: AlertRule,
    error: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    now = timezone.now()
    (line,) = _lines([wanted])
    page = Paginator(Incident.objects.filter(rule=wanted.id), N_ON_A_PAGE).get_page(
        number_asked(request, "page", 1)
    )
    items = items_of(page.object_list, Alert.objects.filter(incident__in=[i.pk for i in page.object_list]))
    found = {
        "line": line,
        "rule": wanted,
        "pack": _pack(wanted),
        "indicator": indicator_or_none(wanted.indicator) if wanted.indicator else None,
        "agency": who_acts().get(wanted.respond.agency, wanted.respond.agency),
        "page": page,
        "rows": rows_of(visible(request.actor, items), request.actor, now),
        "switches": AuditEntry.objects.filter(action="rule.switch", subject=wanted.id).order_by("-id")[:10],
        "may_switch": request.actor.may("rule.switch", Scope(service=wanted.pack)),
        "may_rehearse": request.actor.may("rule.rehearse"),
        "tried": rehearsed(request, wanted),
        "weeks": weeks_of(wanted),
        "typed": request.POST,
        "error": error,
        "now": now,
    }
    return render(request, "watch/rule.html", found, status=status)


def _pack(wanted: AlertRule) -> Pack:
    return next(pack for pack in packs() if pack.slug == wanted.pack)


def _lines(wanted: tuple[AlertRule, ...] | list[AlertRule]) -> list[Line]:
    in_force = {rule.id for rule in rules_in_force()}
    states = {state.rule: state for state in RuleState.objects.exclude(rule="")}
    since = timezone.now() - _LATELY
    counted = Alert.objects.values("rule").annotate(
        raised=Count("pk", Q(state__in=RAISED)), lately=Count("pk", Q(raised_since__gte=since))
    )
    counts = {row["rule"]: (row["raised"], row["lately"]) for row in counted.order_by()}
    return [
        Line(
            rule,
            watched_words(rule),
            condition_words(rule),
            levels_words(rule),
            rule.id in in_force,
            states.get(rule.id),
            *counts.get(rule.id, (0, 0)),
        )
        for rule in wanted
    ]
