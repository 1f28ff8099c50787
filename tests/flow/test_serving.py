"""Processes that belong together: those that serve are kept alive, those that pass run one after another."""

import sys
import threading
import time

from vamco.flow.serving import Household


def program(path, text):
    return [
        sys.executable,
        "-c",
        f"open({str(path)!r}, 'a').write({text!r}); {'' if text != 'serving' else 'import time; time.sleep(60)'}",
    ]


def test_passing_processes_run_in_turn_and_once_while_the_serving_one_stays(tmp_path):
    told = tmp_path / "told"
    once = [program(told, "first "), program(told, "second ")]
    household = Household([program(tmp_path / "serving", "serving")], once)
    household.start()
    watching = threading.Thread(target=household.watch)
    watching.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (told.exists() and "second" in told.read_text()):
        time.sleep(0.1)
    household.stop()
    watching.join(20)
    assert told.read_text() == "first second "
    assert (tmp_path / "serving").read_text() == "serving"
    assert not watching.is_alive()
