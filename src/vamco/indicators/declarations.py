"""What of an indicator's declaration its figures depend on."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from vamco.indicators import queries
from vamco.packs.indicator import Definition, Indicator


def datasets(indicator: Indicator) -> tuple[str, ...]:
    """The datasets that it reads, in any version; none when it is worked out from other indicators."""
    found = {measure.dataset for definition in indicator.definitions for measure in definition.measures}
    for definition in indicator.definitions:
        if definition.query is not None:
            found.update(queries.datasets(definition.query.file))
    return tuple(sorted(found))


def fingerprint(indicator: Indicator) -> str:
    """The SHA-256 of all that changes its figures: not its titles, bands and targets."""
    said = (
        indicator.id,
        indicator.period_type.value,
        indicator.level,
        [breakdown.column for breakdown in indicator.breakdowns],
        [_said(definition) for definition in indicator.definitions],
    )
    return sha256(repr(said).encode()).hexdigest()


def fingerprint_of_all(indicators: Iterable[Indicator]) -> str:
    """The same of many."""
    return sha256("".join(sorted(map(fingerprint, indicators))).encode()).hexdigest()


def _said(definition: Definition) -> str:
    query = (definition.query.text, *definition.query.columns) if definition.query else ""
    inputs = sorted(definition.formula.inputs.items()) if definition.formula else []
    formula = definition.formula.expression if definition.formula else ""
    bare = replace(definition, legal_basis=(), note=None, query=None, formula=None)
    return repr((bare, query, formula, inputs))
