"""`vamco up`: sets up what is missing, then serves until it is stopped."""

import os
import signal
import socket
import webbrowser

import click
from django.conf import settings

from vamco.flow.command_line import language
from vamco.flow.samples import deliver_samples
from vamco.flow.serving import Household, wait_until_served, web_server, worker
from vamco.flow.setting_up import set_up
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import say


@click.command()
@click.option("--port", type=int, default=None, help="Port on the loopback address (VAMCO_PORT).")
@click.option("--samples/--no-samples", default=True, help="Deliver the packs' made-up samples when empty.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser where there is a screen.")
def command(*, port: int | None, samples: bool, opens: bool) -> None:
    """Set up what is missing and serve: web server and worker, until stopped."""
    port = port or settings.PORT
    _require_free(port)
    for step, outcome in set_up():
        click.echo(say(f"flow.step_{step}", language()))
        if step == "first_account" and outcome:
            click.secho(say("flow.first_account", language(), account=outcome), bold=True)
    if samples:
        _deliver_samples()
    _serve(port, opens=opens)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused("flow.port_taken", port=port)


def _deliver_samples() -> None:
    number = deliver_samples()
    if number:
        click.echo(say("flow.samples_delivered", language(), number=number))


def _serve(port: int, *, opens: bool) -> None:
    household = Household([web_server(port), worker()])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: household.stop())
    household.start()
    _tell(f"http://127.0.0.1:{port}/", opens=opens)
    household.watch()


def _tell(address: str, *, opens: bool) -> None:
    if not wait_until_served(f"{address}healthz"):
        click.secho(say("flow.not_serving", language(), address=address), err=True)
        return
    click.secho(say("flow.serving", language(), address=address), bold=True)
    if opens and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(address)
