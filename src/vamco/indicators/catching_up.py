"""Bringing figures up to the delivery ledger: only what changed since, as soon as it is accepted.

How far each indicator has come is written with its figures, in one transaction: a crash leaves figures
of an earlier state that the next turn brings up, and of two processes that work out the same one writes.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from vamco.indicators import derived
from vamco.indicators.computing import compute, jobs
from vamco.indicators.declarations import datasets, fingerprint, fingerprint_of_all
from vamco.indicators.declared import packs
from vamco.indicators.digests import recorded_periods
from vamco.indicators.leasing import is_left_to_another
from vamco.indicators.ledger import lock, record
from vamco.indicators.models import Observation, Reach, Run, Why
from vamco.indicators.reached import State, states
from vamco.indicators.row import Row
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import Territory, territory_now
from vamco.indicators.touched import Changes, Touched, every_period
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.period import Period
from vamco.warehouse.models import Dataset

_log = logging.getLogger(__name__)
_MOST_FIGURES: Final = 100_000  # written in one transaction, so that others who write wait seconds at most
_UNITS, _PARTS = 100, 5  # of a figure, roughly


@dataclass
class Step:
    """What is to be done for one indicator; `before` is how far it had come with each dataset."""

    indicator: Indicator
    before: dict[str, State]
    touched: Touched
    why: Why | None = None  # of everything; None where it depends on the deliveries
    is_asked_for: bool = False  # by hand, not because a delivery came

    @property
    def n_figures(self) -> int:
        """About how many figures it will give."""
        return len(self.touched.periods) * _UNITS * (1 + _PARTS * len(self.indicator.breakdowns))

    def reason(self, period: Period) -> Why:
        """Why figures of the period change, where they do."""
        return self.why or (Why.RESTATED if period in self.touched.restated else Why.LATE_ROWS)


@dataclass
class Done:
    """What a turn brought."""

    run: Run | None = None
    changed: defaultdict[str, set[Period]] = field(default_factory=lambda: defaultdict(set))


def catch_up(holder: str = "") -> Done:
    """Bring every indicator up to the ledger as it is now; nothing is done when all of them are.

    Nothing is done either while another than `holder` has the figures to itself.
    """
    if is_left_to_another(holder):
        return Done()
    snapshot, territory = Snapshot.now(), territory_now()
    measured = [indicator for indicator in packs().indicators if datasets(indicator)]
    done = _bring_up(snapshot, territory, list(_behind(snapshot, territory, measured)))
    _derive(done, _redefined())
    return done


def compute_anew(indicators: Sequence[Indicator]) -> Done:
    """Compute all periods of these indicators, whatever was computed before."""
    snapshot, territory = Snapshot.now(), territory_now()
    known = states()
    steps = [
        Step(one, known[one.id], Touched(every_period(snapshot, one)), is_asked_for=True)
        for one in indicators
        if datasets(one)
    ]
    done = _bring_up(snapshot, territory, steps)
    _derive(done, [one for one in indicators if not datasets(one)])
    return done


def _behind(snapshot: Snapshot, territory: Territory, indicators: Iterable[Indicator]) -> Iterator[Step]:
    changed = dict(Dataset.objects.values_list("name", "changed_seq"))
    changes, known = Changes(snapshot), states()
    for indicator in indicators:
        before = {dataset: known[indicator.id].get(dataset, State()) for dataset in datasets(indicator)}
        is_anew, why = _is_anew(indicator, territory, before.values())
        behind = [
            name for name, state in before.items() if min(changed.get(name, 0), snapshot.seq) > state.seq
        ]
        if is_anew:
            yield Step(indicator, before, Touched(every_period(snapshot, indicator)), why)
        elif behind:
            step = Step(indicator, before, Touched())
            for dataset in behind:
                step.touched.add(changes.touched(indicator, dataset, before[dataset].seq))
            yield step


def _is_anew(indicator: Indicator, territory: Territory, before: Iterable[State]) -> tuple[bool, Why | None]:
    """Whether all figures are to be computed, and why they change where they do."""
    states = list(before)
    if any(state.fingerprint != fingerprint(indicator) for state in states):
        is_known = any(state.fingerprint for state in states)
        return True, Why.NEW_DEFINITION if is_known else None
    if any(state.register != territory.register.version for state in states):
        return True, Why.NEW_MAP
    return False, None


def _bring_up(snapshot: Snapshot, territory: Territory, steps: list[Step]) -> Done:
    done = Done()
    if not steps:
        return done
    if any(step.touched.periods for step in steps):
        done.run = _run(snapshot, territory)
    for batch in _batches(steps):
        rows, faulty = _computed(snapshot, territory, batch)
        _write(done, snapshot, territory, batch, rows, faulty)
    if done.run is not None:
        done.run.finished_at = timezone.now()
        done.run.save()
    return done


def _computed(
    snapshot: Snapshot, territory: Territory, steps: list[Step]
) -> tuple[dict[str, list[Row]], set[str]]:
    """The rows of each indicator, and the indicators whose declaration does not fit the data."""
    try:
        return _rows(snapshot, territory, steps), set()
    except VamcoError:
        rows: dict[str, list[Row]] = {}
        faulty = set()
        for step in steps:
            try:
                rows |= _rows(snapshot, territory, [step])
            except VamcoError as error:
                _log.error("%s: %s", step.indicator.id, error)
                faulty.add(step.indicator.id)
        return rows, faulty


def _rows(snapshot: Snapshot, territory: Territory, steps: list[Step]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    wanted = [(step.indicator, step.touched.periods) for step in steps]
    for row in compute(snapshot, territory, jobs(wanted)):
        found[row.indicator].append(row)
    return found


def _batches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Steps that are computed together: over the same datasets, and not more figures than memory holds."""
    batch: list[Step] = []
    n_figures = 0
    for step in sorted(steps, key=lambda step: sorted(step.before)):
        if batch and n_figures + step.n_figures > _MOST_FIGURES:
            yield batch
            batch, n_figures = [], 0
        batch.append(step)
        n_figures += step.n_figures
    yield batch


def _write(
    done: Done,
    snapshot: Snapshot,
    territory: Territory,
    batch: list[Step],
    rows: dict[str, list[Row]],
    faulty: set[str],
) -> None:
    with transaction.atomic():
        lock()
        mine = _still_behind(batch)
        sound = [step for step in mine if step.indicator.id not in faulty and step.touched.periods]
        if done.run is not None and sound:
            recorded = record(
                done.run,
                [row for step in sound for row in rows.get(step.indicator.id, ())],
                scope={step.indicator.id: step.touched.periods for step in sound},
                reasons={
                    (step.indicator.id, str(period)): step.reason(period)
                    for step in sound
                    for period in step.touched.periods
                },
                at=_known_since(sound, snapshot),
            )
            done.run.n_computed += recorded.n_rows
            done.run.n_changed += recorded.n_changed
            for indicator, periods in recorded.changed.items():
                done.changed[indicator] |= periods
        _advance(mine, snapshot, territory)


def _known_since(steps: Iterable[Step], snapshot: Snapshot) -> datetime | None:
    """What deliveries bring is known since they were accepted; what anything else brings, since now."""
    return None if any(step.why or step.is_asked_for for step in steps) else snapshot.at


def _still_behind(batch: list[Step]) -> list[Step]:
    """The steps that no other process has taken meanwhile."""
    known = states()
    return [
        step
        for step in batch
        if all(known[step.indicator.id].get(d, State()) == s for d, s in step.before.items())
    ]


def _advance(steps: Iterable[Step], snapshot: Snapshot, territory: Territory) -> None:
    """Note that these indicators have come as far as the snapshot."""
    Reach.objects.bulk_create(
        (
            Reach(
                indicator=step.indicator.id,
                dataset=dataset,
                seq=snapshot.seq,
                declaration_sha256=fingerprint(step.indicator),
                register_version=territory.register.version,
            )
            for step in steps
            for dataset in datasets(step.indicator)
        ),
        batch_size=150,
        update_conflicts=True,
        unique_fields=["indicator", "dataset"],
        update_fields=["seq", "declaration_sha256", "register_version"],
    )


def _run(snapshot: Snapshot, territory: Territory) -> Run:
    return Run.objects.create(
        started_at=timezone.now(),
        data_at=snapshot.at,
        data_seq=snapshot.seq,
        register_version=territory.register.version,
        declarations_sha256=fingerprint_of_all(packs().indicators),
    )


def _redefined() -> list[Indicator]:
    """Indicators over other indicators whose formula is not the one that their figures were made by."""
    known = states()
    return [
        one
        for one in derived.derived_indicators()
        if known[one.id].get("", State()).fingerprint != fingerprint(one)
    ]


def _derive(done: Done, anew: Sequence[Indicator]) -> None:
    """Bring indicators over other indicators up to the last run whose figures they have not taken in."""
    last = Run.objects.aggregate(last=Max("pk"))["last"] or 0
    reach, _ = Reach.objects.get_or_create(indicator="", dataset="")
    if reach.seq >= last and not anew:
        return
    changed = _changed_since(reach.seq)
    for one in anew:
        for name in {i for d in one.definitions if d.formula for i in d.formula.inputs.values()}:
            changed[name] |= recorded_periods(name)
    run = done.run or _run(Snapshot.now(), territory_now())
    for indicator, periods in derived.recompute(run, changed).items():
        done.changed[indicator] |= periods
    done.run = run
    for one in anew:
        Reach.objects.update_or_create(
            indicator=one.id, dataset="", defaults={"declaration_sha256": fingerprint(one)}
        )
    _derived_up_to(reach.seq, max(last, run.pk))


def _derived_up_to(before: int, last: int) -> None:
    """Note how far we came; if another process came in between, both are done again."""
    ours = Reach.objects.filter(indicator="", dataset="")
    if not ours.filter(seq=before).update(seq=last):
        ours.update(seq=before)


def _changed_since(run_id: int) -> defaultdict[str, set[Period]]:
    found: defaultdict[str, set[Period]] = defaultdict(set)
    changed = Observation.objects.filter(run_id__gt=run_id).values_list("indicator", "period").distinct()
    for indicator, period in changed:
        found[indicator].add(Period.parse(period))
    return found
