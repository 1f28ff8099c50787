"""Directives in words: status and timing, what is left of a deadline, verbs, sources and events."""

from collections.abc import Mapping
from typing import Any, Final

from django import template

from vamco.accounts.models import Agency
from vamco.directives.effect import Judgement
from vamco.directives.follow_up import Tally
from vamco.directives.models import AssignmentEvent, Directive
from vamco.directives.reading import Standing
from vamco.directives.timing import Light, Timing
from vamco.directives.transitions import Status, Verb
from vamco.indicators.declared import packs
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import catalogue, say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day, number
from vamco.worktime.policy import ClockPolicy, Unit

register = template.Library()

_TIMING_LEVELS: Final = {
    Timing.NOT_DUE: "quiet",
    Timing.DUE_SOON: "attention",
    Timing.OVERDUE: "critical",
    Timing.DONE_EARLY: "good",
    Timing.DONE_ON_TIME: "good",
    Timing.DONE_LATE: "serious",
    Timing.NOT_COUNTED: "dot",
}
_LIGHT_LEVELS: Final = {
    Light.GREEN: "good",
    Light.AMBER: "attention",
    Light.RED: "critical",
    Light.NONE: "dot",
}
_JUDGED_LEVELS: Final = {
    Judgement.MOVED: "good",
    Judgement.DID_NOT_MOVE: "serious",
    Judgement.TOO_EARLY: "waiting",
    Judgement.NOT_COMPARABLE: "dot",
}
_LOOKS: Final[Mapping[str, str]] = {
    Verb.RETURN: "attention",
    Verb.ASK_EXTENSION: "attention",
    Verb.REQUEST_EXPLANATION: "attention",
    Verb.SEND_BACK: "serious",
    Verb.REOPEN: "serious",
    Verb.CANCEL: "serious",
    Verb.CONFIRM: "now",
}
_RESTS: Final = (Status.COMPLETED, Status.CANCELLED)


def _say(key: str, **details: object) -> str:
    return say(f"web.directive_{key}", language_now(), **details)


def _of_engine(key: str, **details: object) -> str:
    return say(f"directives.{key}", language_now(), **details)


@register.filter
def status_word(status: str) -> str:
    """How far the work is."""
    return _of_engine(f"status_{status}")


@register.filter
def timing_word(timing: Timing) -> str:
    """How it stands to its deadline."""
    return _of_engine(f"timing_{timing}")


@register.inclusion_tag("shell/badge.html")
def timing_badge(standing: Standing) -> dict[str, str]:
    """The timing with its shape and word."""
    return {"level": _TIMING_LEVELS[standing.timing], "words": timing_word(standing.timing)}


@register.inclusion_tag("shell/badge.html")
def light_badge(tally: Tally) -> dict[str, str]:
    """The traffic light of an agency or leader."""
    return {"level": _LIGHT_LEVELS[tally.light], "words": _of_engine(f"light_{tally.light}")}


@register.inclusion_tag("shell/badge.html")
def judgement_badge(judgement: Judgement) -> dict[str, str]:
    """What is said of the effect."""
    return {"level": _JUDGED_LEVELS[judgement], "words": _of_engine(f"effect_{judgement}").rstrip(".")}


@register.filter
def verb_word(verb: str) -> str:
    """What somebody does, or did, with an assignment."""
    return _of_engine(f"verb_{verb}")


@register.filter
def note_word(verb: str) -> str:
    """What to write with the verb."""
    key = f"note_{verb}"
    return _say(key if f"directive_{key}" in catalogue("web") else "note")


@register.filter
def verdict_of_leader(verdict: str) -> str:
    """The leader's verdict."""
    return _of_engine(f"verdict_{verdict}")


@register.filter
def remaining_words(standing: Standing) -> str:
    """What is left of the deadline in its own unit, or by how much it is past; nothing where the work is over."""
    if standing.status in _RESTS or standing.timing is Timing.NOT_COUNTED:
        return ""
    left, unit = standing.reading.remaining, Unit(standing.assignment.policy["unit"])
    if standing.reading.is_overdue:
        return _say("past", amount=_span(-left, unit))
    said = _say("left", amount=_span(left, unit))
    return _say("halted", said=said) if standing.reading.is_paused else said


def _span(amount: float, unit: Unit) -> str:
    if amount < 1:
        return _say("less_than", amount=amount_words(1, unit))
    return amount_words(amount if unit.in_days else round(amount, 1), unit)


@register.simple_tag
def amount_words(amount: float, unit: str) -> str:
    """So much time: 5 ngày làm việc."""
    places = 0 if float(amount).is_integer() else 1
    return say(f"worktime.amount_{Unit(unit)}", language_now(), n=number(amount, places))


@register.filter
def policy_words(policy: Mapping[str, Any]) -> str:
    """How the deadline is counted."""
    return ClockPolicy.from_dict(policy).in_words(language_now())


@register.filter
def agency_name(agency: Agency) -> str:
    """The agency in the reader's language."""
    return agency.name_en if language_now() == "en" else agency.name_vi


@register.filter
def source_words(directive: Directive) -> str:
    """Where the words of the order stand: a document with its number, or what was said, and who signed."""
    told = {"on": day(directive.issued_on), "signer": directive.signer, "number": directive.document_no}
    return _say(f"source_{directive.source_kind}", **told)


@register.filter
def recurrence_words(directive: Directive) -> str:
    """How often it comes round, and until when."""
    said = _say(f"recurs_{directive.recurrence}")
    until = directive.recurs_until_on
    return _say("recurs_until", said=said, on=day(until)) if until else said


@register.simple_tag
def event_details(event: AssignmentEvent) -> str:
    """What an event says beside its note: time asked for or given."""
    amount, policy = event.details.get("amount"), event.assignment.policy
    return f"+{amount_words(amount, policy['unit'])}" if amount else ""


@register.simple_tag
def unit_word_of(unit: str) -> str:
    """What a deadline is counted in."""
    return _say(f"unit_{Unit(unit)}")


@register.filter
def next_words(status: str) -> str:
    """What happens next, for whoever has done their part."""
    return _say(f"next_{status}")


@register.filter
def event_look(verb: str) -> str:
    """How the line of a story is drawn."""
    return _LOOKS.get(verb, "")


@register.filter
def verbs_of(card: Any) -> frozenset[str]:
    """The verbs that the reader may do with it now."""
    return frozenset(deed.verb for deed in card.deeds)


@register.simple_tag
def is_typed(error_at: int | None, assignment: int, typed: Any, deed: Any) -> bool:
    """Whether what was refused was written in the form of that verb."""
    return error_at == assignment and typed.verb == deed.verb


@register.filter
def procedure_title(procedure_id: str) -> str:
    """The procedure by its title; by its id where no pack declares it any more."""
    try:
        return packs().procedure(procedure_id).title.in_(language_now())
    except NotFound:
        return procedure_id
