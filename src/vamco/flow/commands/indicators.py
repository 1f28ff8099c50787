"""`vamco indicators`: figures, where they come from, and whether they can be recomputed."""

import click

from vamco.flow.computing_figures import compute, list_them, verify
from vamco.flow.showing_figures import show


@click.group()
def group() -> None:
    """Figures of the observation ledger."""


for member in (list_them, show, compute, verify):
    group.add_command(member)
