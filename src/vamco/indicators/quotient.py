"""What a numerator and a denominator say together: the value, and its status."""

from dataclasses import dataclass

from vamco.indicators.tally import Tally
from vamco.vocabulary.observation import ObservationStatus

_N, _E = ObservationStatus.NORMAL.value, ObservationStatus.ESTIMATED.value
_P, _M = ObservationStatus.PARTIAL.value, ObservationStatus.MISSING.value
_NA = ObservationStatus.NOT_APPLICABLE.value


@dataclass(frozen=True, slots=True)
class Judge:
    """What a numerator and a denominator say together; a rate over territories that do not match is none."""

    per: float
    coverage: float
    is_rate: bool
    is_same: bool  # the denominator lacks what the numerator lacks

    def __call__(self, above: Tally, below: Tally | None) -> tuple[float | int | str | None, ...]:
        """The columns of a row from numerator to estimated share."""
        number, n_rows, n_excluded, is_partial, share = above
        if not self.is_rate:
            value = None if number is None else number * self.per
            status = _M if value is None else self._status(share, is_partial=is_partial)
            return number, None, value, status, n_rows, n_excluded, self.coverage, share
        under = None if below is None else below.value
        if below is not None:
            share = max(share, below.estimated_share)
        value, status = self._rate(above, below, share)
        return number, under, value, status, n_rows, n_excluded, self.coverage, share

    def _rate(self, above: Tally, below: Tally | None, share: float) -> tuple[float | None, str]:
        if above.value is None or below is None or below.value is None:
            return None, _M
        if above.is_partial != below.is_partial or (below.is_partial and not self.is_same):
            return None, _M
        if below.value == 0:
            return None, _NA
        return above.value / below.value * self.per, self._status(share, is_partial=above.is_partial)

    def _status(self, share: float, *, is_partial: bool) -> str:
        if is_partial or self.coverage < 1:
            return _P
        return _E if share else _N
