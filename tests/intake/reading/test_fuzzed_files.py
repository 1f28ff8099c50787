"""Whatever bytes arrive, the answer is a text table or a refusal that people can read."""

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.reading.test_round_trips import COLUMNS, as_csv, as_parquet, as_records, as_xls, as_xlsx
from tests.intake.reading.test_workbooks import ods

from vamco.intake.reading.reader import read
from vamco.intake.reading.text_table import TextTable
from vamco.vocabulary.errors import VamcoError

ROWS = [("001", "Tân An", "1.234,5"), ("002", "Tân Trụ", ""), ("003", "Đức Huệ", "Tổng")]
TEXT = {"valuetype": "string"}


def zipped(raw):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", raw)
    return buffer.getvalue()


SEEDS = {
    "csv": as_csv(ROWS).encode(),
    "utf-16": as_csv(ROWS).encode("utf-16"),
    "xlsx": as_xlsx(ROWS),
    "xls": as_xls(ROWS),
    "ods": ods([[(TEXT, cell) for cell in row] for row in [COLUMNS, *ROWS]]),
    "json": json.dumps(as_records(ROWS)).encode(),
    "parquet": as_parquet(ROWS),
    "html": b"<table><tr><td rowspan=2>a<td>b</tr><tr><td>c</table>",
    "gzip": gzip.compress(as_csv(ROWS).encode()),
    "zip": zipped(as_csv(ROWS).encode()),
}


def outcome(raw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sent")
        path.write_bytes(raw)
        try:
            return read(path, filename="sent", staging=Path(folder, "staging"))
        except VamcoError as error:
            return error.say("vi")["what"] + error.say("en")["what"]


@st.composite
def damaged(draw, raw):
    """The bytes cut short, or with some of them changed, removed or doubled."""
    damage = draw(st.sampled_from(["cut", "change", "remove", "double"]))
    at = draw(st.integers(0, len(raw)))
    if damage == "cut":
        return raw[:at]
    length = draw(st.integers(1, 16))
    middle = {
        "change": draw(st.binary(min_size=1, max_size=16)),
        "remove": b"",
        "double": raw[at : at + length] * 2,
    }
    return raw[:at] + middle[damage] + raw[at + length :]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_undamaged_file_is_read(seed):
    assert isinstance(outcome(SEEDS[seed]), TextTable)


@pytest.mark.parametrize("seed", SEEDS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(seed, data):
    assert outcome(data.draw(damaged(SEEDS[seed])))


def test_a_damaged_parquet_schema_does_not_end_the_process():
    raw = SEEDS["parquet"]
    footer_at = len(raw) - 8 - int.from_bytes(raw[-8:-4], "little")
    name_at = raw.index(COLUMNS[0].encode(), footer_at)
    for at in range(name_at - 6, name_at):
        for bit in (1, 2, 4, 8):
            assert outcome(raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :])


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_many_damaged_files_are_read_or_refused(seed, data):
    assert outcome(data.draw(damaged(SEEDS[seed])))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    assert outcome(raw)
