"""The tutorial is followed to the letter, and what it promises happens."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from vamco.flow.command_line import vamco
from vamco.intake.models import Delivery, State

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[1] / "docs" / "tutorial" / "lan-cap-dau-tien.md"
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
PROMISED_DELIVERY = "11"


def run(line: str) -> str:
    done = CliRunner().invoke(vamco, line.split()[1:], catch_exceptions=False)
    assert done.exit_code == 0, f"{line}: {done.output}"
    return done.output


def test_whoever_follows_the_tutorial_gets_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    Path("ca-benh.csv").write_text(next(text for kind, text in blocks if kind == "csv"), "utf-8")
    commands = [line for kind, text in blocks if not kind for line in text.splitlines()]
    said = {}
    for line in commands[1:]:
        number = str(Delivery.objects.latest("id").pk) if Delivery.objects.exists() else ""
        if "replay" in line:
            assert Delivery.objects.get().state == State.PARTLY_ACCEPTED
            mended = Path("can-sua.csv").read_text("utf-8-sig").replace("SXH,", "A97,", 1)
            Path("can-sua.csv").write_text(mended.replace("31/11/2026", "03/11/2026", 1), "utf-8-sig")
        said[line] = run(line.replace(PROMISED_DELIVERY, number))
    assert Delivery.objects.get().state == State.ACCEPTED
    assert all(
        f"MP-TU-0{n}" in said["./vamco warehouse show health.notified_cases --limit 5"] for n in range(1, 5)
    )
    assert "Phường 1" in said["./vamco geography unit 27694 --on 2025-06-30"]
    assert "Phường Long An" in said["./vamco geography unit 27694 --on 2025-07-01"]
