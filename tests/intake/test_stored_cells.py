"""What a file itself holds as a number or a day has one reading; only what people wrote is weighed."""

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from openpyxl import Workbook, load_workbook
from tests.intake.conftest import column, contract
from tests.intake.reading.test_workbooks import ods
from tests.intake.test_deliveries import rows

from vamco.accounts.policy import PROGRAM
from vamco.geography.register import Register
from vamco.geography.resolver import Resolver
from vamco.intake.checking.check import check
from vamco.intake.checking.terms import Terms
from vamco.intake.checking.workspace import workspace
from vamco.intake.models import State
from vamco.intake.reading.reader import read
from vamco.intake.replay import replay
from vamco.intake.worker import check_one
from vamco.packs.contract import Kind
from vamco.packs.heading import written_names
from vamco.vocabulary.period import Period

Cells = list[int | float | str | dt.date | None]


def sheet(lines) -> bytes:
    book, raw = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(raw)
    return raw.getvalue()


def xlsx(cells: Cells) -> bytes:
    return sheet([["id", "v"], *enumerate(cells)])


def xls(cells: Cells) -> bytes:
    book, raw = xlwt.Workbook(), io.BytesIO()
    made = book.add_sheet("S")
    for row_no, row in enumerate([["id", "v"], *enumerate(cells)]):
        for place, cell in enumerate(row):
            style = xlwt.easyxf(num_format_str="DD/MM/YYYY" if isinstance(cell, dt.date) else "General")
            made.write(row_no, place, cell, style)
    book.save(raw)
    return raw.getvalue()


def ods_of(cells: Cells) -> bytes:
    def cell(value):
        if isinstance(value, str):
            return {"valuetype": "string"}, value
        if isinstance(value, dt.date):
            return {"valuetype": "date", "datevalue": value.isoformat()}, f"{value:%d/%m/%Y}"
        return {"valuetype": "float", "value": value}, str(value).replace(".", ",")

    return ods([[cell(value) for value in row] for row in [["id", "v"], *enumerate(cells)]])


def as_json(cells: Cells) -> bytes:
    return json.dumps([{"id": n, "v": cell} for n, cell in enumerate(cells)], default=str).encode()


BOOKS = pytest.mark.parametrize("book", [xlsx, xls, ods_of])
ANY = pytest.mark.parametrize("book", [xlsx, xls, ods_of, as_json])


def values(kind: Kind, raw: bytes, **facts):
    """The values of the column v (null where refused), the reasons by place, and how many cells were repaired."""
    made = contract(column("id", Kind.INTEGER), column("v", kind, **facts))
    with workspace("test") as (connection, folder):
        path = Path(folder) / "in"
        path.write_bytes(raw)
        known = {name for c in made.columns for name in written_names(c)}
        table = read(path, filename="in", known_headers=known, staging=folder)
        found = check(connection, table, Terms(made, Period.parse("2026-06"), Resolver(Register("", (), ()))))
        held = connection.execute("SELECT id, v FROM rows ORDER BY id").fetchall()
        numbers = connection.execute("SELECT id, reason FROM findings JOIN rows USING (row_no)").fetchall()
    return [value for _, value in held], dict(numbers), found.repaired.get("v", 0)


@ANY
def test_a_number_stored_as_one_is_read_as_it_is_beside_text_that_writes_commas(book):
    found = values(Kind.DECIMAL, book([1.234, "1.234,5", "1.234", 1234567.25]))
    assert found == ([Decimal(n) for n in ("1.234", "1234.5", "1234", "1234567.25")], {}, 2)


@ANY
def test_a_number_stored_as_one_proves_nothing_of_how_texts_are_written(book):
    assert values(Kind.DECIMAL, book([1.5, 2.25, "1.234"])) == (
        [Decimal("1.5"), Decimal("2.25"), None],
        {2: "number_ambiguous"},
        0,
    )


@ANY
def test_a_number_stored_as_one_needs_no_proof(book):
    assert values(Kind.DECIMAL, book([1.234, -0.5, 7])) == (
        [Decimal("1.234"), Decimal("-0.5"), Decimal(7)],
        {},
        0,
    )


@ANY
def test_a_stored_fraction_is_no_whole_number_though_as_text_it_would_mean_thousands(book):
    assert values(Kind.INTEGER, book([1.234, "1.234", 5])) == ([None, 1234, 5], {0: "number_not_whole"}, 1)


@pytest.mark.parametrize(
    ("kind", "cells", "meant", "reasons"),
    [
        (pa.float64(), [1.234, 2.0, None], ["1.234", "2", None], {}),
        (pa.float64(), [float("nan"), 1.5, 1e40], [None, "1.5", None], {0: "number_unreadable", 2: "number_too_large"}),
        (pa.decimal128(10, 3), [Decimal("1.234"), Decimal(0), None], ["1.234", "0", None], {}),
        (pa.int32(), [1234, -5, 0], ["1234", "-5", "0"], {}),
        (pa.string(), ["1.234", "2,5", None], ["1234", "2.5", None], {}),
    ],
)  # fmt: skip
def test_numbers_of_parquet_are_read_as_they_are(kind, cells, meant, reasons):
    raw = io.BytesIO()
    pq.write_table(pa.table({"id": range(len(cells)), "v": pa.array(cells, kind)}), raw)
    found = values(Kind.DECIMAL, raw.getvalue())
    assert found[:2] == ([text and Decimal(text) for text in meant], reasons)


def test_numbers_of_json_are_read_in_every_form_that_json_has():
    raw = b'[{"id":0,"v":1.5e3},{"id":1,"v":-1E-2},{"id":2,"v":1.234},{"id":3,"v":NaN},{"id":4,"v":true}]'
    found, reasons, _ = values(Kind.DECIMAL, raw)
    assert found == [Decimal(1500), Decimal("-0.01"), Decimal("1.234"), None, None]
    assert reasons == {3: "number_unreadable", 4: "number_unreadable"}


@BOOKS
def test_days_are_read_from_days_from_their_numbers_and_from_text(book):
    found, reasons, _ = values(Kind.DATE, book([dt.date(2026, 6, 15), 46188, "15/06/2026", "15-6-2026"]))
    assert (found, reasons) == ([dt.date(2026, 6, 15)] * 4, {})


@BOOKS
def test_a_code_that_a_spreadsheet_turned_into_a_day_is_refused(book):
    found, reasons, _ = values(Kind.CODE, book([dt.date(2026, 2, 1), "1-2", 12]))
    assert (found[1:], reasons) == (["1-2", "12"], {0: "code_as_day"})


def test_columns_that_are_left_out_do_not_shift_what_is_stored():
    raw = sheet([["id", None, "v", None, "w"], [0, None, 1.234, None, "1,5"], [1, None, "2,5", None, 1.234]])
    assert values(Kind.DECIMAL, raw)[0] == [Decimal("1.234"), Decimal("2.5")]


@ANY
def test_decimals_beyond_the_ninth_are_told_when_they_are_rounded_off(book):
    found, reasons, _ = values(Kind.DECIMAL, book([0.12345678904, "0,12345678906", 0.5, "1,5"]))
    assert found == [Decimal(n) for n in ("0.123456789", "0.123456789", "0.5", "1.5")]
    assert reasons == {0: "number_rounded", 1: "number_rounded"}


@pytest.mark.django_db
def test_a_stored_number_keeps_its_reading_when_it_comes_back_with_a_correction(deliver, tmp_path):
    made = contract(column("id", Kind.INTEGER), column("v", Kind.DECIMAL), column("n", Kind.INTEGER))
    delivery = deliver(made, sheet([["id", "v", "n"], [1, 1.234, "x"], [2, 2, 2]]), filename="in.xlsx")
    back = load_workbook(delivery.receipt.rejects_path)
    assert back.active["C2"].value == "1.2340"
    back.active["D2"] = "1"
    back.save(tmp_path / "back.xlsx")
    replay(PROGRAM, delivery, io.BytesIO((tmp_path / "back.xlsx").read_bytes()), "back.xlsx")
    delivery.refresh_from_db()
    assert check_one(delivery, "test").state == State.ACCEPTED
    assert rows("SELECT v FROM trial.cases ORDER BY v") == [(Decimal("1.234"),), (Decimal(2),)]
