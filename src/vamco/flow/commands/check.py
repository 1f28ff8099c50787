"""`vamco check`: format, lint, arrows, types, translations and docs."""

from typing import Final

import click

from vamco.flow.checkout import require_checkout, tool

CHECKS: Final = (
    ("format", ("ruff", "format", "--check", "--quiet", "src", "tests", "bench")),
    ("lint", ("ruff", "check", "--quiet", "src", "tests", "bench")),
    ("arrows", ("lint-imports",)),
    ("types", ("mypy",)),
    ("translations and docs", ("pytest", "tests/test_words.py", "tests/test_docs.py")),
)


def failed_checks() -> list[str]:
    """Names of the checks that fail; each prints its own findings."""
    failed = []
    for name, command in CHECKS:
        click.secho(f"· {name}", err=True)
        if not tool(*command):
            failed.append(name)
    return failed


@click.command()
def command() -> None:
    """Format, types, arrows, translations and docs (in a checkout)."""
    require_checkout("check")
    failed = failed_checks()
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")
    click.echo("every check passes")
