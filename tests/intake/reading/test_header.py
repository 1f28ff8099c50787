"""The header is found where people put it, and what is no data is set aside with its reason."""

import pytest
from tests.intake.reading.scanning import scan

from vamco.intake.reading.header import names_of


def reasons(table):
    return {aside.row_no: aside.reason.removeprefix("intake.read_aside_") for aside in table.set_aside}


def test_titles_units_totals_and_signatures_are_set_aside(read_bytes):
    table = read_bytes(
        "UBND TỈNH TÂY NINH,,\n"
        "BÁO CÁO THU NGÂN SÁCH,,\n"
        ",,\n"
        ",,Đơn vị: triệu đồng\n"
        "Mã,Tên xã,Thu\n"
        "01,Tân An,1.000\n"
        "02,Tân Trụ,2.000\n"
        ",Tổng cộng,3.000\n"
        ",,\n"
        "Người lập biểu,,Thủ trưởng\n"
        "Nguyễn Văn A,,\n".encode()
    )
    assert table.columns == ("Mã", "Tên xã", "Thu")
    assert scan(table) == [("01", "Tân An", "1.000"), ("02", "Tân Trụ", "2.000")]
    assert table.first_row_no == 6
    assert reasons(table) == {1: "title", 2: "title", 4: "title", 8: "total", 10: "note", 11: "note"}
    assert {name: unit.multiplier for name, unit in table.header_units.items()} == {"Thu": 10**6}


def test_every_filled_row_is_data_or_set_aside_or_header(read_bytes):
    lines = ["BÁO CÁO,,", "a,b,c", "x,1,2", "Cộng,1,2", "a,b,c", "y,3,4", ",,", "Ghi chú: không,,"]
    table = read_bytes("\n".join(lines).encode())
    assert table.n_rows + len(table.set_aside) + 1 == sum(bool(line.strip(",")) for line in lines)


def test_stacked_headers_are_joined_and_carried_to_the_right(read_bytes):
    table = read_bytes("STT,Tên,Năm 2020,,Năm 2021,\n,,Nam,Nữ,Nam,Nữ\n1,A,1,2,3,4\n2,B,5,6,7,8\n".encode())
    assert table.columns == (
        "STT",
        "Tên",
        "Năm 2020 / Nam",
        "Năm 2020 / Nữ",
        "Năm 2021 / Nam",
        "Năm 2021 / Nữ",
    )
    assert (table.n_rows, table.first_row_no) == (2, 3)


def test_a_row_that_numbers_the_columns_is_set_aside(read_bytes):
    table = read_bytes("STT,Tên,Tổng,Nam,Nữ\nA,B,1=2+3,2,3\n1,x,5,2,3\n2,y,7,3,4\n".encode())
    assert reasons(table) == {2: "column_numbers"}
    assert table.n_rows == 2


def test_a_first_data_row_of_small_numbers_is_data(read_bytes):
    table = read_bytes(b"a,b,c,d\n1,2,3,4\n2,3,4,5\n")
    assert scan(table) == [("1", "2", "3", "4"), ("2", "3", "4", "5")]


def test_a_header_repeated_on_each_page_is_set_aside(read_bytes):
    body = "".join(f"x{i},{i}\n" for i in range(300))
    table = read_bytes(f"Tên,Số\n{body}tên,SỐ\n{body}Tên,Số\n{body}".encode())
    assert table.n_rows == 900
    assert set(reasons(table).values()) == {"repeated_header"}


def test_group_rows_with_roman_numbers_are_subtotals_only_when_their_rows_follow(read_bytes):
    table = read_bytes(
        "TT,Tên,Số\nI,Vùng A,3\n1,x,1\n2,y,2\nII,Vùng B,7\n3,z,3\n4,t,4\nIII,Khác,9\n".encode()
    )
    assert reasons(table) == {2: "group", 5: "group"}
    assert [row[1] for row in scan(table)] == ["x", "y", "z", "t", "Khác"]


def test_text_that_only_begins_like_a_total_is_data(read_bytes):
    table = read_bytes("Đơn vị,Số\nTổng công ty A,1\nCộng đồng B,2\nTổng cục C,3\n".encode())
    assert table.n_rows == 3


def test_a_table_of_words_only_has_its_first_row_as_header(read_bytes):
    table = read_bytes("ma,ten\nA1,Long An\nA2,Tây Ninh\n".encode())
    assert (table.columns, table.n_rows) == (("ma", "ten"), 2)


def test_years_may_head_columns(read_bytes):
    table = read_bytes("Tỉnh,2019,2020\nLong An,5,6\nTây Ninh,7,8\n".encode())
    assert (table.columns, table.n_rows) == (("Tỉnh", "2019", "2020"), 2)


def test_known_headers_are_the_best_evidence(read_bytes):
    raw = "Báo cáo,tháng,1\nghi chú,x,y\nma_xa,so_ca,ngay\n01,5,2025-01-01\n".encode()
    table = read_bytes(raw, known_headers=["Mã xã", "MA_XA", "so_ca"])
    assert table.columns == ("ma_xa", "so_ca", "ngay")
    assert table.first_row_no == 4


def test_a_table_without_a_header_is_refused(read_bytes):
    with pytest.raises(Exception, match="read_no_header"):
        read_bytes(b"1,2,3\n4,5,6\n")


def test_headers_only_is_a_delivery_of_no_rows(read_bytes):
    table = read_bytes(b"a,b,c\n")
    assert (table.columns, table.n_rows, scan(table)) == (("a", "b", "c"), 0, [])


def test_a_header_is_known_by_its_levels_and_without_its_unit():
    assert names_of("Thu ngân sách / Tổng số (triệu đồng)") == (
        "thu ngan sach / tong so (trieu dong)",
        "thu ngan sach / tong so",
        "thu ngan sach tong so (trieu dong)",
        "thu ngan sach tong so",
        "tong so (trieu dong)",
        "tong so",
        "thu ngan sach",
    )


@pytest.mark.parametrize(
    ("header", "multiplier"),
    [
        ("Doanh thu (nghìn đồng)", 10**3),
        ("Thu (ĐVT: 1.000 đồng)", 10**3),
        ("Vốn (tỷ đồng)", 10**9),
        ("Vốn (nghìn tỷ đồng)", 10**12),
        ("Thu (Tr.đồng)", 10**6),
        ("Cơ cấu (tỷ lệ %)", None),
        ("Số dân (người)", None),
    ],
)
def test_the_unit_in_a_header_is_proposed(read_bytes, header, multiplier):
    table = read_bytes(f"Tên;{header}\nA;5\nB;6\n".encode())
    unit = table.header_units.get(header)
    assert (unit and unit.multiplier) == multiplier
