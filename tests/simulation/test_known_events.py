"""What was made up on purpose is listed, so that a rehearsal can be judged by it."""

import csv

from click.testing import CliRunner

from vamco.alerts.known_events import HEADER, read_events
from vamco.simulation.command import command


def test_the_outbreak_the_attack_and_the_silent_source_are_listed_and_marked_as_made_up():
    done = CliRunner().invoke(command, ["--events", "--until", "2026-11-22"], catch_exceptions=False)
    header, *rows = csv.reader(done.stdout.splitlines())
    assert tuple(header) == HEADER
    assert all("(mô phỏng)" in name for name, *_ in rows)
    assert {row[-1] for row in rows} == {"health", "information-security", "operations"}
    assert ("27694", "2026-08-03", "2026-10-18", "health") in {tuple(row[1:]) for row in rows}
    assert rows[-1][1:] == ["health.medicine_stock", "2026-10-26", "2026-11-23", "operations"]


def test_a_rehearsal_can_read_the_list(tmp_path):
    done = CliRunner().invoke(command, ["--events", "--until", "2026-11-22"], catch_exceptions=False)
    file = tmp_path / "events.csv"
    file.write_text(done.stdout, "utf-8")
    assert {event.service for event in read_events(file)} == {"health", "information-security", "operations"}
