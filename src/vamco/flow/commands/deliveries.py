"""`vamco deliveries`: what came in, what was said of it, and corrections that go back in."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from vamco.accounts.policy import PROGRAM
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import cell, table
from vamco.flow.receipts import as_dict, find, receipt_of, show, state_in_words
from vamco.flow.saving import saved
from vamco.intake.contracts import contract_of
from vamco.intake.difference import Change, RowDifference, difference
from vamco.intake.models import Delivery, State
from vamco.intake.rejects_file import rejects_in
from vamco.intake.replay import replay
from vamco.intake.report import report_in
from vamco.intake.whole import latest_readable
from vamco.intake.withdrawing import withdraw
from vamco.intake.worker import check_one
from vamco.packs.contract import Column, Contract
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import say

_SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Deliveries, their receipts, rejects and restatements."""


@command.command("list")
@click.option("--contract", help="Only deliveries of this contract.")
@click.option("--state", type=click.Choice(State.values), help="Only deliveries in this state.")
@click.option("--limit", default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def list_(contract: str | None, state: str | None, limit: int, *, as_json: bool) -> None:
    """The latest deliveries, newest first."""
    found = Delivery.objects.all()
    found = found.filter(contract_id=contract) if contract else found
    found = found.filter(state=state) if state else found
    if as_json:
        print_json([as_dict(delivery) for delivery in found[:limit]])
        return
    rows = [
        (str(d.pk), d.contract_id, d.covered.title.in_(language()), state_in_words(d, language()))
        for d in found[:limit]
    ]
    header = [say(f"flow.deliveries_{name}", language()) for name in ("number", "dataset", "period", "state")]
    for line in table(header, rows):
        click.echo(line)


@command.command("show")
@click.argument("delivery_id", type=int)
@click.option("--json", "as_json", is_flag=True)
def show_(delivery_id: int, *, as_json: bool) -> None:
    """One delivery with its latest receipt."""
    delivery = find(delivery_id)
    if as_json:
        print_json(as_dict(delivery))
    else:
        show(delivery, language())


@command.command()
@click.argument("delivery_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="The whole report, with every finding.")
def receipt(delivery_id: int, *, as_json: bool) -> None:
    """The latest receipt of a delivery."""
    delivery = find(delivery_id)
    found = receipt_of(delivery)
    if not as_json:
        show(delivery, language())
        return
    print_json(report_in(found, language(), is_complete=True))


@command.command()
@click.argument("delivery_id", type=int)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def rejects(delivery_id: int, output: Path) -> None:
    """Save the rows that wait to be corrected, in the sender's own layout."""
    latest = latest_readable(find(delivery_id))
    found = rejects_in(latest, language()) if latest else None
    if found is None:
        raise Refused("intake.nothing_to_correct", delivery=delivery_id)
    with found.open("rb") as kept, saved(output) as file:
        shutil.copyfileobj(kept, file)
    click.echo(str(output))


@command.command("replay")
@click.argument("delivery_id", type=int)
@click.argument("file", type=_FILE)
@click.option("--wait/--no-wait", default=True, help="Check at once, or leave it to the worker.")
@click.option("--json", "as_json", is_flag=True)
def replay_(delivery_id: int, file: Path, *, wait: bool, as_json: bool) -> None:
    """Send corrected rejects back as a further part of their delivery."""
    delivery = find(delivery_id)
    with file.open("rb") as stream:
        replay(PROGRAM, delivery, stream, file.name)
    delivery.refresh_from_db()
    delivery = check_one(delivery, "command-line") if wait else delivery
    if as_json:
        print_json(as_dict(delivery))
    else:
        show(delivery, language())
    latest = delivery.receipt
    is_settled = delivery.state == State.ACCEPTED  # its last rows may have been dropped
    if (
        wait
        and latest is not None
        and not is_settled
        and latest.outcome in (State.REJECTED, State.UNREADABLE)
    ):
        raise SystemExit(1)


@command.command("withdraw")
@click.argument("delivery_id", type=int)
@click.option("--why", required=True, help="Why these figures are no longer to be used; it is kept.")
@click.option("--json", "as_json", is_flag=True)
def withdraw_(delivery_id: int, why: str, *, as_json: bool) -> None:
    """Take an accepted delivery out of its dataset; what was known before stays readable."""
    delivery = withdraw(PROGRAM, find(delivery_id), why)
    if as_json:
        print_json(as_dict(delivery))
    else:
        show(delivery, language())


@command.command("difference")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--limit", default=1000, show_default=True, help="The most rows to show.")
@click.option("--json", "as_json", is_flag=True)
def difference_(before: int, after: int, limit: int, *, as_json: bool) -> None:
    """The rows that differ between two deliveries of one dataset."""
    restated = find(after)
    found = difference(find(before), restated, limit)
    if as_json:
        print_json([row.as_dict() for row in found])
        return
    contract = contract_of(restated.contract_id)
    lines = [_difference(row, contract) for row in found] or [say("flow.difference_none", language())]
    for line in lines:
        click.echo(line)


def _difference(row: RowDifference, contract: Contract) -> str:
    key = contract.key or tuple(column.name for column in contract.columns)
    named = " | ".join(
        _written(contract.column(name), value) for name, value in zip(key, row.key, strict=True)
    )
    return f"{_SIGNS[row.change]} {named}  {', '.join(_cells(row, contract))}".rstrip()


def _cells(row: RowDifference, contract: Contract) -> Iterator[str]:
    """The cells beside the key: of a changed row before and after, else as they are or were."""
    for name in (name for name in row.cells if name not in contract.key and contract.key):
        column = contract.column(name)
        was, now = (_written(column, value) for value in row.cells[name])
        shown = (
            f"{was} → {now}" if row.change is Change.CHANGED else now if row.change is Change.ADDED else was
        )
        yield f"{column.title.in_(language())}: {shown}"


def _written(column: Column, value: Any) -> str:
    if value is None:
        return say("flow.value_blank", language())
    return cell(value) if column.is_quantity or not isinstance(value, int) else str(value)
