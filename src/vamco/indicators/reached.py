"""How far each indicator has come with each of its datasets."""

from collections import defaultdict
from dataclasses import dataclass

from vamco.indicators.models import Reach


@dataclass(frozen=True, slots=True)
class State:
    """How far an indicator has come with a dataset, and under which declaration and map."""

    seq: int = -1
    fingerprint: str = ""
    register: str = ""


def states() -> defaultdict[str, dict[str, State]]:
    """Indicator → dataset → how far it has come."""
    found: defaultdict[str, dict[str, State]] = defaultdict(dict)
    for reach in Reach.objects.exclude(indicator=""):
        found[reach.indicator][reach.dataset] = _state(reach)
    return found


def _state(reach: Reach) -> State:
    return State(reach.seq, reach.declaration_sha256, reach.register_version)
