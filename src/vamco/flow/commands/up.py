"""`vamco up`: sets up what is missing, then serves until it is stopped."""

import os
import signal
import socket
import webbrowser
from typing import Final

import click
from django.conf import settings

from vamco.flow.command_line import language
from vamco.flow.serving import Household, demo, wait_until_served, web_server, worker
from vamco.flow.setting_up import set_up
from vamco.intake.models import Delivery
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import say

_OWN_DATA: Final = "operations."  # what the centre tells of itself is there beside a made-up province too
_DAYS_TOLD: Final = 21  # as many as the made-up watch lives through


@click.command()
@click.option("--port", type=int, default=None, help="Port on the loopback address (VAMCO_PORT).")
@click.option(
    "--demo/--no-demo",
    "demos",
    default=True,
    help="Make up a province (mô phỏng) while nothing real has been delivered.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the browser where there is a screen.")
def command(*, port: int | None, demos: bool, opens: bool) -> None:
    """Set up what is missing and serve: web server and worker, until stopped."""
    port = port or settings.PORT
    _require_free(port)
    for step, outcome in set_up():
        click.echo(say(f"flow.step_{step}", language()))
        if step == "first_account" and outcome:
            click.secho(say("flow.first_account", language(), account=outcome), bold=True)
    _serve(port, once=_demo() if demos else [], opens=opens)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused("flow.port_taken", port=port)


def _demo() -> list[list[str]]:
    """The made-up province, begun or taken up again; never beside real figures."""
    real = Delivery.objects.filter(is_simulated=False).exclude(contract_id__startswith=_OWN_DATA)
    if real.exists():
        return []
    click.echo(say("flow.demo_begins", language()))
    return demo(_DAYS_TOLD)


def _serve(port: int, *, once: list[list[str]], opens: bool) -> None:
    household = Household([web_server(port), worker()], once)
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
