"""`vamco geography` answers people and programs."""

import json

import pytest
from click.testing import CliRunner
from tests.geography.conftest import PROVINCES

from vamco.flow.commands.geography import group
from vamco.vocabulary.errors import Ambiguous, Misused, NotFound, Refused


def run(*arguments, fails=None):
    result = CliRunner().invoke(group, ["--register", str(PROVINCES / "tay-ninh"), *arguments])
    if fails:
        assert isinstance(result.exception, fails), result.output
        return result.exception
    assert result.exit_code == 0, result.exception or result.output
    return result.stdout


def run_json(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_code_answers_with_the_unit_of_the_day():
    old = run_json("unit", "27694", "--on", "2025-06-30")
    assert (old["name"], old["parents"][0]["name"]) == ("Phường 1", "Thành phố Tân An")
    assert run_json("unit", "27694", "--on", "2025-07-01")["name"] == "Phường Long An"
    assert "Phường Long An" in run("unit", "27694", "--on", "01/07/2025")


def test_a_code_without_a_day_is_wrong_usage():
    result = CliRunner().invoke(group, ["unit", "27694"])
    assert result.exit_code == 2


@pytest.mark.parametrize(("on", "n"), [("2024-11-30", 188), ("2024-12-01", 186), ("2025-07-01", 96)])
def test_units_are_listed_and_counted(on, n):
    answer = run_json("units", "--level", "commune", "--on", on, "--within", "80")
    assert answer["count"] == len(answer["units"]) == n
    everywhere = run_json("units", "--level", "commune", "--on", on)
    assert sum(everywhere["by_province"].values()) == everywhere["count"]
    assert len(run("units", "--level", "commune", "--on", on, "--within", "80").splitlines()) == n


def test_a_homonym_leaves_with_its_candidates_and_a_parent_settles_it():
    error = run("resolve", "xã Tân Thành", "--on", "2025-01-01", fails=Ambiguous)
    assert (error.exit_code, len(error.details["candidates"])) == (3, 4)
    found = run_json("resolve", "xã Tân Thành", "--on", "2025-01-01", "--parent", "huyện Tân Thạnh")
    assert found["code"] == "27850"
    assert "27850" in run("resolve", "xã Tân Thành", "--on", "2025-01-01", "--parent", "799")
    run("resolve", "xã Không Có", "--on", "2025-01-01", fails=NotFound)


def test_edges_and_history_carry_resolution_and_clause():
    edges = run_json("edges", "--from", "2025-06-30", "--to", "2025-07-01")
    communes = [edge for edge in edges if len(edge["old_unit_id"]) > len("80@2025-07-01")]
    assert len(communes) == 302
    assert len(run("edges", "--from", "2025-06-30", "--to", "2025-07-01").splitlines()) == len(edges)
    lives = run_json("history", "27694")["lives"]
    assert [life["name"] for life in lives] == ["Phường 1", "Phường 1", "Phường Long An"]
    assert {edge["clause"] for edge in lives[-1]["predecessors"]} == {"84"}
    shown = run("history", "27694")
    assert "Phường 4 (27691, 31/08/2004 – 30/06/2025): toàn bộ; Khoản 84 Điều 1, 1682/NQ-UBTVQH15" in shown
    assert "Phường 1, 01/12/2024 – 30/06/2025" in shown
    run("history", "99999", fails=NotFound)


def test_edges_end_with_their_totals_by_level():
    days = ("--from", "2025-06-30", "--to", "2025-07-01")
    result = CliRunner().invoke(group, ["edges", *days])
    assert "Cấp xã: 302 bước chuyển = 259 toàn bộ + 43 một phần" in result.stderr
    assert "25720 Phường Gia Lộc → 25672 Phường Gia Lộc\ttoàn bộ\tKhoản 96 Điều 1" in result.stdout


def test_the_facts_of_a_unit_are_said_in_words():
    assert "  Loại: phường\n  Tồn tại: 01/12/2024 – 30/06/2025\n" in run(
        "unit", "27694", "--on", "30/06/2025"
    )


def values_file(tmp_path, text):
    path = tmp_path / "values.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_values_of_a_file_are_recoded_or_refused(tmp_path):
    path = values_file(tmp_path, "code,value\n27688,10\n27694,5\n28006,\n")
    days = ("--from", "2024-11-30", "--to", "2024-12-01")
    rows = {row["code"]: row for row in run_json("recode", path, *days)}
    assert (rows["27694"]["value"], rows["27694"]["status"]) == ("15", "normal")
    assert rows["28012"]["status"] == "missing"
    header, line, others = run("recode", path, *days).splitlines()
    assert header.split()[0] == "Mã"
    assert line.split()[:4] == ["27694", "Phường", "1", "15"]
    assert others == f"{len(rows) - 1} đơn vị khác: chưa có số liệu (thêm --all để xem)"
    assert len(run("recode", path, *days, "--all").splitlines()) == 1 + len(rows)
    split = values_file(tmp_path, "code,value\n27772,9\n")
    days = ("--from", "2025-06-30", "--to", "2025-07-01")
    run("recode", split, *days, fails=Refused)
    bounded = {row["code"]: row for row in run_json("recode", split, *days, "--bounds")}
    assert bounded["27757"]["value"] is None
    assert "27757" in run("recode", split, *days, "--bounds")


@pytest.mark.parametrize(
    "text", ["code,value\n27688,x\n", "code,value\n27688,NaN\n", "code,value\n27688,1\n27688,2\n"]
)
def test_a_bad_file_of_values_is_refused_with_its_line(tmp_path, text):
    days = ("--from", "2024-11-30", "--to", "2024-12-01")
    error = run("recode", values_file(tmp_path, text), *days, fails=Misused)
    assert error.details["line"] == text.count("\n")


def test_a_file_without_the_columns_of_values_is_told_how_to_name_them(tmp_path):
    days = ("--from", "2024-11-30", "--to", "2024-12-01")
    error = run("recode", values_file(tmp_path, "a,value\n"), *days, fails=Misused)
    assert error.details["missing"] == ["code"]
    assert "--code-column" in error.say("vi")["next"]


def test_comparisons_get_a_verdict():
    verdict = run_json("compare", "27694@2025-06-30", "27694@2025-07-01")
    assert (verdict["verdict"], verdict["reason"]) == ("not_comparable", "geography.reason_code_reused")
    assert "dùng lại" in run("compare", "27694@2025-06-30", "27694@2025-07-01")
    run("compare", "27694", "27694@2025-07-01", fails=Misused)
    maps = run_json("compare-maps", "--from", "2025-06-30", "--to", "2025-07-01")
    assert len(maps["units"]) == 96
    assert len(run("compare-maps", "--from", "2025-06-30", "--to", "2025-07-01").splitlines()) == 97


def test_check_passes_on_the_shipped_register_and_names_faults_of_another(folder):
    assert run_json("check")["faults"] == []
    assert "tay-ninh" in run("check")
    bad = folder("VN,1976-07-02,,Việt Nam,country,\n1,2000-01-01,,Xã A,ward,VN")
    result = CliRunner().invoke(group, ["--register", str(bad), "check"])
    assert result.exit_code == 1
    assert "units.csv:3" in result.stderr


def test_a_plan_is_shown_and_applied_to_a_folder(tmp_path):
    catalogue = tmp_path / "c.csv"
    catalogue.write_text("ma,ten,ma_tinh\n27694,Phường Long An Mới,80\n", "utf-8")
    plan = ("--effective-on", "2027-01-01", "--within", "80")
    shown = run_json("plan", str(catalogue), *plan)
    assert (shown["counts"]["rename"], shown["counts"]["close"]) == (1, 95)
    assert "Phường Long An Mới" in run("plan", str(catalogue), *plan)
    target = tmp_path / "new"
    run("apply", str(catalogue), *plan, "--to", str(target), "--resolution", "NQ 1")
    assert "Phường Long An Mới" in (target / "units.csv").read_text("utf-8")
    run("apply", str(catalogue), *plan, "--to", str(target), "--resolution", "NQ 1", fails=Refused)
    run("plan", str(catalogue), *plan, "--column", "code", fails=Misused)


def test_a_profile_is_started(tmp_path):
    catalogue = tmp_path / "c.csv"
    catalogue.write_text("commune_code,commune,province_code\n30000,Xã A,82\n30001,Phường B,82\n", "utf-8")
    answer = run_json(
        "start-profile", str(catalogue), "--province", "82", "--effective-on", "2025-07-01",
        "--to", str(tmp_path / "dong-thap"), "--resolution", "19/2025/QĐ-TTg",
    )  # fmt: skip
    assert len(answer["files"]) == 3
    assert "Xã A" in (tmp_path / "dong-thap/units.csv").read_text("utf-8")
