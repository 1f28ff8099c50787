"""Whether two figures of a unit may be set side by side: map, definition, completeness, and a base at all."""

from datetime import date
from functools import lru_cache
from typing import Any

from vamco.geography.comparability import Comparability, MapVerdict, Verdict, compare_maps
from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.vocabulary.observation import ObservationStatus


def verdict_on(figure: Figure, base: Figure) -> Verdict:
    """The verdict on a figure and its base, which stands on the same map."""
    for one in (figure, base):
        if one.value is None:
            return _without_value(one)
    if figure.definition_version != base.definition_version:
        versions = [base.definition_version, figure.definition_version]
        return not_comparable("reason_other_definition", base, versions=versions)
    for one in (figure, base):
        if one.status is ObservationStatus.PARTIAL:
            return not_comparable("reason_partial", one)
    return _of_territory(figure, base)


def not_comparable(reason: str, figure: Figure, **details: Any) -> Verdict:
    """A verdict that gives no number, for a reason of this package."""
    named = {"period": figure.period.title.as_dict(), **details}
    return Verdict(Comparability.NOT_COMPARABLE, f"indicators.{reason}", named)


def _without_value(figure: Figure) -> Verdict:
    if figure.reason:
        return Verdict(Comparability.NOT_COMPARABLE, figure.reason.key, figure.reason.details)
    return not_comparable(f"reason_{figure.status.value}", figure)


def _of_territory(figure: Figure, base: Figure) -> Verdict:
    """What geography says of the base's territory and the figure's; what rests on weights is an estimate."""
    territory = territory_now()
    days = (territory.map_of(base.period.end_on), territory.map_of(figure.map_on))
    of_units = _compared(territory.register, *sorted(days), figure.level).units
    said = of_units.get(figure.unit_id)
    if figure.is_estimated or base.is_estimated:
        if said and said.comparability is Comparability.ESTIMATE:
            return said
        share = max(figure.estimated_share, base.estimated_share)
        details = {"share": round(share * 100, 1), "period": base.period.title.as_dict()}
        return Verdict(Comparability.ESTIMATE, "indicators.reason_estimated", details)
    if said and said.comparability is Comparability.COMPARABLE:
        return said
    return Verdict(Comparability.COMPARABLE, "indicators.reason_exact")


@lru_cache(maxsize=256)
def _compared(register: Register, first: date, last: date, level: Level) -> MapVerdict:
    return compare_maps(register, first, last, level)
