"""Recomputing observations from what their passports name: the data of their moment, the definition, the map."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isclose
from typing import Any, Final

from vamco.indicators import derived
from vamco.indicators.computing import compute, jobs
from vamco.indicators.declarations import datasets, fingerprint
from vamco.indicators.declared import packs
from vamco.indicators.models import Observation, Reach, Run
from vamco.indicators.row import Row
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import Territory, territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

_EXACT: Final = 1e-9
_COMPARED: Final = ("numerator", "denominator", "value", "status", "n_rows", "n_excluded", "coverage")


class Outcome(StrEnum):
    """What came of recomputing an observation."""

    SAME = "same"
    DIFFERENT = "different"
    REDEFINED = "redefined"  # its declaration is no longer the one it was computed by
    ERASED = "erased"  # retention has erased rows that it rests on


@dataclass(frozen=True, slots=True)
class Verified:
    """An observation, and how its recomputation differs: column → (stored, recomputed)."""

    observation: Observation
    outcome: Outcome
    differences: Mapping[str, tuple[Any, Any]]


def verify(sample: int) -> Iterator[Verified]:
    """Recompute so many live observations, drawn at random, or all when there are fewer."""
    drawn = Observation.objects.filter(superseded_at=None).order_by("?")[:sample]
    yield from verify_these(
        Observation.objects.filter(pk__in=[row.pk for row in drawn]).select_related("run")
    )


def verify_these(observations: Iterable[Observation]) -> Iterator[Verified]:
    """Recompute these live observations; those of one run and indicator together."""
    groups: defaultdict[tuple[int, str], list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[observation.run_id, observation.indicator].append(observation)
    declared = {indicator.id: indicator for indicator in packs().indicators}
    for (_, name), group in groups.items():
        indicator, run = declared.get(name), group[0].run
        if indicator is None or not _is_as_declared(indicator, run):
            yield from (Verified(observation, Outcome.REDEFINED, {}) for observation in group)
        else:
            yield from _verified(indicator, run, group)


def _is_as_declared(indicator: Indicator, run: Run) -> bool:
    """Whether the figures of the run were made by the declaration and on the map that hold now."""
    reaches = Reach.objects.filter(indicator=indicator.id)
    same = all(reach.declaration_sha256 == fingerprint(indicator) for reach in reaches)
    return same and run.register_version == territory_now().register.version


def _verified(indicator: Indicator, run: Run, group: list[Observation]) -> Iterator[Verified]:
    try:
        rows = _recomputed(indicator, run, territory_now(), {Period.parse(row.period) for row in group})
    except Refused as error:
        if error.key != "warehouse.history_erased":
            raise
        yield from (Verified(observation, Outcome.ERASED, {}) for observation in group)
        return
    for observation in group:
        row = rows.get((observation.unit_id, observation.period, observation.breakdown))
        found = dict(_differences(observation, row))
        yield Verified(observation, Outcome.DIFFERENT if found else Outcome.SAME, found)


def _recomputed(
    indicator: Indicator, run: Run, territory: Territory, periods: set[Period]
) -> dict[tuple[str, str, str], Row]:
    if datasets(indicator):
        found = compute(Snapshot.then(run.data_at), territory, jobs([(indicator, periods)]))
    else:
        found = derived.rows_of(indicator, periods)
    return {(row.unit_id, row.period, row.breakdown): row for row in found}


def _differences(observation: Observation, row: Row | None) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in _COMPARED:
        stored, again = getattr(observation, name), _of(row, name, observation)
        if not _is_same(stored, again):
            yield name, (stored, again)


def _of(row: Row | None, name: str, observation: Observation) -> Any:
    """A figure that data no longer give is missing; a part that no row names is nothing of its whole."""
    if row is not None:
        return getattr(row, name)
    if observation.status == ObservationStatus.MISSING or observation.breakdown:
        return getattr(observation, name) if not observation.n_rows else None
    return None


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=_EXACT, abs_tol=1e-12)
    return bool(one == other)
