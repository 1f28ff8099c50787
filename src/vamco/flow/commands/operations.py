"""`vamco operations`: the centre's own data, delivered like any other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import click
from django.utils import timezone

from vamco.flow.command_line import language, print_json
from vamco.flow.figures import number
from vamco.flow.operations.exporting import deliver_day
from vamco.flow.parameters import DAY
from vamco.flow.receipts import as_dict
from vamco.indicators.catching_up import catch_up
from vamco.intake.models import Delivery
from vamco.intake.worker import check_one
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say


@click.group()
def command() -> None:
    """Deliveries, sign-ins and page uses of this installation."""


@command.command()
@click.option("--on", type=DAY, help="That day (22/11/2026 or 2026-11-22), as known when it ended.")
@click.option("--since", type=DAY, help="Every day from this one on, up to --on.")
@click.option("--json", "as_json", is_flag=True, help="The new deliveries as JSON.")
def deliver(on: datetime | None, since: datetime | None, *, as_json: bool) -> None:
    """Deliver the days that are not delivered yet; yesterday when none is named. A day may be named twice."""
    last = on.date() if on else timezone.localdate() - timedelta(days=1)
    first = since.date() if since else last
    if first > last:
        raise Misused("flow.days_backwards", since=f"{first:%d/%m/%Y}", on=f"{last:%d/%m/%Y}")
    made = [check_one(delivery, "operations") for day in _days(first, last) for delivery in deliver_day(day)]
    if made:
        catch_up()
    _show(made, as_json=as_json)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _show(made: list[Delivery], *, as_json: bool) -> None:
    if as_json:
        print_json([as_dict(delivery) for delivery in made])
        return
    for delivery in made:
        period = delivery.covered.title.in_(language())
        click.echo(f"{delivery.pk}  {delivery.contract_id}  {period}  {delivery.state}")
    click.echo(say("flow.operations_delivered", language(), n=number(len(made))))
