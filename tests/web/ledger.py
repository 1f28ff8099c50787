"""Figures of the shipped indicators, written straight into the observation ledger."""

from tests.indicators.ledger import write

from vamco.indicators.declared import indicator_of

ON_TIME = "public-administration.on_time_received"
PROVINCE, BEFORE_TAY_NINH, BEFORE_LONG_AN = "80@2025-07-01", "72@1991-12-26", "80@1991-12-26"
LONG_AN_WARD = "27694@2025-07-01"


def said(
    indicator_id: str, unit_id: str, period: str, above: float | None, below: float | None = None, **more
):
    """A figure of that indicator."""
    return write(indicator_of(indicator_id), unit_id, period, above, below, **more)
