import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.warehouse.deliveries import CASES

from vamco.accounts.models import AuditEntry
from vamco.flow.commands.warehouse import command
from vamco.vocabulary.errors import Misused
from vamco.warehouse.models import DataFile
from vamco.warehouse.storage import store

pytestmark = pytest.mark.django_db


def vamco(*arguments, exit_code=0):
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.stdout


def told(*arguments, exit_code=0):
    return json.loads(vamco(*arguments, "--json", exit_code=exit_code))


def test_tables_counts_what_each_dataset_holds(deliveries):
    first = deliveries(1, [("a", 1), ("b", 2)])
    deliveries(2, [("a", 3)], supersedes=[first])
    [row] = told("tables")
    counts = {name: row[name] for name in ("dataset", "n_live_rows", "n_entries", "n_superseded", "n_files")}
    assert counts == {"dataset": CASES, "n_live_rows": 1, "n_entries": 1, "n_superseded": 1, "n_files": 2}
    assert CASES in vamco("tables")


def test_show_reads_the_present_and_the_past(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("a", 3)], supersedes=[first])
    assert [row["n"] for row in told("show", CASES)] == [3]
    local = timezone.localtime(first.known_since_at).replace(tzinfo=None).isoformat()
    assert [row["n"] for row in told("show", CASES, "--as-known-at", local)] == [1]
    assert [
        row["n_visible"] for row in told("files", CASES, "--as-known-at", first.known_since_at.isoformat())
    ] == [1]
    with pytest.raises(Misused, match="bad_moment"):
        vamco("show", CASES, "--as-known-at", "hôm qua")


def test_show_stops_at_the_limit(deliveries):
    deliveries(1, [("a", n) for n in range(5)])
    assert [row["row_no"] for row in told("show", CASES, "--limit", "2")] == [1, 2]


def test_verify_leaves_with_1_and_names_the_file_that_is_missing(deliveries):
    deliveries(1, [("a", 1)])
    assert told("verify")["is_clean"]
    whole = vamco("verify")
    path = DataFile.objects.get().path
    store().remove(path)
    assert "Kho khớp sổ: đã kiểm 1 tệp" in whole
    assert f"✗ mất tệp: {path} (phải là " in vamco("verify", exit_code=1)
    assert told("verify", exit_code=1)["faults"][0]["where"] == path


def test_compact_then_clean_leaves_one_file(deliveries):
    for n in (1, 2, 3):
        deliveries(n, [("a", n)])
    assert told("compact")[0]["n_files_after"] == 1
    assert len(told("clean", "--grace-hours", "0")["replaced"]) == 3
    assert len(list(store().stored())) == 1


def test_clean_says_what_it_deleted_or_that_there_was_nothing(deliveries):
    assert vamco("clean") == "Không có tệp nào cần xóa.\n"
    for n in (1, 2):
        deliveries(n, [("a", n)])
    vamco("compact")
    first, *paths = vamco("clean", "--grace-hours", "0").splitlines()
    assert (first, len(paths)) == ("Đã xóa 2 tệp mà việc gộp đã thay:", 2)


def test_retention_is_said_in_sentences(deliveries):
    deliveries(1, [("a", 1)])
    keep, history, plan = vamco("retain", CASES, "--days", "0").splitlines()
    assert keep == f"{CASES}: giữ dòng 0 ngày sau kỳ."
    assert history == f"{CASES}: giữ lịch sử mãi mãi."
    assert plan.startswith("Kế hoạch: 1 mục hết hạn, 0 mục bị xóa khỏi lịch sử, 1 dòng. Chưa làm gì")
    assert "Đã làm: 1 mục" in vamco("retain", CASES, "--days", "0", "--apply")


def test_show_aligns_its_columns(deliveries):
    deliveries(1, [("a", 12687), ("b", None)])
    header, first, second = vamco("show", CASES).splitlines()
    assert "12.687" in first
    assert "None" not in second
    assert first.index("12.687") + len("12.687") == header.index(" n ") + len(" n")


@pytest.mark.parametrize("arguments", [("tables",), ("files", CASES), ("compact",)])
def test_lists_have_headers_in_vietnamese(deliveries, arguments):
    deliveries(1, [("a", 1)])
    header, _ = vamco(*arguments).splitlines()
    assert header.startswith(("Bộ dữ liệu", "Đường dẫn"))


def test_retain_shows_first_and_audits_what_it_does(deliveries):
    deliveries(1, [("a", 1)])
    assert told("retain", CASES, "--days", "0")[0]["is_applied"] is False
    assert told("show", CASES)
    [plan] = told("retain", CASES, "--days", "0", "--apply")
    assert told("show", CASES) == []
    entry = AuditEntry.objects.get(action="warehouse.retain")
    assert (entry.subject, entry.details["expired"]) == (CASES, plan["expired"])
    assert timezone.now() - entry.at < timedelta(minutes=1)
