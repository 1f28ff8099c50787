"""Any table of text, written in any form and encoding, is read back the same."""

import csv
import io
import json
import tempfile
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.reading.scanning import scan

from vamco.intake.reading.encodings import vni, windows1258
from vamco.intake.reading.reader import read

COLUMNS = ("mã", "tên đơn vị", "ghi chú")
LETTERS = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằếộữỵABCĐÊƠƯ 0123456789.,;:'\"()/-")
WORDS = st.text(LETTERS, max_size=12).map(lambda text: unicodedata.normalize("NFC", text).strip())
CODES = st.from_regex(r"0[0-9]{2,6}", fullmatch=True)
ROW = st.tuples(CODES, WORDS.map(lambda word: f"x{word}"), WORDS)
TABLES = st.lists(ROW, min_size=1, max_size=8)


def as_csv(rows, delimiter=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([COLUMNS, *rows])
    return buffer.getvalue()


def as_xlsx(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for no, row in enumerate([COLUMNS, *rows]):
            for at, cell in enumerate(row):
                sheet.write_string(no, at, cell)
    return buffer.getvalue()


def as_xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for no, row in enumerate([COLUMNS, *rows]):
        for at, cell in enumerate(row):
            sheet.write(no, at, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_records(rows):
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def as_parquet(rows):
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(as_records(rows)), buffer)
    return buffer.getvalue()


FORMS = {
    "csv": (lambda rows: as_csv(rows).encode(), None),
    "semicolons": (lambda rows: as_csv(rows, ";").encode("utf-8-sig"), None),
    "tabs": (lambda rows: as_csv(rows, "\t").encode(), None),
    "utf-16": (lambda rows: as_csv(rows).encode("utf-16"), None),
    "windows-1258": (lambda rows: windows1258.encode(as_csv(rows)), "windows-1258"),
    "vni": (lambda rows: vni.encode(as_csv(rows)), "vni"),
    "decomposed": (lambda rows: unicodedata.normalize("NFD", as_csv(rows)).encode(), None),
    "xlsx": (as_xlsx, None),
    "xls": (as_xls, None),
    "json": (lambda rows: json.dumps(as_records(rows)).encode(), None),
    "ndjson": (lambda rows: "".join(json.dumps(r) + "\n" for r in as_records(rows)).encode(), None),
    "parquet": (as_parquet, None),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=8, deadline=None)
@given(rows=TABLES)
def test_a_table_is_read_back_the_same(form, rows):
    write, encoding = FORMS[form]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sent")
        path.write_bytes(write(rows))
        table = read(path, filename="sent", known_headers=COLUMNS, staging=Path(folder), encoding=encoding)
        assert table.columns == COLUMNS
        assert scan(table) + [aside.cells for aside in table.set_aside] == rows
