"""Real processes that write, read and compact one warehouse; they can be killed at any moment.

`python -m tests.warehouse.crew` imports everything once, then forks a process for each line of
standard input: {"job": name, "log": path, ...}; it answers with the pid.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[2]
ROWS = [("a", 1), ("b", 2), ("c", 3)]


class Crew:
    """The test's end: starts processes, reads their logs, kills and awaits them."""

    def __init__(self, folder):
        self.folder = folder
        database = connection.settings_dict
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vamco.settings",
            "VAMCO_HOME": str(settings.HOME),
            "VAMCO_WAREHOUSE_URL": str(settings.WAREHOUSE_URL),
            "CREW_DATABASE": str(database["NAME"]),
        }
        self.forker = subprocess.Popen(
            [sys.executable, "-m", "tests.warehouse.crew"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pids = {}

    def start(self, job, name, **options):
        order = {"job": job, "log": str(self.folder / name), **options}
        print(json.dumps(order), file=self.forker.stdin, flush=True)
        self.pids[name] = int(self.forker.stdout.readline())

    def log(self, name):
        with suppress(FileNotFoundError):
            return (self.folder / name).read_text().splitlines()
        return []

    def kill(self, name):
        with suppress(ProcessLookupError):
            os.kill(self.pids[name], signal.SIGKILL)
        self.wait(name)

    def wait(self, *names, seconds=90):
        deadline = time.monotonic() + seconds
        for name in names:
            while self.runs(name):
                assert time.monotonic() < deadline, (name, self.log(name))
                time.sleep(0.005)

    def runs(self, name):
        with suppress(ProcessLookupError):
            os.kill(self.pids[name], 0)
            return True
        return False

    def close(self):
        for name in self.pids:
            self.kill(name)
        self.forker.stdin.close()
        self.forker.stdout.close()
        self.forker.wait()


def write(say, *, first, n, restate=False):
    """Deliver `n` deliveries; with `restate`, each replaces the one before it."""
    import duckdb
    from tests.warehouse.deliveries import Deliveries

    from vamco.vocabulary.errors import Refused
    from vamco.warehouse.models import LedgerEntry

    with duckdb.connect(config={"threads": 1}) as opened:
        deliver, before = Deliveries(opened), ()
        for delivery_id in range(first, first + n):
            started = time.perf_counter()
            try:
                entry = deliver(delivery_id, ROWS, supersedes=before)
            except Refused as error:
                if error.key != "warehouse.recorded_before":
                    raise
                entry = LedgerEntry.objects.get(delivery_id=delivery_id)
            before = (entry,) if restate else ()
            say(delivery_id, time.perf_counter() - started)


def read(say, *, until):
    """Read until the file `until` is there: every delivery whole, none gone that was seen and not restated."""
    from tests.warehouse.deliveries import ask

    seen: set[int] = set()
    while not Path(until).exists():
        rows = ask("SELECT delivery_id, count(*), sum(n) FROM health.cases GROUP BY delivery_id")
        torn = [row for row in rows if row[1:] != (len(ROWS), sum(n for _, n in ROWS))]
        now = {row[0] for row in rows}
        lost = {delivery_id for delivery_id in seen - now if delivery_id < 1000}
        say("torn" if torn or lost else "whole", len(now))
        seen |= now


def compact(say, *, until):
    """Compact and clean until the file `until` is there."""
    from tests.warehouse.deliveries import CASES

    from vamco.warehouse import cleaning, compaction

    while not Path(until).exists():
        done = compaction.compact(CASES)
        cleaned = cleaning.clean(grace=timedelta(seconds=5))
        say(done.n_rows_rewritten, len(cleaned.replaced))


def _run(order):
    job, log = order.pop("job"), order.pop("log")
    settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
    random.seed(os.getpid())
    with Path(log).open("a", buffering=1) as opened:
        {"write": write, "read": read, "compact": compact}[job](
            lambda *said: print(*said, file=opened), **order
        )
        print("done", file=opened)


def _serve():
    import django

    settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
    django.setup()
    for module in ("tests.warehouse.deliveries", "vamco.warehouse.cleaning", "vamco.warehouse.compaction"):
        import_module(module)  # before forking: the children start at once

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _run(json.loads(line))
            except Exception as error:  # noqa: BLE001  whatever it is, the test shall read it
                with Path(json.loads(line)["log"]).open("a") as log:
                    traceback.print_exc(file=log)
                    print("failed", type(error).__name__, file=log)
            finally:
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
