"""`vamco demo`: makes up a province (mô phỏng) and delivers its figures through the real intake."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from vamco.geography.loading import province_register
from vamco.indicators.leasing import alone
from vamco.intake.contracts import packs
from vamco.intake.models import Delivery
from vamco.simulation.feeds import feeds
from vamco.simulation.known_events import as_csv, events_of
from vamco.simulation.plan import Shipment, plan
from vamco.simulation.running import HOLDER, Progress, run
from vamco.simulation.watching.replay import replay
from vamco.simulation.world import World
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import language, say
from vamco.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@click.command()
@click.option("--seed", type=int, default=80, show_default=True, help="Another number, another province.")
@click.option(
    "--scale", type=click.FloatRange(0.01, 1000), default=1.0, show_default=True, help="How much happens."
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day of arrivals (now by default)."
)
@click.option("--pack", "only", multiple=True, help="Only these services.")
@click.option("--events", "lists_events", is_flag=True, help="Only list the events made up, as CSV.")
def command(
    seed: int, scale: float, until: datetime | None, only: tuple[str, ...], *, lists_events: bool
) -> None:
    """Make up a province and deliver its figures; everything is marked mô phỏng. Can be taken up again."""
    if not lists_events:
        _require_set_up()
    days = WorkCalendar.load(Path(settings.PROVINCES_DIR) / settings.PROVINCE / "calendar.csv")
    world = World(province_register(settings.PROVINCES_DIR, settings.PROVINCE), seed, scale, days)
    if lists_events:
        click.echo(as_csv(events_of(world, feeds(), _end(until).date())), nl=False)
        return
    end = _end(until)
    shipments = _shipments(world, days, end, only)
    with alone(HOLDER) as renew:
        n_new = _deliver(world, shipments, renew)
        click.echo(say("simulation.delivered", language(), n=n_new, n_all=len(shipments)))
        watched = None if only else replay(world, min(end, timezone.localtime()), renew)
    if watched is not None:
        click.echo(say("simulation.watched", language(), **asdict(watched)))


def _deliver(world: World, shipments: list[Shipment], renew: Callable[[], None]) -> int:
    with click.progressbar(
        length=len(shipments), label=say("simulation.delivering", language(), month="…")
    ) as bar:
        return run(world, shipments, lambda progress: _show(bar, progress), renew)


def _require_set_up() -> None:
    if Delivery._meta.db_table not in connection.introspection.table_names():
        raise Refused("simulation.not_set_up")


def _shipments(world: World, days: WorkCalendar, until: datetime, only: tuple[str, ...]) -> list[Shipment]:
    loaded = packs()
    wanted = [feed for feed in feeds() if not only or feed.contract.partition(".")[0] in only]
    return plan(world, [(feed, loaded.contract(feed.contract)) for feed in wanted], days, until)


def _end(until: datetime | None) -> datetime:
    """The end of that day, or now."""
    if until is None:
        return timezone.localtime()
    return timezone.make_aware(until) + timedelta(days=1)


def _show(bar: "ProgressBar[int]", progress: Progress) -> None:
    bar.label = say("simulation.delivering", language(), month=progress.month)
    bar.update(1)
