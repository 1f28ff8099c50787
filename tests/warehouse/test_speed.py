import pytest
from bench.bench_warehouse import run


@pytest.mark.slow
def test_a_thousand_small_deliveries_cost_the_same_each_and_nothing_after_compaction():
    assert [row["name"] for row in run() if not row["ok"]] == []
