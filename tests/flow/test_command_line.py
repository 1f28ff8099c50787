"""Errors leave the command line in words, with what may have been meant, or as JSON."""

import json
import subprocess
import sys

import pytest

from vamco.flow.command_line import main, vamco
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
    assert what == "“xã Tân Thành” ngày 01/01/2025 có thể là nhiều đơn vị."
    assert len(candidates) == 4
    assert candidates[0].startswith("  - 25543 Xã Tân Thành, Huyện Tân Châu, Tỉnh Tây Ninh [")
    assert "huyện" in advice


def test_candidates_that_are_names_are_listed_as_they_are(leave):
    code, _, said = leave("pack", "check", "no-such-pack")
    assert code == VamcoError.exit_code
    assert "  - health\n" in said


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_help_and_version_wait_for_no_heavy_module(asked):
    """What a command needs is loaded when that command is called."""
    code = "import sys; sys.argv = ['vamco', sys.argv[1]]; from vamco.flow.command_line import main\n"
    code += "try: main()\nfinally: print({'django', 'duckdb', 'sqlglot', 'pyiceberg', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code, asked], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_help_says_what_each_command_is_for(capsys):
    with pytest.raises(SystemExit):
        vamco(["--help"], prog_name="vamco")
    lines = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    said = dict(line.split(maxsplit=1) for line in lines if line[2:3].strip())
    assert sorted(said) == vamco.list_commands(None)
    assert said["supply"].startswith("what is owed, by whom")


def test_programs_get_the_candidates_whole(leave):
    code, out, _ = leave(*HOMONYM, "--json")
    error = json.loads(out)["error"]
    assert (code, error["id"]) == (Ambiguous.exit_code, "geography.ambiguous_name")
    assert {candidate["code"] for candidate in error["details"]["candidates"]} >= {"27850"}
