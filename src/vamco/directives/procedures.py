"""What is usually ordered when an alert of a kind fires: a proposal, which becomes an order when somebody issues it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from vamco.directives.agencies import communes_by_agency
from vamco.directives.drafts import AssignmentDraft, term
from vamco.geography.unit import Level
from vamco.indicators.declared import packs
from vamco.indicators.territory import territory_now
from vamco.packs.procedure import COMMUNE, Procedure, UsualAssignment
from vamco.vocabulary.messages import Language
from vamco.worktime.policy import Unit

Labels = Mapping[str, str]
"""Labels of an alert; `unit` is the code or the id of the unit that it is about."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a procedure proposes for one alert, in the words of one language; nothing is kept of it."""

    procedure: Procedure
    title: str
    text: str
    assignments: tuple[AssignmentDraft, ...]


def proposal_for(
    rule_id: str, labels: Labels, language: Language = "vi", on: date | None = None
) -> Proposal | None:
    """The proposal of the first procedure that answers the rule; None where no pack has one."""
    found = procedures_for(rule_id)
    return propose(found[0], labels, language, on) if found else None


def procedures_for(rule_id: str) -> list[Procedure]:
    """The procedures that answer the rule, those of its own pack first."""
    answering = [one for one in packs().procedures if rule_id in one.rules]
    return sorted(answering, key=lambda one: one.pack != rule_id.partition(".")[0])


def propose(
    procedure: Procedure, labels: Labels, language: Language = "vi", on: date | None = None
) -> Proposal:
    """The procedure's words and assignments for the unit of the labels.

    An assignment of the commune falls to its People's Committee; of an alert about the whole province it is left out.
    """
    on = on or timezone.localdate()
    code = labels.get("unit", "").partition("@")[0]
    drafts = (_draft(one, code, language, on) for one in procedure.assignments)
    place = _place(code, on)
    return Proposal(
        procedure,
        _about(procedure.title.in_(language), place),
        _about(procedure.text.in_(language), place),
        tuple(draft for draft in drafts if draft is not None),
    )


def _draft(usual: UsualAssignment, code: str, language: Language, on: date) -> AssignmentDraft | None:
    agency = _committee(code, on) if usual.agency == COMMUNE else usual.agency
    if agency is None:
        return None
    deadline = term(Unit(usual.unit), usual.amount)
    text = _about(usual.text.in_(language), _place(code, on))
    return AssignmentDraft(agency, text, deadline, is_lead=usual.is_lead)


def _committee(code: str, on: date) -> str | None:
    return next((agency for agency, unit in communes_by_agency(on).items() if unit.code == code), None)


def _place(code: str, on: date) -> str:
    """The name of the unit; of none, the province's."""
    register = territory_now().register
    unit = register.find(code, on) if code else None
    return unit.name if unit else province_name(on)


def province_name(on: date) -> str:
    """The name of our province on that day's map."""
    territory = territory_now()
    (unit_id, *_) = territory.own(on, Level.PROVINCE)
    return territory.register.get(unit_id).name


def _about(text: str, place: str) -> str:
    return text.replace("{unit}", place)
