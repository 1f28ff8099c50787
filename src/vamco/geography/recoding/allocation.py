"""Dividing a number into shares so that the parts add up to it exactly."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

N_DIGITS: Final = 9


def allocate(n_quanta: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole quanta for each share (the shares add up to 1), by largest remainder; first come first served."""
    wanted = [n_quanta * share for share in shares]
    parts = [amount.numerator // amount.denominator for amount in wanted]
    by_remainder = sorted(range(len(shares)), key=lambda i: parts[i] - wanted[i])
    for i in by_remainder[: n_quanta - sum(parts)]:
        parts[i] += 1
    return parts


def digits_needed(values: Iterable[int | Decimal]) -> int:
    """Digits after the point that hold every value exactly; no fewer than nine, for their shares."""
    return max([N_DIGITS, *(_digits(value) for value in values)])


def quanta(value: int | Decimal, digits: int) -> int:
    """The value counted in units of 10^-digits. Raises `ValueError` if it has more digits."""
    counted = Fraction(value) * Fraction(10) ** digits
    if counted.denominator != 1:
        raise ValueError(value)
    return int(counted)


def from_quanta(n_quanta: int, digits: int) -> Decimal:
    """The exact number, free of the context's precision and of trailing zeros."""
    while digits and n_quanta % 10 == 0:
        n_quanta, digits = n_quanta // 10, digits - 1
    return Decimal((int(n_quanta < 0), tuple(map(int, str(abs(n_quanta)))), -digits))


def _digits(value: int | Decimal) -> int:
    exponent = Decimal(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
