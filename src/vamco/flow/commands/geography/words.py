"""Units and successions in words."""

from collections.abc import Iterator
from datetime import timedelta

from vamco.flow.command_line import language
from vamco.flow.figures import day, number
from vamco.geography.succession import Succession
from vamco.geography.unit import AdministrativeUnit
from vamco.vocabulary.messages import say


def facts(unit: AdministrativeUnit) -> Iterator[str]:
    """What the register says of the unit, fact by fact."""
    said = {
        "kind": say(f"geography.kind_{unit.kind}", language()).lower(),
        "lived": span(unit),
        "legal_basis": unit.legal_basis,
        "ended_by": unit.ended_by,
        "area": number(unit.area_km2_official) if unit.area_km2_official else "",
        "unverified": unit.unverified,
    }
    return (say(f"flow.unit_{name}", language(), value=value) for name, value in said.items() if value)


def span(unit: AdministrativeUnit) -> str:
    """From its first day on; to its last day inclusive where it has ended."""
    start = day(unit.valid_from_on)
    if unit.valid_to_on is None:
        return say("flow.life_open", language(), start=start)
    last = unit.valid_to_on - timedelta(days=1)
    return say("flow.life_closed", language(), start=start, last=day(last))


def share(edge: Succession) -> str:
    """How much of the old unit went over, with the basis where it is a measured part."""
    if edge.is_whole:
        return say("geography.share_whole", language())
    if edge.weight is None:
        return say("geography.share_unknown", language())
    basis = say(f"geography.basis_{edge.basis}", language())
    return say("geography.share_part", language(), share=f"{number(edge.weight * 100)} %", basis=basis)


def clause(edge: Succession) -> str:
    """Where the law says so."""
    if not edge.article and not edge.clause:
        return edge.resolution
    found = "full" if edge.article and edge.clause else "article" if edge.article else "alone"
    parts = {"clause": edge.clause, "article": edge.article, "resolution": edge.resolution}
    return say(f"geography.clause_{found}", language(), **parts)
