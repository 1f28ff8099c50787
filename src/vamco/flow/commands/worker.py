"""`vamco worker`: the process beside the web server that checks deliveries and keeps the clock."""

import os
import signal
import socket
import threading

import click

from vamco.flow.worker import work


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def command(*, once: bool) -> None:
    """Check deliveries and run what is due, until stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(f"{socket.gethostname()}:{os.getpid()}", stop, once=once)
