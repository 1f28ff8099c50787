"""The processes of an installation: the web server and the worker, kept running together."""

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils import timezone

_BIN: Final = Path(sys.executable).parent
_GRACE_SECONDS: Final = 15
_HEADERS_WITHIN_MS: Final = 10_000


def web_server(port: int, host: str = "127.0.0.1") -> list[str]:
    """The command of the web server: WSGI, two processes of eight threads.

    It has no time limit on bodies, so a proxy that takes them in first stands before it. HTTP/2, by which
    one connection could hold every thread, is left to that proxy.
    """
    return [
        str(_BIN / "granian"),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--http", "1", "--no-ws", "--http1-header-read-timeout", str(_HEADERS_WITHIN_MS)),
        *("--workers", "2", "--blocking-threads", "8", "--log-level", "error", "--respawn-failed-workers"),
        "vamco.wsgi:application",
    ]


def worker() -> list[str]:
    """The command of the worker."""
    return [str(_BIN / "vamco"), "worker"]


def demo(days: int) -> list[list[str]]:
    """The commands that make up a province, and tell what the centre did with it in the last days."""
    since = timezone.localdate() - timedelta(days=days)
    vamco = str(_BIN / "vamco")
    return [[vamco, "demo"], [vamco, "operations", "deliver", "--since", since.isoformat()]]


class Household:
    """Processes that live and end together; one that dies is started again after a pause.

    Those of `once` run one after another beside them, and are not started again.
    """

    def __init__(self, commands: Sequence[Sequence[str]], once: Sequence[Sequence[str]] = ()) -> None:
        self._commands = commands
        self._waiting = list(once)
        self._passing: subprocess.Popen[bytes] | None = None
        self._running: list[subprocess.Popen[bytes]] = []
        self._stopped = threading.Event()

    def start(self) -> None:
        """Start every process."""
        self._running = [_start(command) for command in self._commands]

    def watch(self) -> None:
        """Keep them running until `stop`; then end them, in order, with time to finish."""
        while not self._stopped.wait(1):
            for place, command in enumerate(self._commands):
                if self._running[place].poll() is not None:
                    self._running[place] = _start(command)
            if self._waiting and (self._passing is None or self._passing.poll() is not None):
                self._passing = _start(self._waiting.pop(0))
        living = [*self._running, *([self._passing] if self._passing else [])]
        for process in living:
            process.send_signal(signal.SIGTERM)
        for process in living:
            _end(process)

    def stop(self) -> None:
        """Ask `watch` to end."""
        self._stopped.set()


def wait_until_served(address: str, seconds: float = 30) -> bool:
    """Whether the address answers in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own loopback address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own commands


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
