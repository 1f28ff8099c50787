"""The deliveries that a figure rests on, as the passport lists them."""

from dataclasses import dataclass
from typing import Any, Final

from vamco.indicators.passport import Passport
from vamco.indicators.supply_of import datasets_behind
from vamco.intake.models import Delivery, Receipt
from vamco.intake.simulated import holds_simulated

N_LISTED: Final = 60  # of a province's stock there may be hundreds; the newest say most


@dataclass(frozen=True, slots=True)
class Rested:
    """A delivery with the rows of it that count, in the numerator and the denominator together.

    `score` is the quality score of its last check, 0–100.
    """

    delivery: Delivery
    n_rows: int
    score: float | None

    def as_dict(self) -> dict[str, Any]:
        """The delivery as JSON can carry it."""
        return {
            "id": self.delivery.pk,
            "dataset": self.delivery.contract_id,
            "agency": self.delivery.agency,
            "period": self.delivery.period,
            "received_at": self.delivery.received_at.isoformat(),
            "n_rows": self.n_rows,
            "score": self.score,
            "is_simulated": self.delivery.is_simulated,
        }


@dataclass(frozen=True, slots=True)
class Resting:
    """The newest of the deliveries, newest first, and how many there are in all."""

    shown: tuple[Rested, ...]
    n_all: int
    is_simulated: bool

    @property
    def n_more(self) -> int:
        """How many are not listed."""
        return self.n_all - len(self.shown)


def resting_on(passport: Passport) -> Resting:
    """What the figure itself rests on; what a formula's inputs rest on, their own passports say."""
    counted: dict[int, int] = {}
    for side in passport.sides:
        for key, n_rows in side.deliveries.items():
            counted[key] = counted.get(key, 0) + n_rows
    known = Delivery.objects.filter(pk__in=counted)
    newest = list(known.order_by("-received_at", "-pk")[:N_LISTED])
    scores = _scores(newest)
    return Resting(
        tuple(Rested(delivery, counted[delivery.pk], scores.get(delivery.pk)) for delivery in newest),
        len(counted),
        known.filter(is_simulated=True).exists() or _is_simulated(passport),
    )


def _scores(deliveries: list[Delivery]) -> dict[int, float | None]:
    """The score of each delivery's last receipt."""
    found = Receipt.objects.filter(part__delivery__in=deliveries).order_by("pk")
    return dict(found.values_list("part__delivery_id", "score"))


def _is_simulated(passport: Passport) -> bool:
    """Whether what a formula takes, or a figure that is hidden rests on, was made up."""
    return not passport.sides and holds_simulated(datasets_behind(passport.indicator))
