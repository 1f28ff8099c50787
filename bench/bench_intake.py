"""A delivery of a million rows, one in a hundred bad in one of ten ways: checked, explained and accepted.

Our side is the whole worker's turn (read, check, receipt, rejects file, Parquet hashed and on the disk, one
transaction). Beside it in every round: DuckDB's bare `read_csv` → Parquet of the same file with its own
settings (as many threads, nothing hashed or synced), and the frictionless library on a slice, per row.
Told too: how long the bytes took to be received (copied, hashed, synced) before the turn, and processor
time, which other work on the machine disturbs less. Memory is the peak of a process that takes ten million rows.
"""

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.home import child

N_ROWS, N_SLICE, N_TIMES = 1_000_000, 20_000, 3
BARE_LIMIT, FRICTIONLESS_LEAST, MEMORY_LIMIT = 3.0, 15.0, 1 << 30
STATUS = ("Đã giải quyết", "Đang xử lý", "Quá hạn", "Chờ bổ sung")
AGENCIES = ("Sở Y tế", "Sở Giáo dục và Đào tạo", "Ủy ban nhân dân phường Long An", "Công an tỉnh Tây Ninh")
HEADERS = (
    "Mã hồ sơ", "Ngày tiếp nhận", "Ngày trả", "Mã xã", "Cơ quan",
    "Trạng thái", "Số ca", "Chi phí", "Số điện thoại", "Trực tuyến",
)  # fmt: skip
FAULTS = (
    (0, ""), (1, "31/02/2026"), (2, "15/06/2569"), (3, "99999"), (4, "x" * 300),
    (5, "Không rõ"), (6, "12a"), (7, "-5"), (8, "12345"), (0, None),
)  # fmt: skip
"""Place and text of each fault; None repeats the key of the row before."""


def run():
    """Measure in a home of its own, so that no data of the installation is touched."""
    with tempfile.TemporaryDirectory(prefix="vamco-bench-") as home:
        times = child(home, "bench_intake", "times")
        return [*times, *child(home, "bench_intake", "memory")]


def contract():
    from vamco.packs.contract import Column, Contract, Drift, Kind, OpenData, UnitReference
    from vamco.vocabulary.text import Text

    facts = (
        {"kind": Kind.CODE, "required": True, "key_position": 1, "max_length": 20, "identifier": True},
        {"kind": Kind.DATE, "required": True},
        {"kind": Kind.DATE},
        {"kind": Kind.UNIT, "required": True, "unit": UnitReference("code", "commune")},
        {"kind": Kind.TEXT, "max_length": 200},
        {"kind": Kind.TEXT, "choices": STATUS},
        {"kind": Kind.INTEGER, "minimum": "0"},
        {"kind": Kind.DECIMAL, "minimum": "0"},
        {"kind": Kind.CODE, "pattern": "0[0-9]{9}"},
        {"kind": Kind.BOOLEAN},
    )
    columns = tuple(
        Column(f"c{n}", title=Text(h, h), **f) for n, (h, f) in enumerate(zip(HEADERS, facts, strict=True))
    )
    text = Text("Đo tốc độ", "Benchmark")
    return Contract(
        "bench.dossiers", "1", text, text, "bench", columns, (), Drift.FREEZE, None, (), OpenData("none"), None, Path("bench")
    )  # fmt: skip


def schema(communes):
    """The same contract for frictionless; its enumeration stands for our register of units."""
    constraints = (
        {"required": True, "unique": True, "maxLength": 20}, {"required": True}, {},
        {"required": True, "enum": communes}, {"maxLength": 200}, {"enum": list(STATUS)},
        {"minimum": 0}, {"minimum": 0}, {"pattern": "0[0-9]{9}"}, {},
    )  # fmt: skip
    types = ("string", "date", "date", "string", "string", "string", "integer", "number", "string", "boolean")
    fields = [
        {"name": h, "type": t, "constraints": c} for h, t, c in zip(HEADERS, types, constraints, strict=True)
    ]
    fields[1]["format"] = "%d/%m/%Y"
    fields[9] |= {"trueValues": ["có"], "falseValues": ["không"]}
    return {"fields": fields}


def write(path, n_rows, communes):
    chance = random.Random(7)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(",".join(HEADERS) + "\r\n")
        for number in range(n_rows):
            file.write(",".join(_row(number, chance, communes)) + "\r\n")


def _row(number, chance, communes):
    day = chance.randint(1, 30)
    row = [
        f"HS{number:09d}", f"{day:02d}/06/2026", f"2026-07-{day:02d}", chance.choice(communes),
        chance.choice(AGENCIES), chance.choice(STATUS), str(chance.randint(0, 5000)),
        f"{chance.random() * 1e6:.2f}", f"09{chance.randint(10_000_000, 99_999_999)}", chance.choice(("có", "không")),
    ]  # fmt: skip
    if number % 100 == 37:
        place, text = FAULTS[number // 100 % len(FAULTS)]
        row[place] = f"HS{number - 1:09d}" if text is None else text
    return row


def prepare():
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from vamco.geography.loading import province_register
    from vamco.geography.unit import Level
    from vamco.intake import contracts
    from vamco.packs.pack import Pack, Packs

    call_command("migrate", verbosity=0)
    register = province_register(settings.PROVINCES_DIR, settings.PROVINCE)
    communes = [unit.code for unit in register.units_on(date(2026, 6, 1), Level.COMMUNE)]
    made = contract()
    packs = Packs((Pack("bench", made.title, "bench", "1", (), (), (made,), Path("bench")),))
    contracts._loaded = lambda _folder: packs
    return communes


def deliver(path, period):
    """Seconds of a worker's turn over a delivery, and the delivery."""
    from vamco.accounts.policy import PROGRAM
    from vamco.intake.models import Channel
    from vamco.intake.receiving import receive
    from vamco.intake.worker import check_one

    arrived = time.perf_counter()
    with path.open("rb") as stream:
        received = receive(PROGRAM, "bench.dossiers", period, stream, path.name, Channel.COMMAND_LINE)
    began, worked = time.perf_counter(), time.process_time()
    delivery = check_one(received.delivery, "bench")
    seconds, of_processor = time.perf_counter() - began, time.process_time() - worked
    _tell(f"received in {began - arrived:.2f} s; checked and accepted in", seconds, of_processor)
    return seconds, delivery


def _tell(what, seconds, of_processor):
    print(f"  {what} {seconds:.2f} s ({of_processor:.2f} s of processor time)", file=sys.stderr)


def bare(path, target):
    import duckdb

    began, worked = time.perf_counter(), time.process_time()
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{target}' (FORMAT parquet)")
    seconds = time.perf_counter() - began
    _tell("bare in", seconds, time.process_time() - worked)
    return seconds


def validate(path, communes):
    """Seconds that frictionless takes for the same checks, and its report."""
    from frictionless import Resource, Schema
    from frictionless import system as frictionless

    described = Schema.from_descriptor(schema(communes))
    began, worked = time.perf_counter(), time.process_time()
    with frictionless.use_context(trusted=True):
        report = Resource(path=str(path), schema=described, encoding="utf-8-sig").validate(limit_errors=10**6)
    seconds = time.perf_counter() - began
    _tell(f"frictionless, {N_SLICE:,} rows, in", seconds, time.process_time() - worked)
    return seconds, report


def times(home):
    communes = prepare()
    path, small = home / "rows.csv", home / "slice.csv"
    write(path, N_ROWS, communes)
    write(small, N_SLICE, communes)
    deliver(small, "2025-08")  # imports, register and resolver are there once in a worker's life
    ours, peers, validations = [], [], []
    for n in range(N_TIMES):
        peers.append(bare(path, home / "bare.parquet"))
        seconds, delivery = deliver(path, f"2026-0{n + 1}")
        ours.append(seconds)
        assert delivery.receipt.n_rejected == N_ROWS // 100 + N_ROWS // 1000, delivery.receipt.n_rejected
        _assert_every_bad_row_is_named(delivery)
        seconds, report = validate(small, communes)
        validations.append(seconds)
    _, delivery = deliver(small, "2026-05")
    _assert_same_findings(delivery, report)
    per_row, theirs = statistics.median(ours) / N_ROWS, statistics.median(validations) / N_SLICE
    return [
        row(
            "a million rows checked and accepted, against bare read_csv to Parquet",
            statistics.median(ours),
            statistics.median(peers),
            BARE_LIMIT,
        ),
        {
            **row(
                "frictionless per row against ours, the same cells found",
                per_row,
                theirs,
                0,
            ),
            "ratio": theirs / per_row,
            "limit": FRICTIONLESS_LEAST,
            "ok": theirs / per_row >= FRICTIONLESS_LEAST,
        },
    ]


def _assert_every_bad_row_is_named(delivery):
    """Each by its own number: the bad rows, and the rows whose key they repeat."""
    from vamco.intake.report import all_errors

    bad = set(range(37, N_ROWS, 100))
    repeated = {n - 1 for n in bad if FAULTS[n // 100 % len(FAULTS)][1] is None}
    found = {error["rowNumber"] - 2 for error in all_errors(delivery.receipt)}
    assert found == bad | repeated, sorted(found ^ (bad | repeated))[:5]


def _assert_same_findings(delivery, report):
    """All that frictionless finds we find too; we refuse the first row of a repeated key as well."""
    from vamco.intake.report import all_errors

    theirs = {(number, field) for number, field in report.flatten(["rowNumber", "fieldName"])}
    ours = {
        (error["rowNumber"], error["fieldName"], error["reason"]) for error in all_errors(delivery.receipt)
    }
    first_of_key = {(number, field) for number, field, reason in ours if reason == "key_repeated"}
    found = {(number, field) for number, field, _ in ours}
    assert theirs <= found, sorted(theirs - found)[:5]
    assert found - theirs <= first_of_key, sorted(found - theirs - first_of_key)[:5]


def memory(home):
    prepare()
    big = home / "big.csv"
    with (home / "rows.csv").open("rb") as rows, big.open("wb") as file:
        header = rows.readline()
        file.write(header)
        begins = rows.tell()
        for n in range(10):
            rows.seek(begins)
            for line in rows:
                file.write(line.replace(b"HS0", b"HS%d" % n, 1))
    seconds, delivery = deliver(big, "2026-06")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"  10,000,000 rows: {seconds:.0f} s, {peak >> 20} MiB", file=sys.stderr)
    assert delivery.receipt.n_received == 10 * N_ROWS
    return [row("peak memory of ten million rows, against 1 GiB", peak, MEMORY_LIMIT, 1.0)]


def row(name, ours, peer, limit):
    ratio = ours / peer
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "limit": limit, "ok": ratio <= limit}


if __name__ == "__main__":
    from django.conf import settings as configured

    parts = {"times": times, "memory": memory}
    print(json.dumps(parts[sys.argv[1]](Path(configured.HOME))))
