"""The proof of a figure: what was recorded of it, recomputed now from the data of its moment."""

from dataclasses import dataclass
from typing import Any, Final

from vamco.indicators.figure import Figure
from vamco.indicators.models import Observation
from vamco.indicators.verifying import Outcome, Verified, verify_these

N_PROVED: Final = 40  # recorded figures; what rests on more of them is proved by the newest


@dataclass(frozen=True, slots=True)
class Proof:
    """How many recorded figures were recomputed, of how many, and those that came out otherwise."""

    n_recorded: int
    verified: tuple[Verified, ...]

    @property
    def n_proved(self) -> int:
        """How many were recomputed."""
        return len(self.verified)

    @property
    def others(self) -> tuple[Verified, ...]:
        """Those that did not give the same."""
        return tuple(one for one in self.verified if one.outcome is not Outcome.SAME)

    @property
    def holds(self) -> bool:
        """Whether something was recomputed and all of it came out the same."""
        return bool(self.verified) and not self.others

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON can carry it; of differences only where they lie, for the numbers may be hidden."""
        return {
            "n_recorded": self.n_recorded,
            "n_proved": self.n_proved,
            "holds": self.holds,
            "others": [
                {
                    "vintage": one.observation.pk,
                    "outcome": one.outcome.value,
                    "differs_in": sorted(one.differences),
                }
                for one in self.others
            ],
        }


def proof_of(figure: Figure) -> Proof:
    """Recompute the recorded figures that this one rests on."""
    newest = sorted(figure.vintages, reverse=True)[:N_PROVED]
    rows = Observation.objects.filter(pk__in=newest).select_related("run")
    return Proof(len(figure.vintages), tuple(verify_these(rows)))
