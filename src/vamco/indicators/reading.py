"""Figures read from the observation ledger: on any map, as known at any moment, by any definition."""

from vamco.indicators.figure import Figure
from vamco.indicators.question import Question


def figures(  # noqa: ARG001
    question: Question, *, sees_cells: bool = False
) -> list[Figure]:
    """One figure for each period and unit asked for, period by period; nothing is left out.

    Where nothing is known, the figure says so: `MISSING`, `LATE` once the promise has passed,
    `NOT_APPLICABLE`, or `SUPPRESSED` where the count is small and the caller may not see cells.
    Raises `NotFound` where a code is not on the map, `Misused` where the indicator's periods do
    not tile a period.
    """
    raise NotImplementedError
