"""One data file comes out of an archive, and nothing else can."""

import gzip
import io
import zipfile

import pytest
from tests.intake.reading.scanning import scan

from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable

CSV = "mã,tên\n01,Tân An\n".encode()


def packed(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_gzip_is_unpacked(read_bytes):
    assert scan(read_bytes(gzip.compress(CSV))) == [("01", "Tân An")]


def test_the_only_data_file_of_a_zip_is_read_and_named(read_bytes):
    table = read_bytes(packed(("báo cáo/số liệu.csv", CSV), ("__MACOSX/._x", b"?"), ("Thumbs.db", b"?")))
    assert (scan(table), table.member) == ([("01", "Tân An")], "báo cáo/số liệu.csv")


def test_a_zip_of_several_files_is_refused_with_their_names(read_bytes):
    with pytest.raises(Unreadable, match="read_archive_members") as caught:
        read_bytes(packed(("a.csv", CSV), ("b.csv", CSV)))
    assert caught.value.details["members"] == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        pytest.param(gzip.compress(CSV)[:25], "read_broken", id="a gzip cut short"),
        pytest.param(gzip.compress(CSV) + b"garbage", "read_gzip_trailing", id="a gzip with more behind it"),
        pytest.param(packed(("a.csv", CSV))[:40], "read_broken", id="a zip cut short"),
        pytest.param(gzip.compress(gzip.compress(CSV)), "read_nested_archive", id="a gzip in a gzip"),
        pytest.param(packed(("a.zip", packed(("a.csv", CSV)))), "read_nested_archive", id="a zip in a zip"),
        pytest.param(packed(("../../a.csv", CSV)), "read_archive_path", id="a path upwards"),
        pytest.param(packed(("/etc/a.csv", CSV)), "read_archive_path", id="an absolute path"),
        pytest.param(packed(("C:\\a.csv", CSV)), "read_archive_path", id="a drive"),
        pytest.param(packed(), "read_archive_members", id="an empty zip"),
        pytest.param(gzip.compress(bytes(40 << 20)), "read_archive_bomb", id="a gzip bomb"),
        pytest.param(packed(("a.csv", bytes(40 << 20))), "read_archive_bomb", id="a zip bomb"),
        pytest.param(packed(("word/document.xml", b"<x/>")), "read_foreign_format", id="a document"),
    ],
)
def test_hostile_archives_are_refused_and_leave_nothing_behind(read_bytes, tmp_path, raw, key):
    with pytest.raises(Unreadable, match=key):
        read_bytes(raw)
    assert list((tmp_path / "staging").glob("*")) == []


def test_what_unpacks_beyond_the_absolute_limit_is_stopped(read_bytes):
    with pytest.raises(Unreadable, match="read_archive_bomb"):
        read_bytes(gzip.compress(CSV * 100), limits=Limits(unpacked_bytes=1000))


def test_a_text_repeated_over_many_cells_is_stopped(read_bytes):
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        for row in range(1, 400):
            sheet.write_row(row, 0, ["x" * 30_000, "y" * 30_000])
    with pytest.raises(Unreadable, match="read_too_much_text"):
        read_bytes(buffer.getvalue(), limits=Limits(unpacked_bytes=1 << 20))
