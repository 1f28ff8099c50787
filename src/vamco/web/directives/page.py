"""The page of a directive and that of one assignment: the order, where it stands, and what the reader may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor
from vamco.directives.effect import completed_on
from vamco.directives.file_store import ENDINGS
from vamco.directives.follow_up import awaits_office
from vamco.directives.guards import speaks_for_agency
from vamco.directives.models import AssignmentEvent, Directive, LeaderVerdict
from vamco.directives.reading import Choice, Standing, choices, directives_for, leader_name, story
from vamco.directives.transitions import Status, Verb
from vamco.web.callers import SignedRequest
from vamco.web.directives.choices import agency_choices
from vamco.web.directives.deeds import UNITS, Deed, Typed, deeds_of
from vamco.web.directives.effect import effect_shown
from vamco.web.directives.evidence import prompts_of
from vamco.web.watch.rows import names_of

_ASKING: Final = (Verb.SUBMIT, Verb.RETURN, Verb.ASK_EXTENSION)
VERDICTS: Final = tuple(one for one in LeaderVerdict if one is not LeaderVerdict.NONE)


@dataclass(frozen=True, slots=True)
class Card:
    """One assignment with what the reader may do with it."""

    standing: Standing
    deeds: list[Deed]
    is_own: bool  # of the reader's agency

    @property
    def asked(self) -> AssignmentEvent | None:
        """What the agency said last, where the office is to answer it."""
        if not awaits_office(self.standing):
            return None
        said = [one for one in self.standing.assignment.events.all() if one.verb in _ASKING]
        return said[-1] if said else None

    @property
    def next(self) -> list[Deed]:
        """What it needs next of this reader."""
        return [one for one in self.deeds if one.is_next]


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the name of whoever did it."""

    event: AssignmentEvent
    by: str


def directive_page(
    request: SignedRequest, directive: Directive, status: int = HTTPStatus.OK, **said: Any
) -> HttpResponse:
    """The whole page; `said` may hold an error beside which what was typed is kept."""
    cards = cards_of(request.actor, directive)
    relatives = directives_for(request.actor)
    found = {
        "cards": cards,
        "lead": next((one for one in cards if one.standing.assignment.is_lead), None),
        "supporting": [one for one in cards if _supports(one)],
        "effect": effect_shown(request, directive),
        "children": relatives.filter(Q(parent=directive) | Q(series=directive)),
        "above": relatives.filter(pk__in=[n for n in (directive.parent_id, directive.series_id) if n]),
        "audit": _audit(request.actor, directive),
        "may_judge": request.actor.may("directive.judge"),
        "may_end": request.actor.may("directive.end_recurrence") and _comes_round(directive),
        "may_issue": request.actor.may("directive.issue"),
        "is_done": completed_on(directive) is not None,
        "verdicts": VERDICTS,
        **common(request, directive, story(directive)),
        **said,
    }
    return render(request, "directives/directive.html", found, status=status)


def assignment_page(
    request: SignedRequest, card: Card, status: int = HTTPStatus.OK, **said: Any
) -> HttpResponse:
    """One assignment alone, for the hand."""
    assignment = card.standing.assignment
    events = [one for one in story(assignment.directive) if one.assignment_id == assignment.pk]
    found = {"card": card, **common(request, assignment.directive, events), **said}
    return render(request, "directives/assignment.html", found, status=status)


def cards_of(actor: Actor, directive: Directive) -> list[Card]:
    """The assignments of the directive as the reader meets them."""
    return [card_of(actor, one) for one in choices(actor, directive)]


def card_of(actor: Actor, choice: Choice) -> Card:
    """An assignment with its verbs as forms."""
    assignment = choice.standing.assignment
    deeds = deeds_of(choice.transitions, assignment)
    return Card(choice.standing, deeds, speaks_for_agency(actor, assignment))


def common(request: SignedRequest, directive: Directive, events: list[AssignmentEvent]) -> dict[str, Any]:
    """What both pages show of the order."""
    names = names_of([*(event.by for event in events), directive.entered_by, directive.verdict_by])
    done = request.GET.get("done", "")
    return {
        "directive": directive,
        "leader": leader_name(directive),
        "entered_by": names.get(directive.entered_by, directive.entered_by),
        "judged_by": names.get(directive.verdict_by, directive.verdict_by),
        "prompts": prompts_of(directive.prompted_by, request.actor),
        "story": _told(reversed(events), names),
        "done": next((event for event in events if str(event.pk) == done), None),
        "agencies": agency_choices(),
        "units": UNITS,
        "accepted": ",".join(ENDINGS),
        "typed": Typed(),
        "simulated": directive.is_simulated,
    }


def _told(events: Iterable[AssignmentEvent], names: Mapping[str, str]) -> list[Told]:
    return [Told(event, names.get(event.by, event.by)) for event in events]


def _supports(card: Card) -> bool:
    gone = (Status.CANCELLED, Status.RETURNED)
    return not card.standing.assignment.is_lead and card.standing.status not in gone


def _comes_round(directive: Directive) -> bool:
    return bool((directive.series or directive).recurrence)


def _audit(actor: Actor, directive: Directive) -> list[AuditEntry]:
    if not actor.may("audit"):
        return []
    subjects = [directive.subject, *(one.subject for one in directive.assignments.all())]
    return list(AuditEntry.objects.filter(subject__in=subjects).order_by("id"))
