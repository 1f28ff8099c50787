"""JSON, NDJSON and Parquet as text that loses nothing."""

import datetime as dt
import io
import json
import time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.intake.reading.scanning import scan

from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable


def parquet(**columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b'[{"ma":"001","v":1.50},{"ma":"002","v":12345678901234567890}]',
        b'{"ok":true,"data":[{"ma":"001","v":1.50},{"ma":"002","v":12345678901234567890}],"n":2}',
        b'{"result":{"records":[{"ma":"001","v":1.50},{"ma":"002","v":12345678901234567890}]},"x":[1,2]}',
        b'{"ma":"001","v":1.50}\n\n{"ma":"002","v":12345678901234567890}\n',
        '[{"ma":"001","v":1.50},{"ma":"002","v":12345678901234567890}]'.encode("utf-16-le"),
        b'\xef\xbb\xbf [\n {"ma":"001",\n "v":1.50}, {"ma":"002","v":12345678901234567890} ]',
    ],
    ids=["array", "data", "nested", "lines", "utf-16", "pretty"],
)
def test_records_are_found_and_numbers_stay_as_written(read_bytes, raw):
    table = read_bytes(raw)
    assert table.columns == ("ma", "v")
    assert scan(table) == [("001", "1.50"), ("002", "12345678901234567890")]


def test_keys_may_be_missing_and_values_may_be_nested(read_bytes):
    table = read_bytes('[{"a":null,"b":true},{"c":{"x":[1.0,"Bình"]}}]'.encode())
    assert table.columns == ("a", "b", "c")
    assert scan(table) == [("", "true", ""), ("", "", '{"x":[1.0,"Bình"]}')]


def test_a_single_object_is_one_record(read_bytes):
    assert scan(read_bytes(b'{"ma":"01","so":5}\n')) == [("01", "5")]


def test_many_records_are_streamed(read_bytes):
    records = [{"ma": f"{i:06d}", "ten": "Tân An" * 20} for i in range(20_000)]
    table = read_bytes(json.dumps({"data": records}, ensure_ascii=False).encode())
    assert (table.n_rows, scan(table)[-1][0]) == (20_000, "019999")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'[{"a":1},{"b":', "read_broken"),
        (b'[{"a":1}] x', "read_json_no_records"),
        (b"[[1,2],[3,4]]", "read_json_no_records"),
        (b'{"meta":{"a":1},"b":2}', "read_json_no_records"),
        (b'{"a":[{"x":1}],"b":[{"y":2}]}', "read_json_many_tables"),
        (b'[{"a":1,"a":2}]', "read_json_repeated_key"),
        (b'{"a":1}\n{"a":}\n', "read_json_line"),
        (b'[{"a":' + b"[" * 100_000, "read_broken"),
        (b'[{"a":"\xff"}]', "read_broken"),
        (b'[{"a":"\\ud800"}]', "read_json_half_letter"),
        (b'[{"\\ud800":1}]', "read_json_half_letter"),
        (b'[{"\\ud800":1,"\\ud800":2}]', "read_json_repeated_key"),
        (b'[{"a":["\\udc00"]}]', "read_json_half_letter"),
    ],
)
def test_what_is_no_list_of_records_is_refused(read_bytes, raw, key):
    with pytest.raises(Unreadable, match=key):
        read_bytes(raw)


@pytest.mark.parametrize("n_spaces", [(1 << 20) - 9, (1 << 20) - 8, 3 << 20])
def test_white_space_may_stand_anywhere_between_the_pieces_read(read_bytes, n_spaces):
    assert scan(read_bytes(b'{"data":' + b" " * n_spaces + b'[{"a":1}]}')) == [("1",)]
    assert scan(read_bytes(b'{"data":[' + b" " * n_spaces + b'{"a":1}]}')) == [("1",)]


@pytest.mark.parametrize(
    ("start", "unit", "n_units", "key"),
    [
        pytest.param(b'{"meta":[', b"1,", 5_000_000, "read_json_too_much_beside", marks=pytest.mark.slow),
        (b"{", b'"a":1,', 2_000_000, "read_json_too_much_beside"),
        (b'{"a":1}\n', b"\n", 5_000_000, "read_json_too_much_beside"),
        (b"{", b" ", 30 << 20, "read_broken"),
        (b'[{"a":"', b"x", 30 << 20, "read_broken"),
    ],
    ids=["values", "names", "lines", "spaces", "one text"],
)
def test_json_without_an_end_is_refused_in_bounded_time(read_bytes, start, unit, n_units, key):
    started = time.process_time()
    with pytest.raises(Unreadable, match=key):
        read_bytes(start + unit * n_units)
    assert time.process_time() - started < 5


def test_parquet_values_become_text_without_loss(read_bytes):
    table = read_bytes(
        parquet(
            code=pa.array(["00123", None]),
            whole=pa.array([27694.0, 0.1]),
            big=pa.array([2**63 - 1, -1], pa.int64()),
            money=pa.array([Decimal("1.50"), Decimal("-0.05")], pa.decimal128(10, 2)),
            day=pa.array([dt.date(2025, 7, 1), None]),
            moment=pa.array([dt.datetime(2025, 7, 1, 8, 30), dt.datetime(2025, 7, 1, 8, 30, 0, 500_000)]),
            zoned=pa.array([dt.datetime(2025, 7, 1), None], pa.timestamp("ms", "Asia/Ho_Chi_Minh")),
            kind=pa.array(["a", "b"]).dictionary_encode(),
            flag=pa.array([True, None]),
            raw=pa.array([b"x", b"\xff"]),
            nested=pa.array([{"a": [1]}, None]),
        )
    )
    assert scan(table) == [
        (
            "00123",
            "27694",
            "9223372036854775807",
            "1.50",
            "2025-07-01",
            "2025-07-01 08:30:00",
            "2025-07-01 00:00:00Z",
            "a",
            "true",
            "x",
            '{"a": [1]}',
        ),
        ("", "0.1", "-1", "-0.05", "", "2025-07-01 08:30:00.5", "", "b", "", "ff", ""),
    ]


def test_a_truncated_parquet_is_refused(read_bytes):
    raw = parquet(a=pa.array(["x"] * 1000))
    with pytest.raises(Unreadable, match="read_broken"):
        read_bytes(raw[:-20])


LONG = "x" * 300_000


def the_same_long_text():
    return pa.DictionaryArray.from_arrays(pa.array([0] * 8_192, pa.int32()), pa.array([LONG]))


def long_texts_in_maps():
    return pa.array([[("k", LONG)]] * 300, pa.map_(pa.string(), pa.string()))


@pytest.mark.parametrize(
    ("column", "key"),
    [
        (the_same_long_text, "read_too_much_text"),
        (lambda: pa.array([LONG] * 300), "read_too_much_text"),
        (lambda: pa.array([[LONG] * 3] * 100), "read_too_much_text"),
        (lambda: pa.array([{"a": {"b": LONG}}] * 300), "read_too_much_text"),
        (long_texts_in_maps, "read_too_much_text"),
        (lambda: pa.array(["x" * ((1 << 20) + 1)]), "read_cell_too_long"),
        (lambda: pa.nulls(20_000_000, pa.string()), "read_parquet_swollen"),
        (lambda: pa.array([[None] * 5_000_000], pa.list_(pa.string())), "read_parquet_swollen"),
    ],
    ids=["dictionary", "text", "list", "struct", "map", "cell", "nulls", "nulls in a list"],
)
def test_a_small_parquet_that_unfolds_to_much_is_refused_at_once(read_bytes, column, key):
    raw = parquet(a=column())
    before, started = pa.total_allocated_bytes(), time.process_time()
    with pytest.raises(Unreadable, match=key):
        read_bytes(raw, limits=Limits(unpacked_bytes=64 << 20))
    assert time.process_time() - started < 3
    assert pa.total_allocated_bytes() - before < 64 << 20


def test_long_texts_of_a_parquet_are_read_in_pieces(read_bytes):
    table = read_bytes(parquet(a=pa.array([LONG] * 100), b=pa.array([{"x": None}, {"x": 1}] * 50)))
    assert (table.n_rows, {len(row[0]) for row in scan(table)}) == (100, {300_000})


def test_a_parquet_that_needs_more_memory_than_there_is_says_so(read_bytes, monkeypatch):
    def fail(*_, **__):
        raise pa.ArrowMemoryError("malloc of size 1 failed")

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", fail)
    with pytest.raises(Unreadable, match="read_too_much_text"):
        read_bytes(parquet(a=pa.array(["x"])))
