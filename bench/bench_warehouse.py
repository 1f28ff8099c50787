"""The delivery ledger under many small deliveries: commits stay as quick, and compaction pays it all back.

Ratios of two measurements of one run: what the machine is doing meanwhile hits both.
"""

import json
import statistics
import sys
import tempfile
import time
from datetime import date

from bench.home import child

N_DELIVERIES, N_ROWS, LIMIT = 1_000, 100, 1.5
COLUMNS = [("commune", "VARCHAR"), ("reported_on", "DATE"), ("n", "INTEGER")]
GIVEN = """CREATE OR REPLACE TABLE given AS SELECT i AS row_no, 'commune-' || (i * 7919) % 96 AS commune,
    DATE '2026-01-01' + (i % 300)::INTEGER AS reported_on, (i % 13)::INTEGER AS n FROM range({first}, {last}) r(i)"""
GROUPED = """SELECT commune, date_trunc('month', reported_on) AS month, count(*) AS n_rows, sum(n) AS n
    FROM bench.{name} GROUP BY commune, date_trunc('month', reported_on) ORDER BY commune, month"""


def run():
    """Measure in a home of its own, so that no data of the installation is touched."""
    with tempfile.TemporaryDirectory(prefix="vamco-bench-") as home:
        return child(home, "bench_warehouse")


def measured():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from vamco.warehouse.compaction import compact

    seconds = [deliver("small", n, n * N_ROWS, N_ROWS) for n in range(N_DELIVERIES)]
    deliver("whole", N_DELIVERIES, 0, N_DELIVERIES * N_ROWS)
    scattered, _ = asked("small", "whole", n_times=5)
    compact("bench.small")
    merged, whole = asked("small", "whole")
    early, late = quick(seconds[20:120]), quick(seconds[-100:])
    print(f"  grouped query over 1,000 files: {scattered / whole:.1f} times one delivery", file=sys.stderr)
    return [
        row("a delivery of 100 rows, the last 100 of 1,000 against the first 100", late, early),
        row("a grouped query over 1,000 compacted deliveries against one of the same rows", merged, whole),
    ]


def deliver(name, delivery_id, first, n_rows):
    import duckdb
    from django.db import transaction

    from vamco.warehouse import ledger
    from vamco.warehouse.schema import declare
    from vamco.warehouse.writing import stage

    connection = deliver.__dict__.setdefault("connection", duckdb.connect())
    connection.execute(GIVEN.format(first=first, last=first + n_rows))
    started = time.perf_counter()
    schema = declare(f"bench.{name}", COLUMNS, sort=["commune", "reported_on"])
    staged = stage(connection, "given", schema, delivery_id=delivery_id, n_rows=n_rows)
    day = date(2026, 1, 1)
    with transaction.atomic():
        ledger.record(ledger.Arrival(f"bench.{name}", delivery_id, 0, "2026", day, day), staged)
    return time.perf_counter() - started


def asked(*names, n_times=40):
    """Seconds of the grouped query over each dataset, taken in turns; the answers must agree."""
    from sqlglot import parse_one

    from vamco.warehouse.engine import engine

    queries = [parse_one(GROUPED.format(name=name), dialect="duckdb") for name in names]
    answers = [engine().table(query) for query in queries]
    assert all(answer.equals(answers[0]) for answer in answers)
    seconds = [[] for _ in names]
    for _ in range(n_times):
        for query, taken in zip(queries, seconds, strict=True):
            started = time.perf_counter()
            engine().table(query)
            taken.append(time.perf_counter() - started)
    return [quick(taken) for taken in seconds]


def quick(seconds):
    """The lower quartile: what it takes while nothing else has the processor."""
    return statistics.quantiles(seconds, n=4)[0]


def row(name, ours, peer):
    ratio = ours / peer
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "limit": LIMIT, "ok": ratio < LIMIT}


if __name__ == "__main__":
    json.dump(measured(), sys.stdout)
