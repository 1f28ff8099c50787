"""The assignment is the cheapest there is."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.geography.schematic.assignment import assign


@settings(deadline=None, max_examples=8)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=20), st.integers(1, 4), st.integers(0, 2))
def test_the_assignment_is_the_cheapest_of_all(numbers, n_rows, more):
    costs = np.resize(np.array(numbers, dtype=np.int64), (n_rows, n_rows + more))
    chosen = assign(costs)
    every = [
        sum(costs[i, c] for i, c in enumerate(ways)) for ways in permutations(range(n_rows + more), n_rows)
    ]
    assert len(set(chosen)) == n_rows
    assert sum(costs[i, c] for i, c in enumerate(chosen)) == min(every)
