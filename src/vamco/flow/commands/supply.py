"""`vamco supply`: what is owed, by whom, and what has not come."""

from datetime import date, datetime

import click

from vamco.flow.command_line import print_json
from vamco.intake.supply import Supply, late, supplies


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of that day; today when not given.")
@click.option("--all", "everything", is_flag=True, help="Every owed period, not only what is missing.")
@click.option("--json", "as_json", is_flag=True)
def command(on: datetime | None, *, everything: bool, as_json: bool) -> None:
    """The supply ledger: who owes which data, and who is late."""
    today: date | None = on.date() if on else None
    found = supplies(today) if everything else late(today)
    if as_json:
        print_json([entry.as_dict() for entry in found])
        return
    for entry in found:
        click.echo(_line(entry))


def _line(entry: Supply) -> str:
    return (
        f"{entry.state.value:12} {entry.n_days_late:>4} {entry.due_on} {entry.contract.id:40} "
        f"{entry.period.title.vi:18} {entry.agency}"
    )
