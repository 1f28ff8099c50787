"""Workbooks: text by font and run, numbers by format, merged headers, formulas, sheets."""

import datetime as dt
import io
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf import style as odf_style
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from tests.intake.reading.scanning import scan

from vamco.intake.reading.reader import read
from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Ambiguous, NotFound, Unreadable


def xlsx(fill, *sheets, **options):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        fill(book, *[book.add_worksheet(name) for name in sheets or ("Bảng",)])
    return buffer.getvalue()


def repairs_of(table):
    return {repair.key.removeprefix("intake.read_"): repair for repair in table.repairs}


def test_numbers_keep_every_digit_and_dates_become_iso(read_bytes):
    def fill(book, sheet):
        formats = {
            code: book.add_format({"num_format": code}) for code in ("00000", "dd/mm/yyyy", "hh:mm", "0.0%")
        }
        sheet.write_row(0, 0, ["mã", "ngày", "giờ", "tỷ lệ", "số", "nguyên", "đúng"])
        sheet.write(1, 0, 123, formats["00000"])
        sheet.write(1, 1, dt.datetime(2025, 7, 1), formats["dd/mm/yyyy"])
        sheet.write(1, 2, 0.5, formats["hh:mm"])
        sheet.write(1, 3, 0.15, formats["0.0%"])
        sheet.write(1, 4, 1 / 3)
        sheet.write(1, 5, 45_839)
        sheet.write(1, 6, True)

    table = read_bytes(xlsx(fill))
    assert scan(table) == [("00123", "2025-07-01", "12:00:00", "0.15", "0.3333333333333333", "45839", "true")]
    assert set(repairs_of(table)) == {"leading_zeros", "date_cell", "percent"}
    assert repairs_of(table)["date_cell"].examples[0] == "B2: 45839 → 2025-07-01"


def test_days_counted_from_1904_are_the_same_days(read_bytes):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["mã", "ngày"])
        sheet.write(1, 0, "x")
        sheet.write(1, 1, dt.date(2025, 7, 1), book.add_format({"num_format": "dd/mm/yyyy"}))

    assert scan(read_bytes(xlsx(fill, date_1904=True))) == [("x", "2025-07-01")]


def test_formulas_give_their_stored_result_and_are_named(read_bytes):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write(1, 0, "x")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write(2, 0, "y")
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
        sheet.write(3, 0, "z")
        sheet.write_string(3, 1, "=HYPERLINK(1)")

    table = read_bytes(xlsx(fill))
    assert scan(table) == [("x", "2"), ("y", "#N/A"), ("z", "=HYPERLINK(1)")]
    assert repairs_of(table)["formula"].n_cells == 2


def test_legacy_fonts_of_an_xlsx_are_read_run_by_run(read_bytes):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "Tªn", "Mã"
    sheet["A1"].font = openpyxl.styles.Font(name=".VnTime")
    sheet["A2"], sheet["B2"] = "long an", "Mü Tho"
    sheet["A2"].font = openpyxl.styles.Font(name=".VnTimeH")
    tcvn, unicode_font = InlineFont(rFont=".VnTime"), InlineFont(rFont="Arial")
    sheet["A3"] = CellRichText(TextBlock(tcvn, "QuyÕt to¸n"), TextBlock(unicode_font, " Mü "))
    sheet["B3"] = "Phöôøng"
    sheet["B3"].font = openpyxl.styles.Font(name="VNI-Times")
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_bytes(buffer.getvalue())
    assert table.columns == ("Tên", "Mã")
    assert scan(table) == [("LONG AN", "Mü Tho"), ("Quyết toán Mü ", "Phường")]
    assert {repair.details["encoding"] for repair in table.repairs} == {"TCVN3", "VNI"}


def test_legacy_fonts_of_an_xls_are_read_run_by_run(read_bytes):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    plain, legacy = (xlwt.easyxf(f"font: name {name}") for name in ("Arial", ".VnTimeH"))
    run_font = xlwt.Font()
    run_font.name = ".VnTime"
    sheet.write(0, 0, "Tªn", xlwt.easyxf("font: name .VnTime"))
    sheet.write(0, 1, "Mã", plain)
    sheet.write(1, 0, "CÇn th¬", legacy)
    sheet.write(1, 1, 7, xlwt.easyxf(num_format_str="000"))
    sheet.write_rich_text(2, 0, (("Mü ", plain.font), ("QuyÕt to¸n", run_font)), plain)
    sheet.write(2, 1, dt.date(2003, 12, 31), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    sheet.write(3, 0, "x", plain)
    sheet.write(3, 1, xlwt.Formula("1+1"))
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_bytes(buffer.getvalue())
    assert table.columns == ("Tên", "Mã")
    assert scan(table)[:2] == [("CẦN THƠ", "007"), ("Mü Quyết toán", "2003-12-31")]
    assert repairs_of(table)["formula"].examples == ("B4",)


def ods(rows, *, fonts=(), repeated=1):
    document = OpenDocumentSpreadsheet()
    for name in fonts:
        made = odf_style.Style(name=name.strip("."), family="table-cell")
        made.addElement(odf_style.TextProperties(fontfamily=name))
        document.automaticstyles.addElement(made)
    sheet = odf_table.Table(name="S")
    for row in rows:
        element = odf_table.TableRow(numberrowsrepeated=repeated) if repeated > 1 else odf_table.TableRow()
        for attributes, shown in row:
            cell = odf_table.TableCell(**attributes)
            if shown:
                cell.addElement(odf_text.P(text=shown))
            element.addElement(cell)
        sheet.addElement(element)
    document.spreadsheet.addElement(sheet)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def test_an_ods_gives_stored_values_fonts_and_repeated_cells(read_bytes):
    text = {"valuetype": "string"}
    table = read_bytes(
        ods(
            [
                [(text, "tªn"), (text, "mã"), (text, "số"), (text, "ngày")],
                [
                    ({**text, "stylename": "VnTimeH"}, "CÇn th¬"),
                    ({"valuetype": "float", "value": "7"}, "007"),
                    ({"valuetype": "float", "value": "0.1"}, "0"),
                    ({"valuetype": "date", "datevalue": "2025-07-01"}, "01/07/25"),
                ],
                [({**text, "numbercolumnsrepeated": 3}, "x"), (text, "y")],
            ],
            fonts=[".VnTimeH"],
        )
    )
    assert scan(table) == [("CẦN THƠ", "007", "0.1", "2025-07-01"), ("x", "x", "x", "y")]


def test_an_ods_that_repeats_without_end_is_refused(read_bytes):
    text = {"valuetype": "string"}
    with pytest.raises(Unreadable, match="read_too_many_repeated"):
        read_bytes(ods([[(text, "a"), (text, "b")], [(text, "x"), (text, "y")]], repeated=1_000_000))
    with pytest.raises(Unreadable, match="read_too_many_columns"):
        read_bytes(ods([[({**text, "numbercolumnsrepeated": 16_000}, "a")]]))


def test_merged_headers_are_spread_and_spacer_columns_left_out(read_bytes):
    def fill(book, sheet):
        sheet.merge_range(0, 0, 0, 5, "BÁO CÁO DÂN SỐ")
        sheet.merge_range(2, 0, 3, 0, "Mã xã")
        sheet.merge_range(2, 1, 3, 2, "Tên")
        sheet.merge_range(2, 3, 2, 4, "Dân số (nghìn người)")
        sheet.write_row(3, 3, ["Nam", "Nữ"])
        sheet.write_row(4, 0, ["01", "Tân An", None, 1, 2])
        sheet.write_row(5, 0, ["02", "Tân Trụ", None, 3, 4])
        sheet.write(5, 8, "ghi bên lề")

    table = read_bytes(xlsx(fill))
    assert table.columns == ("Mã xã", "Tên", "Dân số (nghìn người) / Nam", "Dân số (nghìn người) / Nữ")
    assert scan(table) == [("01", "Tân An", "1", "2"), ("02", "Tân Trụ", "3", "4")]
    assert [unit.multiplier for unit in table.header_units.values()] == [1000, 1000]
    assert repairs_of(table)["beside_table"].examples == ("I6: ghi bên lề",)


def two_sheets(book, first, second):
    first.write_row(0, 0, ["ma_xa", "so_ca"])
    first.write_row(1, 0, ["01", 5])
    second.write_row(0, 0, ["ten", "chuc_vu"])
    second.write_row(1, 0, ["Lan", "cv"])


def test_of_several_sheets_the_known_headers_choose(read_bytes):
    table = read_bytes(xlsx(two_sheets, "A", "B"), known_headers=["chuc_vu", "ten"])
    assert table.sheet == "B"


def test_of_several_sheets_nothing_is_guessed(read_bytes):
    with pytest.raises(Ambiguous) as caught:
        read_bytes(xlsx(two_sheets, "A", "B"))
    assert caught.value.details["candidates"] == ["A", "B"]
    with pytest.raises(NotFound):
        read_bytes(xlsx(two_sheets, "A", "B"), sheet="C")


def test_the_question_which_sheet_names_them_and_the_ways_to_answer(read_bytes):
    with pytest.raises(Ambiguous) as caught:
        read_bytes(xlsx(two_sheets, "A, 1", "B"))
    said = caught.value.say("vi")["next"]
    assert "“A, 1”, “B”" in said
    assert "--sheet" in said


def test_of_sheets_that_hold_the_same_table_the_first_is_read_and_it_is_said(read_bytes):
    def fill(book, first, second):
        for sheet, top in ((first, 0), (second, 3)):
            sheet.write_row(top, 0, ["ma_xa", "so_ca"])
            sheet.write_row(top + 1, 0, ["01", 5])

    table = read_bytes(xlsx(fill, "A", "B"))
    assert (table.sheet, scan(table)) == ("A", [("01", "5")])
    assert "“A” và “B”" in repairs_of(table)["same_sheets"].say("vi")


def test_an_html_table_under_a_workbooks_name_is_read(read_bytes):
    table = read_bytes(
        "<html><head><style>td{}</style></head><body><table>"
        "<tr><th rowspan=2>Mã<th colspan=2>Số ca</tr><tr><td>Nam<td>Nữ</tr>"
        "<tr><td>01</td><td>5<script>alert(1)</script></td><td>6&nbsp;</tr><tr><td>02<td>7<td>8</table>".encode(),
    )
    assert table.columns == ("Mã", "Số ca / Nam", "Số ca / Nữ")
    assert scan(table) == [("01", "5", "6"), ("02", "7", "8")]


def with_part(raw, name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info.filename))
    return buffer.getvalue()


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)
EXTERNAL = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet><sheetData/><x>&f;</x></worksheet>'
)
DEEP = "<worksheet>" + "<a>" * 100_000
FAR_CELL = '<worksheet><sheetData><row r="1"><c r="XFD1" t="str"><v>x</v></c></row></sheetData></worksheet>'
WRONG_STRING = (
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (BILLION_LAUGHS, "read_document_type"),
        (EXTERNAL, "read_document_type"),
        (DEEP, "read_broken"),
        (FAR_CELL, "read_too_many_columns"),
        (WRONG_STRING, "read_broken"),
        ("<worksheet><sheetData>", "read_broken"),
        (WRONG_STRING.replace("99999", "²"), "read_broken"),
    ],
    ids=["billion laughs", "external entity", "deep", "far cell", "wrong string", "cut", "no digit"],
)
def test_hostile_sheets_are_refused(read_bytes, part, key):
    raw = with_part(xlsx(lambda _, sheet: sheet.write(0, 0, "x")), "xl/worksheets/sheet1.xml", part)
    with pytest.raises(Unreadable, match=key):
        read_bytes(raw)


def test_numbers_of_rows_and_styles_that_are_no_digits_are_passed_over(read_bytes):
    sheet = (
        '<worksheet><sheetData><row r="²"><c t="str" s="²"><v>a</v></c><c t="str"><v>b</v></c></row>'
        '<row r="²"><c t="str"><v>x</v></c><c s="²"><v>1</v></c></row></sheetData></worksheet>'
    )
    raw = with_part(xlsx(lambda _, sheet: sheet.write(0, 0, "x")), "xl/worksheets/sheet1.xml", sheet)
    assert scan(read_bytes(raw)) == [("x", "1")]


@pytest.mark.parametrize("start", [b"{", b"\xfe", b"a,b"])
def test_bytes_named_as_a_workbook_that_are_none_are_called_so(tmp_path, start):
    path = tmp_path / "sent.bin"
    path.write_bytes(start + bytes(range(256)) * 4)
    with pytest.raises(Unreadable, match="không phải sổ tính Excel"):
        read(path, filename="số liệu.XLSX", staging=tmp_path / "staging")


def merged(*areas):
    rows = "".join(
        f'<row r="{no}">' + "".join(f'<c t="str"><v>{text}</v></c>' for text in cells) + "</row>"
        for no, cells in enumerate([("mã", "tên"), *(("x", "y") for _ in range(207))], start=1)
    )
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    sheet = f"<worksheet><sheetData>{rows}</sheetData><mergeCells>{cells}</mergeCells></worksheet>"
    return with_part(xlsx(lambda _, sheet: sheet.write(0, 0, "x")), "xl/worksheets/sheet1.xml", sheet)


@pytest.mark.parametrize(
    "areas",
    [["A9:XFD208"] * 20_000, [f"A9:{letter}{row}" for row in range(20, 209) for letter in "BCDEFGH"]],
    ids=["the same area over and over", "areas over one another"],
)
def test_merged_areas_beyond_all_sense_cost_nothing(read_bytes, areas):
    started = time.process_time()
    table = read_bytes(merged(*areas), known_headers=["mã", "tên"])
    assert time.process_time() - started < 3
    assert (table.columns, table.n_rows) == (("mã", "tên"), 207)


def test_more_merged_areas_than_a_sheet_can_mean_are_refused(read_bytes):
    areas = [f"{letter}{row}:{letter}{row + 1}" for row in range(1, 200, 2) for letter in "ABCD"]
    for limits in (Limits(merges=300), Limits(head_merges=300)):
        with pytest.raises(Unreadable, match="read_too_many_merges"):
            read_bytes(merged(*areas), limits=limits)


def test_a_row_number_beyond_all_sense_allocates_nothing(read_bytes):
    far = (
        '<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
        '<row r="1048576"><c t="str"><v>x</v></c><c><v>1</v></c></row></sheetData></worksheet>'
    )
    raw = with_part(xlsx(lambda _, sheet: sheet.write(0, 0, "x")), "xl/worksheets/sheet1.xml", far)
    table = read_bytes(raw)
    assert (table.n_rows, table.first_row_no) == (1, 1_048_576)


def test_a_workbook_behind_a_password_says_so(read_bytes):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Unreadable, match="read_password"):
        read_bytes(container)
