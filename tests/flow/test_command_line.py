"""Errors leave the command line in words, with what may have been meant, or as JSON."""

import json
import sys

import pytest

from vamco.flow.command_line import main
from vamco.vocabulary.errors import Ambiguous, VamcoError

HOMONYM = ("geography", "resolve", "xã Tân Thành", "--on", "2025-01-01")


@pytest.fixture
def leave(monkeypatch, capsys):
    """Runs the command, which is to fail: its exit code, standard output and error."""

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["vamco", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_candidates_are_listed_once_each_by_their_label(leave):
    code, out, said = leave(*HOMONYM)
    what, *candidates, advice = said.splitlines()
    assert (code, out) == (Ambiguous.exit_code, "")
    assert what == "“xã Tân Thành” ngày 2025-01-01 có thể là nhiều đơn vị."
    assert len(candidates) == 4
    assert candidates[0].startswith("  - 25543 Xã Tân Thành, Huyện Tân Châu, Tỉnh Tây Ninh [")
    assert "huyện" in advice


def test_candidates_that_are_names_are_listed_as_they_are(leave):
    code, _, said = leave("pack", "check", "no-such-pack")
    assert code == VamcoError.exit_code
    assert "  - health\n" in said


def test_programs_get_the_candidates_whole(leave):
    code, out, _ = leave(*HOMONYM, "--json")
    error = json.loads(out)["error"]
    assert (code, error["id"]) == (Ambiguous.exit_code, "geography.ambiguous_name")
    assert {candidate["code"] for candidate in error["details"]["candidates"]} >= {"27850"}
