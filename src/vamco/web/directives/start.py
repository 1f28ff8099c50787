"""Where a new directive begins: from an incident, from a figure, below another directive, or from nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest

from vamco.accounts.policy import Actor
from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert
from vamco.alerts.naming import title_of
from vamco.alerts.queue import Item, incident_for
from vamco.directives.drafts import AssignmentDraft
from vamco.directives.evidence import Frozen, freeze_figure
from vamco.directives.from_alerts import frozen, proposal_of
from vamco.directives.models import Directive
from vamco.directives.procedures import Proposal, procedures_for, propose
from vamco.directives.reading import directive_for
from vamco.indicators.declared import packs
from vamco.vocabulary.errors import Misused, NotFound
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import require_read
from vamco.web.indicators.exporting import is_simulated
from vamco.web.language import language_now
from vamco.web.parameters import number_asked
from vamco.web.passport.asking import Asked, figure_asked

N_FROZEN: Final = 20  # alerts of one incident that an order carries; the others stay in its log
_SALT: Final = "vamco.web.directives.evidence"
_KEPT_FOR_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is frozen with the order, and whether it rests on data that was made up."""

    frozen: Frozen
    is_simulated: bool

    @property
    def token(self) -> str:
        """The evidence as a form carries it: signed, for what was seen must be what is kept."""
        return signing.dumps([self.frozen, self.is_simulated], salt=_SALT, compress=True)


@dataclass(frozen=True, slots=True)
class Start:
    """What a form begins with; `proposal` is None where no procedure answers."""

    title: str = ""
    proposal: Proposal | None = None
    evidence: tuple[Evidence, ...] = ()
    parent: Directive | None = None
    is_asked: bool = False  # whether an incident or a figure was named

    @property
    def drafts(self) -> tuple[AssignmentDraft, ...]:
        """What is usually assigned."""
        return self.proposal.assignments if self.proposal else ()


def start_of(request: SignedRequest) -> Start:
    """The start that the address names. Raises `NotFound`, `Misused`, `Forbidden`."""
    if request.GET.get("incident"):
        return _from_incident(incident_for(request.actor, number_asked(request, "incident", 0)))
    if request.GET.get("indicator"):
        return _from_figure(request.actor, figure_asked(request))
    if request.GET.get("parent"):
        parent = directive_for(request.actor, number_asked(request, "parent", 0))
        return Start(parent=parent)
    return Start()


def evidence_in(request: HttpRequest) -> tuple[Evidence, ...]:
    """What the form carries back. Raises `Misused` where it is not what we sent."""
    return tuple(map(_carried, request.POST.getlist("evidence")))


def parent_in(actor: Actor, text: str) -> Directive | None:
    """The directive above, which the actor may read. Raises `NotFound`."""
    if not text:
        return None
    if not text.isdigit():
        raise NotFound("directives.directive_not_found", directive=text)
    return directive_for(actor, int(text))


def _from_incident(item: Item) -> Start:
    simulated = item.incident.is_simulated
    raised = [alert.pk for alert in item.alerts if alert.state in RAISED] or [a.pk for a in item.alerts]
    alerts = _in_order(raised[:N_FROZEN])
    proposal = proposal_of(alerts[0], language_now()) if alerts else None
    return Start(
        title_of(item.incident, language_now()),
        proposal,
        tuple(Evidence(frozen(alert), simulated) for alert in alerts),
        is_asked=True,
    )


def _in_order(keys: list[int]) -> list[Alert]:
    """The alerts with all that they saw, the leading one first."""
    found = Alert.objects.in_bulk(keys)
    return [found[key] for key in keys]


def _from_figure(actor: Actor, asked: Asked) -> Start:
    indicator = asked.question.indicator
    require_read(actor, indicator, asked.unit)
    evidence = Evidence(freeze_figure(asked.question), is_simulated([indicator]))
    rules = [rule.id for rule in packs().alert_rules if rule.indicator == indicator.id]
    found = next((one for rule in rules for one in procedures_for(rule)), None)
    proposal = propose(found, {"unit": asked.unit.code}, language_now()) if found else None
    title = f"{indicator.title.in_(language_now())}, {asked.unit.name}"
    return Start(title, proposal, (evidence,), is_asked=True)


def _carried(token: str) -> Evidence:
    try:
        told: Any = signing.loads(token, salt=_SALT, max_age=_KEPT_FOR_SECONDS)
    except signing.BadSignature:
        raise Misused("directives.evidence_was_changed") from None
    return Evidence(told[0], bool(told[1]))


def simulated_among(evidence: Iterable[Evidence]) -> bool:
    """Whether any of it rests on data that was made up."""
    return any(one.is_simulated for one in evidence)
