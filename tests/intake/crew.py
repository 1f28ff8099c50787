"""Real processes that deliver into one installation; they can be killed at any moment.

`python -m tests.intake.crew` imports everything once, then forks a process for each line of
standard input: {"log": path, "first": n, "last": n, "n_rows": n}; it answers with the pid.
"""

import io
import json
import os
import signal
import subprocess
import sys
import traceback
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from tests.warehouse.crew import ROOT, Crew

FEW_ROWS = 3
EVERY = 3  # of as many deliveries one is large


class IntakeCrew(Crew):
    """Starts, kills and awaits processes that deliver and check."""

    def __init__(self, folder, lease_seconds):
        self.folder, self.pids = folder, {}
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vamco.settings",
            "VAMCO_HOME": str(settings.HOME),
            "VAMCO_WAREHOUSE_URL": str(settings.WAREHOUSE_URL),
            "CREW_DATABASE": str(connection.settings_dict["NAME"]),
            "CREW_LEASE_SECONDS": str(lease_seconds),
        }
        self.forker = subprocess.Popen(
            [sys.executable, "-m", "tests.intake.crew"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def n_rows_of(number, most):
    """How many rows the file of a delivery has."""
    return FEW_ROWS if number % EVERY else most


def content_of(number, most):
    """The file of a delivery: the same bytes each time, good rows and a bad one."""
    rows = range(n_rows_of(number, most))
    lines = [f"K{number}-{n},{n % 28 + 1:02}/06/2026,{n if n else 'x'}" for n in rows]
    return ("\n".join(["Mã ca,Ngày khởi phát,Số ca", *lines]) + "\n").encode()


def period_of(number):
    """Every fourth delivery restates the one before it; the others have a year of their own."""
    return str(1100 + number - (number % 4 == 3))


def work(name, first, last, n_rows, say):
    """Receive the deliveries from `first` to `last`, checking whatever waits after each."""
    from vamco.accounts.policy import PROGRAM
    from vamco.intake.models import Channel
    from vamco.intake.receiving import receive
    from vamco.intake.worker import check_next

    for number in range(first, last + 1):
        stream = io.BytesIO(content_of(number, n_rows))
        receive(
            PROGRAM,
            "trial.cases",
            period_of(number),
            stream,
            "in.csv",
            Channel.API,
            idempotency_key=f"k{number}",
        )
        say(number)
        check_next(name)
    while check_next(name):
        pass


def _prepare():
    from tests.intake.conftest import contract
    from tests.intake.test_deliveries import CASES

    from vamco.intake import contracts, worker
    from vamco.packs.pack import Pack, Packs

    made = contract(*CASES.columns)
    packs = Packs((Pack("trial", made.title, "so-y-te", "1", (), (), (made,), Path("trial")),))
    contracts._loaded = lambda _folder: packs
    lease = timedelta(seconds=float(os.environ["CREW_LEASE_SECONDS"]))
    worker.LEASE, worker._HEARTBEAT_SECONDS = lease, lease.total_seconds() / 4


def _run(order):
    with Path(order["log"]).open("a", buffering=1) as log:
        try:
            name = Path(order["log"]).name
            work(name, order["first"], order["last"], order["n_rows"], lambda *said: print(*said, file=log))
            print("done", file=log)
        except Exception:  # noqa: BLE001  whatever it is, the test shall read it
            traceback.print_exc(file=log)
            print("failed", file=log)


def _serve():
    import django

    settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
    django.setup()
    _prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _run(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
