"""`vamco indicators`: figures, where they come from, and whether they can be recomputed."""

import click

from vamco.flow.showing_figures import show


@click.group()
def group() -> None:
    """Figures of the observation ledger."""


group.add_command(show)
