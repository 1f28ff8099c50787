"""The ledger against the simplest thing that could be right: a list of what was there at each moment."""

import tempfile
from datetime import timedelta

import duckdb
import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.warehouse.deliveries import CASES, Deliveries, rows_of

from vamco.warehouse import ledger
from vamco.warehouse.cleaning import clean
from vamco.warehouse.compaction import compact
from vamco.warehouse.models import LedgerEntry, Version
from vamco.warehouse.verification import verify

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=3)


class Moments(RuleBasedStateMachine):
    """Accept, restate, replay, withdraw, compact and clean in any order; every past moment stays as it was."""

    live = Bundle("live")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.settings = override_settings(WAREHOUSE_URL=self.folder.name)
        self.settings.enable()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.deliver = Deliveries(duckdb.connect(config={"threads": 1}))
        self.present = {}
        self.past = []
        self.n_deliveries = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)
        self.deliver.connection.close()
        self.settings.disable()
        self.folder.cleanup()

    def _accept(self, rows, replaced=(), *, delivery_id=None, part=0):
        if delivery_id is None:
            self.n_deliveries += 1
            delivery_id = self.n_deliveries
        entry = self.deliver(delivery_id, rows, part=part, supersedes=replaced)
        for gone in replaced:
            del self.present[gone.seq]
        self.present[entry.seq] = [(delivery_id, part, n, *row) for n, row in enumerate(rows, start=1)]
        self._remember(entry.known_since_at)
        return entry

    def _remember(self, at):
        self.past.append((at, sorted(row for rows in self.present.values() for row in rows)))

    @rule(target=live, rows=ROWS)
    def accept(self, rows):
        return self._accept(rows)

    @rule(target=live, rows=ROWS, replaced=st.lists(consumes(live), min_size=1, max_size=2))
    def restate(self, rows, replaced):
        return self._accept(rows, replaced)

    @rule(target=live, rows=ROWS, entry=live)
    def replay(self, rows, entry):
        part = LedgerEntry.objects.filter(delivery_id=entry.delivery_id).count()
        return self._accept(rows, delivery_id=entry.delivery_id, part=part)

    @rule(entry=consumes(live))
    def withdraw(self, entry):
        version = ledger.supersede(CASES, [entry.seq], why="withdrawn")
        del self.present[entry.seq]
        self._remember(version.at)

    @rule()
    def compact_and_clean(self):
        if self.past:
            compact(CASES)
            clean(grace=timedelta(0), leftover_age=timedelta(0))

    @invariant()
    def every_moment_reads_as_it_was(self):
        if not self.past:
            return
        assert rows_of() == self.past[-1][1]
        for at, rows in self.past:
            assert rows_of(as_known_at=at) == rows
        assert verify().faults == ()
        assert verify().leftovers == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "n_examples", [pytest.param(2, id="few"), pytest.param(25, marks=pytest.mark.slow, id="many")]
)
def test_every_past_moment_reads_as_it_was_through_restatement_replay_and_compaction(n_examples):
    run_state_machine_as_test(
        Moments, settings=hypothesis_settings(max_examples=n_examples, stateful_step_count=8, deadline=None)
    )
    assert Version.objects.count() == 0
