"""`vamco reference`: writes the reference pages that are made from the code."""

import click

from vamco.flow.checkout import ROOT, require_checkout
from vamco.flow.reference import PAGES


@click.command()
@click.option("--write", is_flag=True, help="Write the pages to docs/reference instead of listing them.")
def command(*, write: bool) -> None:
    """The reference pages made from the code (in a checkout)."""
    require_checkout("reference")
    for name, page in PAGES.items():
        if write:
            (ROOT / "docs" / "reference" / name).write_text(page(), "utf-8")
        click.echo(f"docs/reference/{name}")
