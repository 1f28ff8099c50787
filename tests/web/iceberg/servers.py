"""Real servers for the tests of the door: ours under Granian, and Sail with two workers.

`granian tests.web.iceberg.servers:application` serves the test's own database.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@contextmanager
def running(command, log, **environment):
    """A process for as long as the block runs."""
    with Path(log).open("w") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def await_port(port, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, Path(log).read_text()
        with socket.socket() as opened:
            if opened.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(Path(log).read_text())


def our_environment():
    """What a process of ours needs to work on the test's database and files."""
    from django.conf import settings
    from django.db import connection

    return {
        "DJANGO_SETTINGS_MODULE": "vamco.settings",
        "VAMCO_HOME": str(settings.HOME),
        "VAMCO_WAREHOUSE_URL": str(settings.WAREHOUSE_URL),
        "VAMCO_PACKS_DIR": str(settings.PACKS_DIR),
        "DOOR_DATABASE": str(connection.settings_dict["NAME"]),
    }


@contextmanager
def our_door(folder):
    """Our server; yields the address of the door."""
    port, log = free_port(), folder / "granian.log"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "2", "tests.web.iceberg.servers:application"]
    with running(command, log, **our_environment()) as process:
        await_port(port, process, log)
        yield f"http://127.0.0.1:{port}/iceberg"


@contextmanager
def upkeep(folder):
    """Compaction and cleaning for as long as the block runs, and never killed."""
    stop, log = folder / "stop-upkeep", folder / "upkeep.log"
    command = [sys.executable, "-m", "tests.web.iceberg.upkeep", str(stop)]
    with running(command, log, **our_environment()) as process:
        try:
            yield
        finally:
            stop.touch()
            process.wait(60)
    assert process.returncode == 0, log.read_text()


@contextmanager
def sail(folder, door, key):
    """Sail with two workers that knows the door's address and a key; yields its address."""
    port, log = free_port(), folder / "sail.log"
    catalogue = f'{{type="iceberg-rest", name="vamco", uri="{door}", bearer_access_token="{key}"}}'
    environment = {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
        "SAIL_CATALOG__LIST": f"[{catalogue}]",
        "SAIL_CATALOG__DEFAULT_CATALOG": "vamco",
    }
    command = [sys.executable, "-m", "pysail", "spark", "server", "--port", str(port)]
    with running(command, log, **environment) as process:
        await_port(port, process, log)
        yield f"sc://127.0.0.1:{port}"


def _application():
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["DOOR_DATABASE"]
    from vamco.wsgi import application

    return application


if "DOOR_DATABASE" in os.environ:
    application = _application()
