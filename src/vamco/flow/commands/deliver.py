"""`vamco deliver`: hands a file in, checks it, and prints its receipt."""

from pathlib import Path

import click

from vamco.accounts.policy import PROGRAM
from vamco.flow.command_line import language, print_json
from vamco.flow.receipts import as_dict, show
from vamco.intake.models import Channel, State
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--contract", required=True, help="The dataset it is for: <pack>.<dataset>.")
@click.option("--period", required=True, help="The period it is for, such as 2026-06 or 'Quý II/2026'.")
@click.option("--agency", help="Code of the agency that delivers, to be sure that it is the one that owes.")
@click.option("--key", help="Idempotency key: the same key is the same delivery.")
@click.option("--map-on", help="The day whose map of units the file uses.")
@click.option("--encoding", help="The encoding of a text file, where it is known.")
@click.option("--sheet", help="The sheet of a workbook.")
@click.option("--wait/--no-wait", default=True, help="Check at once, or leave it to the worker.")
@click.option("--json", "as_json", is_flag=True)
def command(
    file: Path,
    contract: str,
    period: str,
    agency: str | None,
    key: str | None,
    *,
    wait: bool,
    as_json: bool,
    **options: str | None,
) -> None:
    """Deliver a file for a contract and period. Exits with 1 when nothing of it was accepted."""
    with file.open("rb") as stream:
        received = receive(
            PROGRAM,
            contract,
            period,
            stream,
            file.name,
            Channel.COMMAND_LINE,
            agency=agency,
            idempotency_key=key,
            options={name: value for name, value in options.items() if value},
        )
    delivery = check_one(received.delivery, "command-line") if wait else received.delivery
    if as_json:
        print_json({**as_dict(delivery), "is_new": received.is_new})
    else:
        show(delivery, language(), is_new=received.is_new)
    if delivery.state in (State.REJECTED, State.UNREADABLE):
        raise SystemExit(1)
