"""`vamco pack`, as it is typed."""

import json

import pytest
from click.testing import CliRunner

from vamco.flow.commands.pack import command
from vamco.vocabulary.errors import NotFound


@pytest.fixture
def run(pack, settings, monkeypatch):
    settings.PACKS_DIR = pack.parent
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")
    return lambda *arguments: CliRunner().invoke(command, arguments)


def test_list_names_packs_and_contracts(run):
    assert "trial.records" in run("list").output
    (row,) = json.loads(run("list", "--json").output)
    assert row["contracts"] == ["trial.records"]
    assert row["maturity"]["contracts"] == "done"


def test_show_tells_what_a_delivery_must_hold(run):
    shown = run("show", "trial.records").output
    assert "Mã vụ việc" in shown
    assert "người" in shown
    as_json = json.loads(run("show", "trial.records", "--json").output)
    assert as_json["columns"][2]["unit"]["map_column"] == "happened_on"


def test_check_passes_a_good_pack(run):
    done = run("check")
    assert done.exit_code == 0
    assert json.loads(run("check", "trial", "--json").stdout) == []


def test_check_refuses_a_bad_pack_with_place_rule_and_words(run, pack):
    (pack / "notes.txt").write_text("x")
    done = run("check", "trial")
    assert done.exit_code == 1
    assert f"{pack / 'notes.txt'}:1  files-have-fixed-names" in done.stdout
    (finding,) = json.loads(run("check", "--json").stdout)
    assert finding["rule"] == "files-have-fixed-names"


def test_check_of_a_pack_that_is_not_there_is_an_error(run):
    assert isinstance(run("check", "nothing").exception, NotFound)


def test_the_rules_can_be_read(run):
    assert "codes-have-a-date" in run("check", "--rules").output


def test_new_begins_a_pack_that_passes(run, pack):
    done = run("new", "traffic-safety", "--title", "An toàn giao thông", "--title-en", "Traffic safety")
    assert done.exit_code == 0
    assert (pack.parent / "traffic-safety" / "pack.yaml").is_file()
    assert run("check", "traffic-safety").exit_code == 0
