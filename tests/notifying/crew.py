"""Real workers that empty one outbox; they can be killed at any moment.

`python -m tests.notifying.crew` imports everything once, then forks a worker for each line of
standard input: {"log": path, "port": n}; it answers with the pid.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

from django.conf import settings
from django.db import connection
from tests.warehouse.crew import ROOT, Crew


class PostCrew(Crew):
    """Starts, kills and awaits workers that send."""

    module = "tests.notifying.crew"

    def __init__(self, folder):
        self.folder, self.pids = folder, {}
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vamco.settings",
            "VAMCO_HOME": str(settings.HOME),
            "CREW_DATABASE": str(connection.settings_dict["NAME"]),
        }
        self.forker = subprocess.Popen(
            [sys.executable, "-m", self.module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def channels_to(port):
    """A mail-like channel, of which nobody knows what arrived, and one that drops repeats."""
    from vamco.notifying.channels import Channel, Channels, Recipient
    from vamco.notifying.restraint import Limit

    free = Limit(1_000_000, timedelta(hours=1))
    by_name = {
        name: Channel(name, f"json://127.0.0.1:{port}/{name}", free, is_idempotent=name == "gateway")
        for name in ("mail", "gateway")
    }
    return Channels(by_name, tuple(Recipient(name, "truc-ban", role="operator") for name in by_name))


def _work(order):
    from vamco.notifying.sending import send_due

    while send_due(channels_to(order["port"])):
        pass


def _serve():
    import django

    settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
    django.setup()
    import apprise

    import vamco.notifying.sending  # noqa: F401  before forking: the children start at once

    apprise.Apprise.instantiate("json://localhost")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _work(json.loads(line))
            finally:
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
