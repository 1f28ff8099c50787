"""CSV as senders write it: dialects, encodings, ragged lines, and no copy when the file is clean."""

import codecs
import unicodedata
from dataclasses import replace

import pytest
from tests.intake.reading.scanning import scan

from vamco.intake.reading.encodings import tcvn3, vni, windows1258
from vamco.vocabulary.errors import Unreadable

TEXT = "mã,tên xã,số ca\n00123,phường Long An,5\n00124,xã Tân Trụ,12\n00125,xã Bình Đức,1\n"
ROWS = [("00123", "phường Long An", "5"), ("00124", "xã Tân Trụ", "12"), ("00125", "xã Bình Đức", "1")]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (windows1258.encode(TEXT), "windows-1258"),
        (tcvn3.encode(TEXT.replace("Đ", "đ")), "tcvn3"),
        (vni.encode(TEXT), "vni"),
        (tcvn3.encode(TEXT.replace("Đ", "đ")).decode("latin-1").encode(), "utf-8"),
        (unicodedata.normalize("NFD", TEXT).encode(), "utf-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_same_table_is_read_from_every_encoding(read_bytes, raw, encoding):
    table = read_bytes(raw)
    assert table.encoding == encoding
    assert table.columns == ("mã", "tên xã", "số ca")
    assert [tuple(cell.replace("Đ", "đ") for cell in row) for row in scan(table)] == [
        tuple(cell.replace("Đ", "đ") for cell in row) for row in ROWS
    ]


def test_a_clean_file_is_scanned_where_it_lies(read_bytes, tmp_path):
    table = read_bytes(TEXT.encode())
    assert table.path == tmp_path / "sent.bin"
    assert list((tmp_path / "staging").iterdir()) == []
    assert (table.form, table.n_rows, table.repairs) == ("csv", 3, ())


def test_what_had_to_be_recoded_is_said(read_bytes):
    assert [repair.key for repair in read_bytes(vni.encode(TEXT)).repairs] == ["intake.read_transcoded"]
    decomposed = read_bytes(unicodedata.normalize("NFD", TEXT).encode())
    assert [(repair.key, repair.n_cells > 5) for repair in decomposed.repairs] == [
        ("intake.read_composed", True)
    ]
    assert "NFC" in decomposed.repairs[0].say("vi")


def test_letters_of_another_encoding_late_in_the_file_are_found(read_bytes):
    body = "".join(f"x{i},{i}\n" for i in range(200_000))
    table = read_bytes(f"a,b\n{body}".encode() + windows1258.encode("phường Tân Trụ, xã Bình Đức\n"))
    assert table.encoding == "windows-1258"
    assert scan(table)[-1] == ("phường Tân Trụ", " xã Bình Đức")


def test_a_declared_encoding_is_followed_and_a_wrong_one_refused(read_bytes):
    short = "ma,tên\n01,An\n"
    assert read_bytes(tcvn3.encode(short), encoding="tcvn3").columns == ("ma", "tên")
    with pytest.raises(Unreadable, match="read_unknown_encoding"):
        read_bytes(tcvn3.encode(short))
    with pytest.raises(Unreadable, match="read_wrong_encoding"):
        read_bytes("mã,tên\n01,Xã\n".encode("utf-16"), encoding="utf-8")


@pytest.mark.parametrize(
    ("raw", "delimiter", "rows"),
    [
        (b"a;b\n1,5;2,3\n4,5;7,1\n", ";", [("1,5", "2,3"), ("4,5", "7,1")]),
        (b"a\tb\n1,5\t2;3\n4,5\t7;1\n", "\t", [("1,5", "2;3"), ("4,5", "7;1")]),
        (b"a|b\nx,y|2\nz|3\n", "|", [("x,y", "2"), ("z", "3")]),
        (b'a,b\n"x; y",2\n"z; t",3\n', ",", [("x; y", "2"), ("z; t", "3")]),
        (b"'a','b'\n'1','2'\n".replace(b"'", b'"'), ",", [("1", "2")]),
    ],
)
def test_the_delimiter_is_told_from_the_rows(read_bytes, raw, delimiter, rows):
    table = read_bytes(raw)
    assert table.dialect.delimiter == delimiter
    assert scan(table) == rows


def test_a_single_column_keeps_its_commas(read_bytes):
    assert scan(read_bytes(b"ma\n1,5\n2,5\n")) == [("1,5",), ("2,5",)]


def test_an_inch_sign_is_no_quote(read_bytes):
    assert scan(read_bytes(b'a,b\n1,5" pipe\n2,z\n')) == [("1", '5" pipe'), ("2", "z")]


def test_line_breaks_inside_quotes_stay_in_their_cell(read_bytes):
    assert scan(read_bytes(b'a,b\r\n1,"x\ny"\r\n2,z\r\n')) == [("1", "x\ny"), ("2", "z")]


def test_lines_that_end_with_a_carriage_return_alone_are_lines(read_bytes):
    assert scan(read_bytes(b"a,b\r1,2\r3,4\r")) == [("1", "2"), ("3", "4")]


def test_short_and_long_lines_stay_in_the_file_for_the_check(read_bytes):
    table = read_bytes(b"a,b,c\nx,2,3\ny,2\nz,2,3,4\n")
    assert (table.form, table.n_rows) == ("csv", 3)


def test_short_and_long_lines_are_marked_when_the_rows_are_staged(read_bytes):
    import pyarrow.parquet as pq

    table = read_bytes(b"a,b,c\nx,2,3\ny,2\n\nz,2,3,4\n")
    rows = pq.read_table(table.path).to_pylist()
    assert [(row["_row_no"], row["c2"], row["_surplus"]) for row in rows] == [
        (2, "3", None),
        (3, None, None),
        (5, "3", "4"),
    ]


def test_the_same_bytes_give_the_same_answer(read_bytes):
    first, second = (read_bytes(TEXT.encode() + b"\n\n,,\nx,y,1\n") for _ in range(2))
    assert replace(first, path=second.path) == second


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b"", "read_empty"),
        (b"\n \n\t\n", "read_empty"),
        (codecs.BOM_UTF8, "read_empty"),
        (b"a,b\n1,\x002\n", "read_zero_bytes"),
        (b"a,b\n" + b"1,2\n" * 400_000 + b"1,\x002\n", "read_zero_bytes"),
        (b"%PDF-1.7\n", "read_foreign_format"),
        (b"\x02\x03\x04abc,def\n", "read_not_text"),
        (b"a,b\n" + b"x" * (33 << 20), "read_line_too_long"),
        ((",".join(f"c{i}" for i in range(10_000)) + "\n").encode() * 2, "read_too_many_columns"),
    ],
    ids=["empty", "blank", "mark", "zero", "late zero", "pdf", "binary", "long line", "wide"],
)
def test_what_is_no_table_of_text_is_refused(read_bytes, raw, key):
    with pytest.raises(Unreadable, match=key):
        read_bytes(raw)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b'a,b\n1,2\n"' + b"3,4\n" * 10, 3),
        (b"a,b\n" + b"1,2\n" * 900_000 + b'"' + b"\n3,4" * 900_000, 900_002),
        (b'a,b\n"x\ny",2\n1,"3\n', 4),
        (b'a,b\n\n1,"2\n3,4\n', 3),
    ],
    ids=["short", "long", "after a cell of two lines", "staged"],
)
def test_a_quote_that_never_closes_is_refused_and_its_line_named(read_bytes, raw, line):
    with pytest.raises(Unreadable, match="read_open_quote") as refused:
        read_bytes(raw)
    assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    ("raw", "n_rows"),
    [
        (b'a,b\n"x",1\n"y ""q""",2\n', 2),
        (b'a,b\r\n1,"x\r\ny"\r\n2,z\r\n\r\n', 2),
        (b'a,b\n"x",5" pipe\n"y",6"\n"z",7"\n', 3),
        (b"a,b\n" + b'"x\n\xe1\xbb\x87 ""\n""",1\n' * 200_000, 200_000),
        (b'a,b\n1,5" pipe\n', 1),
    ],
    ids=["quoted", "line break", "inches", "many", "no quoting"],
)
def test_rows_are_counted_whatever_stands_in_quotes(read_bytes, raw, n_rows):
    assert read_bytes(raw).n_rows == n_rows
