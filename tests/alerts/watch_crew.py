"""Real workers that evaluate a trial rule, tell of what they find and send it; they can be killed at any moment.

`python -m tests.alerts.watch_crew` imports everything once, then forks a worker for each line of standard
input: {"log": path of what is bad, "steps": path, "port": n}; it answers with the pid.
"""

import json
import os
import signal
import sys
import traceback
from datetime import timedelta
from itertools import count
from pathlib import Path

from django.conf import settings
from tests.notifying.crew import PostCrew, channels_to

PHASES = ("evaluating", "telling", "sending")  # of the steps in turn


class WatchCrew(PostCrew):
    """Starts, kills and awaits workers that watch."""

    module = "tests.alerts.watch_crew"


def trial():
    """The rule, and the packs that hold it alone."""
    from tests.alerts.conftest import a_rule, words

    from vamco.packs.pack import Pack, Packs

    rule = a_rule()
    pack = Pack("trial", words("Thử"), "so-y-te", "1", (), (), (), Path("trial"), alert_rules=(rule,))
    return rule, Packs((pack,))


def _work(order):
    from django.utils import timezone

    from vamco.alerts import evaluating, rules, telling
    from vamco.notifying import sending

    at = os.open(order["steps"], os.O_WRONLY | os.O_CREAT)
    channels, world = channels_to(order["port"]), Path(order["world"])
    rule, packs = trial()
    evaluating.packs = rules.packs = lambda: packs
    evaluating.findings = lambda rule, _now: _findings(rule, world)
    telling.TIMING = telling.GroupTiming(wait=timedelta(0), interval=timedelta(0), repeat=timedelta(hours=4))
    for turn in count():
        _say(at, 3 * turn)
        evaluating.evaluate([rule], timezone.now())
        _say(at, 3 * turn + 1)
        telling.tell(channels, timezone.now())
        _say(at, 3 * turn + 2)
        sending.send_due(channels)


def _say(at, step):
    """How many steps it has begun, so that the test can kill it in any, however busy the machine is."""
    os.pwrite(at, f"{step:06d}".encode(), 0)


def _findings(rule, world):
    """Of every unit that the file names, whether it is bad."""
    from tests.alerts.conftest import finding

    from vamco.alerts.lifecycle import Verdict

    told = json.loads(world.read_text())
    return [
        finding(rule, unit=unit, verdict=Verdict.BAD if is_bad else Verdict.GOOD)
        for unit, is_bad in told.items()
    ]


def _warm_up():
    """Load what every child would load for itself, and leave no connection to be shared."""
    from django.db import connections

    from vamco.alerts.models import Alert
    from vamco.alerts.muting import sources
    from vamco.alerts.naming import where
    from vamco.alerts.plan import watch_plan

    (rule, _), _ = trial(), watch_plan()
    sources(rule.indicator)
    where([Alert(labels={"unit": "27694@2025-07-01"})], "vi")
    connections.close_all()


def _serve():
    import django

    settings.DATABASES["default"]["NAME"] = os.environ["CREW_DATABASE"]
    django.setup()
    import apprise

    import vamco.alerts.evaluating
    import vamco.alerts.telling
    import vamco.notifying.sending  # noqa: F401  before forking: the children start at once

    apprise.Apprise.instantiate("json://localhost")
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _work(json.loads(line))
            except Exception:  # noqa: BLE001  whatever it is, whoever runs the test shall read it
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
