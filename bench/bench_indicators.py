"""Ten indicators over ten million dossiers, by month and commune, in a made-up province of 96 communes.

Recomputing all of them, comparison with the observation ledger included, stands beside the best SQL
that we can write by hand for the same numbers, on the same files and engine. Then a delivery of 10,000
rows comes, and what counts is the time from its acceptance until the new figures are in the ledger: at
ten thousand rows as at ten million, also where only the last state of each dossier counts.
"""

import csv
import json
import re
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

from bench.home import child

N_ROWS, N_DELIVERED, N_MONTHS, LIMIT, SECONDS_LIMIT = 10_000_000, 10_000, 30, 1.5, 2.0
COLUMNS = [
    ("dossier_code", "VARCHAR"), ("received_on", "DATE"), ("due_on", "DATE"), ("returned_on", "DATE"),
    ("place", "VARCHAR"), ("place__unit", "VARCHAR"), ("channel", "VARCHAR"), ("status", "VARCHAR"),
    ("fee", "BIGINT"), ("days", "BIGINT"),
]  # fmt: skip
GIVEN = """CREATE OR REPLACE TABLE given AS
    SELECT r.i - {first} AS row_no, 'H' || {code} AS dossier_code, {day} AS received_on,
        {day} + 10 AS due_on, CASE WHEN i % 7 > 0 THEN {day} + (i * 31 % 17)::INTEGER END AS returned_on,
        u.code AS place, u.unit_id AS place__unit,
        CASE WHEN i % 3 > 0 THEN 'online' ELSE 'counter' END AS channel,
        CASE WHEN i % 7 > 0 THEN 'returned' ELSE 'open' END AS status,
        (i % 11) * 1000 AS fee, i * 31 % 17 AS days
    FROM range({first}, {last}) r(i) JOIN units u ON u.no = (r.i * 7919) % {n_units}"""
BY_HAND = """SELECT date_trunc('month', received_on) AS month, {unit},
        count(*), count(*) FILTER (channel = 'online'), count(*) FILTER (status = 'returned'),
        count(*) FILTER (returned_on <= due_on), count(*) FILTER (returned_on > due_on), sum(fee),
        sum(fee) FILTER (channel = 'online'), sum(days) FILTER (status = 'returned'),
        count(*) FILTER (status = 'open'), count(*) FILTER (fee > 0), max(days)
    FROM read_parquet($files) GROUP BY ALL"""


def run():
    """Measure in a home of its own, so that no data of the installation is touched."""
    return _child("recompute", N_ROWS) + _child("delivery", N_DELIVERED) + _child("delivery", N_ROWS)


def _child(what, n_rows):
    with tempfile.TemporaryDirectory(prefix="vamco-bench-") as home:
        provinces = str(made_up_province(Path(home)))
        return child(home, "bench_indicators", what, n_rows, VAMCO_PROVINCES_DIR=provinces)


def made_up_province(home):
    """Today's map of the province, as if it had always been: the same 96 communes in every month."""
    folder, real = home / "provinces" / "tay-ninh", Path(__file__).parents[1] / "provinces"
    folder.mkdir(parents=True)
    (folder / "register.yaml").write_text('version: "bench"\n')
    lines = [line for place in ("vietnam", "tay-ninh") for line in open_csv(real / place / "units.csv")]
    kept = [line for line in lines if line["code"] in ("VN", "80") or line["parent_code"] == "80"]
    columns = list(lines[0])
    with (folder / "units.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for line in kept:
            if not line["valid_to_on"]:
                writer.writerow(line | {"valid_from_on": "2020-01-01"})
    with (real / "tay-ninh" / "succession.csv").open() as file:
        (folder / "succession.csv").write_text(file.readline())
    return folder.parent


def open_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def measured(what, n_rows):
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for number, period in enumerate(months()):
        deliver(number, period, n_rows // N_MONTHS)
    return recomputed(n_rows) if what == "recompute" else brought_up(n_rows)


def months():
    from vamco.vocabulary.period import Period

    period = Period.parse("2024-05")
    for _ in range(N_MONTHS):
        yield period
        period = period.next()


def deliver(number, period, n_rows, *, first=None, restates_code=None):
    """Deliver rows of the month to `bench.dossiers`; with `restates_code`, of dossiers of earlier months."""
    import duckdb
    from django.db import transaction

    from vamco.geography.unit import Level
    from vamco.indicators.territory import territory_now
    from vamco.warehouse import ledger
    from vamco.warehouse.schema import declare
    from vamco.warehouse.writing import stage

    connection = deliver.__dict__.setdefault("connection", duckdb.connect())
    units = territory_now().own(period.start_on, Level.COMMUNE)
    connection.execute("CREATE OR REPLACE TABLE units (no BIGINT, code VARCHAR, unit_id VARCHAR)")
    connection.executemany(
        "INSERT INTO units VALUES (?, ?, ?)", [(no, u.split("@")[0], u) for no, u in enumerate(units)]
    )
    start = number * n_rows if first is None else first
    n_days = (period.end_on - period.start_on).days + 1
    day = f"DATE '{period.start_on}' + (i % {n_days})::INTEGER"
    code = restates_code or "i"
    connection.execute(GIVEN.format(first=start, last=start + n_rows, day=day, code=code, n_units=len(units)))
    schema = declare("bench.dossiers", COLUMNS)
    staged = stage(connection, "given", schema, delivery_id=number, n_rows=n_rows)
    with transaction.atomic():
        arrival = ledger.Arrival("bench.dossiers", number, 0, str(period), period.start_on, period.end_on)
        ledger.record(arrival, staged)


def indicators(**facts):
    """Ten indicators by month and commune."""
    from vamco.packs.indicator import Additivity, Aggregation, Definition, Direction, Indicator, Measure
    from vamco.vocabulary.period_type import PeriodType
    from vamco.vocabulary.text import Text

    count = Measure("bench.dossiers", Aggregation.COUNT, time="received_on", unit="place", **facts)
    text = Text("Thử", "Trial")

    def where(condition):
        return replace(count, where=condition)

    def of(aggregation, column, condition=None):
        return replace(count, aggregation=aggregation, column=column, where=condition)

    declared = {
        "received": (count, None),
        "online_share": (where("channel = 'online'"), count),
        "returned": (where("status = 'returned'"), None),
        "on_time_share": (where("returned_on <= due_on"), where("status = 'returned'")),
        "overdue": (where("returned_on > due_on"), None),
        "fees": (of(Aggregation.SUM, "fee"), None),
        "online_fees": (of(Aggregation.SUM, "fee", "channel = 'online'"), None),
        "mean_days": (of(Aggregation.AVERAGE, "days", "status = 'returned'"), None),
        "open_share": (where("status = 'open'"), count),
        "paid_share": (where("fee > 0"), count),
    }
    return [
        Indicator(
            id=f"bench.{name}", title=text, short=text, question=text, agency="bench",
            period_type=PeriodType.MONTH, level="commune", unit_of_measure=text, direction=Direction.LOWER,
            over_units=Additivity.ADDITIVE, over_time=Additivity.ADDITIVE, source=Path("bench.yaml"),
            definitions=(Definition(1, date(2000, 1, 1), None, (), above, below),),
        )
        for name, (above, below) in declared.items()
    ]  # fmt: skip


def installed(made):
    """Make these the indicators of the installation."""
    from vamco.indicators import declared
    from vamco.packs.pack import Pack, Packs
    from vamco.vocabulary.text import Text

    pack = Pack(
        "bench", Text("Thử", "Trial"), "bench", "1", (), (), (), Path("bench"), indicators=tuple(made)
    )
    declared._loaded = lambda _folder: Packs((pack,))


def recomputed(n_rows):
    from vamco.indicators.catching_up import compute_anew
    from vamco.indicators.models import Observation

    made = indicators()
    installed(made)
    first = taken(lambda: compute_anew(made))
    n_figures = Observation.objects.count()
    ours, by_hand = [], {way: [] for way in product(("place", "place__unit"), (True, False))}
    for _ in range(5):
        ours.append(taken(lambda: compute_anew(made)))
        for way, seconds in by_hand.items():
            seconds.append(taken(lambda way=way: ask(*way)))
    assert Observation.objects.count() == n_figures
    best = min(map(quick, by_hand.values()))
    print(
        f"  {n_figures} figures; first time {first:.2f} s, again {quick(ours):.2f} s, by hand {best:.2f} s",
        file=sys.stderr,
    )
    name = f"ten indicators × {N_MONTHS} months recomputed at {n_rows:,} rows against SQL by hand"
    return [row(name, quick(ours), best, LIMIT)]


def ask(unit, by_filter):
    """The query by hand on the engine that ours runs on."""
    from vamco.warehouse import duck
    from vamco.warehouse.engine import sources

    files = list(sources(["bench.dossiers"])["bench.dossiers"].whole)
    query = BY_HAND.format(unit=unit)
    if not by_filter:
        query = re.sub(r"count\(\*\) FILTER \(([^)]*)\)", r"count_if(\1)", query)
    with duck.cursor() as cursor:
        return cursor.sql(query, params={"files": files}).to_arrow_table()


def brought_up(n_rows):
    from vamco.indicators.catching_up import catch_up
    from vamco.indicators.models import Observation

    states = [replace(one, id=f"{one.id}_now") for one in indicators(latest_by=("dossier_code",))]
    rows, last, delivery_id = [], list(months())[-1], 1000
    for name, made in (("", indicators()), (", last states only", states)):
        installed(made)
        catch_up()
        seconds = []
        for _ in range(3):
            delivery_id += 1
            first = n_rows + delivery_id * N_DELIVERED
            recent = max(1, n_rows // 10)  # of the last three months: older dossiers are returned
            spread = f"({n_rows - recent} + (i * 7919 + {delivery_id}) % {recent})"
            deliver(delivery_id, last, N_DELIVERED, first=first, restates_code=spread)
            before = Observation.objects.count()
            seconds.append(taken(catch_up))
            assert Observation.objects.count() > before
        said = f"from a delivery of {N_DELIVERED:,} rows to new figures at {n_rows:,} rows{name}, seconds"
        rows.append(row(said, quick(seconds), 1.0, SECONDS_LIMIT))
    return rows


def taken(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def quick(seconds):
    """The lower quartile: what it takes while nothing else has the processor."""
    return statistics.quantiles(seconds, n=4)[0]


def row(name, ours, peer, limit):
    ratio = ours / peer
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "limit": limit, "ok": ratio <= limit}


if __name__ == "__main__":
    json.dump(measured(sys.argv[1], int(sys.argv[2])), sys.stdout)
