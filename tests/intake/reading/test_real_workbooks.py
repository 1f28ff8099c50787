"""The Ministry of Finance's workbooks: TCVN3 by font, drifting layouts, several sheets."""

import csv

import pytest
from tests.intake.reading.scanning import scan

from vamco.intake.reading.reader import read, sheet_names
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Limits
from vamco.intake.reading.workbooks.xls import XlsWorkbook


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.fixture
def book(shared, tmp_path):
    def reader(name, sheet=None, **options):
        return read(shared / "messy_vn" / name, filename=name, sheet=sheet, staging=tmp_path, **options)

    return reader


@pytest.mark.parametrize("sheet", ["Sheet1", "Sheet1 (2)"])
def test_plan_2003_equals_its_answer_key_in_every_text_cell(shared, sheet):
    key = {}
    with (shared / "messy_vn" / "Plan_2003_TCVN3_decoded_answer_key.csv").open(encoding="utf-8") as file:
        for name, row_no, *cells in csv.reader(file):
            for column, cell in enumerate(cells):
                if name == sheet and cell.strip() and not is_number(cell):
                    key[int(row_no), column] = cell
    grid = XlsWorkbook(shared / "messy_vn" / "Plan_2003.xls", Limits()).sheet(sheet)
    read_cells = {(row.no, at): cell for row in grid.rows(Repairs()) for at, cell in enumerate(row.cells)}
    assert len(key) == 108
    assert {place: read_cells[place] for place in key} == key


def test_both_sheets_of_plan_2003_give_the_same_table(book):
    legacy, modern = (book("Plan_2003.xls", sheet) for sheet in ("Sheet1", "Sheet1 (2)"))
    assert legacy.columns == modern.columns
    assert [row[:7] for row in scan(legacy)] == [row[:7] for row in scan(modern)]
    assert legacy.n_rows == 61


def test_plan_2003_needs_no_sheet_because_both_hold_the_same_table(book):
    table = book("Plan_2003.xls")
    assert (table.sheet, table.n_rows) == ("Sheet1", 61)
    assert "intake.read_same_sheets" in {repair.key for repair in table.repairs}


def long_an(table):
    return [row for row in scan(table) if row[1].strip() == "LONG AN"]


def test_long_an_in_the_plan_of_2003(book):
    assert [row[:7] for row in long_an(book("Plan_2003.xls", "Sheet1"))] == [
        ("50", "LONG AN", "717000", "100", "411875", "990315", "248165")
    ]


def test_long_an_in_the_plan_of_2010(book):
    table = book("Plan_2010.xls")
    assert table.n_rows == 63
    assert [tuple(cell.strip() for cell in row) for row in long_an(table)] == [
        (
            "51",
            "LONG AN",
            "2473000",
            "100",
            "2732660",
            "862378",
            "439660",
            "",
            "422718",
            "154000",
            "131381",
            "137337",
        )
    ]
    assert table.columns[:2] == ("SỐ / TT", "TỈNH, THÀNH PHỐ")
    assert {str(unit.multiplier) for unit in table.header_units.values()} == {"1000000"}


@pytest.mark.slow
def test_long_an_in_the_final_accounts_of_2012(book):
    table = book("Final_2012.xls", known_headers=["Tên tỉnh, thành phố", "Tổng chi cân đối NSĐP"])
    assert (table.sheet, table.n_rows, len(table.columns)) == ("M09+", 63, 9)
    assert [tuple(cell.strip() for cell in row) for row in long_an(table)] == [
        (
            "51",
            "LONG AN",
            "7933020.211584",
            "100",
            "8331856.984653",
            "1828975.2134843417",
            "697921.2106843417",
            "37713",
            "1093341.0028",
        )
    ]


@pytest.mark.slow
def test_every_sheet_of_the_final_accounts_has_its_header_and_conserves_its_rows(book, shared):
    path = shared / "messy_vn" / "Final_2012.xls"
    workbook = XlsWorkbook(path, Limits())
    for name in workbook.sheet_names:
        table = book("Final_2012.xls", name)
        n_filled = sum(1 for _ in workbook.sheet(name).rows(Repairs()))
        assert "STT" in table.columns[0].replace("SỐ TT", "STT")
        assert 1 <= n_filled - table.n_rows - len(table.set_aside) <= 5  # the rows of the header itself


def test_the_sheets_are_listed(shared, tmp_path):
    assert sheet_names(shared / "messy_vn" / "Plan_2003.xls", staging=tmp_path) == ("Sheet1", "Sheet1 (2)")
