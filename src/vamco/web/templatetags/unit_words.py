"""Administrative units in words."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from vamco.geography.succession import Succession
from vamco.geography.unit import AdministrativeUnit, Kind, Level
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day, percent
from vamco.web.units.life import Kin
from vamco.web.units.maps import MarkedMap

register = template.Library()


@register.simple_tag
def unit_address(unit: AdministrativeUnit, on: date) -> str:
    """The page of the unit, on that day's map where the unit lived then."""
    seen_on = on if unit.is_valid_on(on) else unit.valid_from_on
    return f"{reverse('unit', args=[unit.code])}?{urlencode({'on': seen_on.isoformat()})}"


@register.simple_tag
def level_name(level: Level) -> str:
    """The level as people call it."""
    return say(f"geography.level_{level}", language_now())


@register.simple_tag
def kind_name(kind: Kind) -> str:
    """What the law calls the unit."""
    return say(f"geography.kind_{kind}", language_now())


@register.simple_tag
def schematic_label() -> str:
    """That this is no map of boundaries."""
    return say("geography.boundary_schematic_label", language_now())


@register.simple_tag
def map_title(shown: MarkedMap) -> str:
    """What the small map shows, and of which day."""
    return say(f"web.{shown.title}", language_now(), on=day(shown.on))


@register.simple_tag
def life_span(unit: AdministrativeUnit) -> str:
    """From its first day on; to its last day inclusive where it has ended."""
    if unit.valid_to_on is None:
        return say("web.since", language_now(), start=day(unit.valid_from_on))
    last = date.fromordinal(unit.valid_to_on.toordinal() - 1)
    return f"{day(unit.valid_from_on)} – {day(last)}"


@register.simple_tag
def share_of(edge: Succession) -> str:
    """How much of the old unit went over, with the basis where it is a measured part."""
    if edge.is_whole:
        return say("geography.share_whole", language_now())
    if edge.weight is None:
        return say("geography.share_unknown", language_now())
    basis = say(f"web.basis_{edge.basis}", language_now())
    return say("geography.share_part", language_now(), share=percent(edge.weight), basis=basis)


@register.simple_tag
def shared_edge(kin: Sequence[Kin]) -> Succession | None:
    """One of several edges that all rest on the same day and clause; None where they differ."""
    grounds = {(each.edge.effective_on, clause(each.edge)) for each in kin}
    return kin[0].edge if len(grounds) == 1 and len(kin) > 1 else None


@register.simple_tag
def clause(edge: Succession) -> str:
    """Where the law says so."""
    if not edge.article:
        return edge.resolution
    key = "geography.clause_full" if edge.clause else "geography.clause_article"
    return say(key, language_now(), clause=edge.clause, article=edge.article, resolution=edge.resolution)
