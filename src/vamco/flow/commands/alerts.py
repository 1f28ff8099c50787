"""`vamco alerts`: rules and their tests, rehearsals on the past, incidents, and how well the watch is kept."""

import click

from vamco.flow.rehearsing_alerts import rehearse, test
from vamco.flow.showing_alerts import evaluate, kpis, list_them, rules, show


@click.group()
def group() -> None:
    """Rules of alerts, what they say, and what they would have said."""


for member in (rules, list_them, show, evaluate, rehearse, test, kpis):
    group.add_command(member)
