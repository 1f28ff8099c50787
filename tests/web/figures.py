"""An indicator over delivered rows, for pages that show where figures come from."""

from dataclasses import replace
from datetime import date

from tests.indicators import facts

from vamco.packs.indicator import Aggregation, Indicator, Measure

NOTIFIED = "health.notified_cases"
COMMUNE, HERE = "27694", "27694@2025-07-01"
BEFORE = "27691@2004-08-31"  # Phường 4, all of which became part of Phường Long An
_COLUMNS = (
    ("case_code", "VARCHAR"),
    ("disease_name", "VARCHAR"),
    ("onset_on", "DATE"),
    ("residence_unit", "VARCHAR"),
    ("residence_unit__unit", "VARCHAR"),
)
CASES: Indicator = facts.indicator(
    Measure(NOTIFIED, Aggregation.COUNT, time="onset_on", unit="residence_unit"), name="trial_cases"
)
DISCREET = replace(CASES, minimum_count=5)
facts.COLUMNS[NOTIFIED] = _COLUMNS


def ill(day: str, unit: str = HERE, **more: str) -> dict:
    """One notified case."""
    return {
        "case_code": "BN-077", "disease_name": "Sốt xuất huyết", "onset_on": date.fromisoformat(day),
        "residence_unit": unit.partition("@")[0], "residence_unit__unit": unit, **more,
    }  # fmt: skip
