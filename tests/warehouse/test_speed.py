import pytest
from bench.bench_warehouse import run


@pytest.mark.slow
def test_a_thousand_small_deliveries_cost_the_same_each_and_nothing_after_compaction():
    """What is too slow three times in a row is too slow; once may be the machine's doing."""
    tries = ([row["name"] for row in run() if not row["ok"]] for _ in range(3))
    assert [] in tries
