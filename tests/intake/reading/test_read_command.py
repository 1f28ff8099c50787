"""`vamco read` shows what a reader sees, to people and to programs."""

import json

import pytest
from click.testing import CliRunner

from vamco.flow.commands.read import command
from vamco.vocabulary.errors import Unreadable

CSV = "BÁO CÁO,,\n,,Đơn vị: triệu đồng\nMã,Tên,Thu\n01,Tân An,5\n02,Tân Trụ,6\n,Tổng cộng,11\n"


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "a.csv"

    def runner(raw, *options):
        path.write_bytes(raw)
        return CliRunner().invoke(command, [str(path), *options], catch_exceptions=False)

    return runner


def test_programs_get_all_facts(run):
    (seen,) = json.loads(run(CSV.encode(), "--json", "--limit", "1").output)
    assert seen["format"] == "csv"
    assert seen["columns"] == ["Mã", "Tên", "Thu"]
    assert seen["units"] == {"Thu": ["triệu đồng", "1000000"]}
    assert (seen["n_rows"], seen["rows"]) == (2, [{"row_no": 4, "cells": ["01", "Tân An", "5"]}])
    assert [aside["row_no"] for aside in seen["set_aside"]] == [1, 2, 6]


def test_people_get_a_page(run):
    said = run(CSV.encode()).output
    assert "csv · utf-8 · 2 dòng số liệu" in said
    assert "↷ 6: Dòng tổng cộng" in said
    assert "5 | 02 | Tân Trụ | 6" in said


def test_a_file_scanned_where_it_lies_is_shown_with_its_row_numbers(run):
    (seen,) = json.loads(run(b"\xef\xbb\xbfa;b\nx;1\ny;2\n", "--json").output)
    assert seen["delimiter"] == ";"
    assert [row["row_no"] for row in seen["rows"]] == [2, 3]


def test_each_sheet_of_a_workbook_is_shown_and_an_empty_one_hides_none(run):
    from tests.intake.reading.test_workbooks import two_sheets, xlsx

    def fill(book, first, second, _):
        two_sheets(book, first, second)

    seen = json.loads(run(xlsx(fill, "A", "B", "C"), "--json").output)
    assert [each["sheet"] for each in seen] == ["A", "B", "C"]
    assert seen[2]["error"]["id"] == "intake.read_empty"
    assert "C: Tệp không có dữ liệu." in run(xlsx(fill, "A", "B", "C")).output


def test_an_unreadable_file_is_refused(run):
    with pytest.raises(Unreadable):
        run(b"")
