"""`vamco test`: the default suite; `--all` adds the checks, the slow tests and PostgreSQL."""

from collections.abc import Mapping
from typing import Final

import click

from vamco.flow.checkout import exit_code, require_checkout, tool
from vamco.flow.commands.check import failed_checks
from vamco.flow.postgres import temporary_postgres

# A worker that dies ends the run: with another in its place, the two may wait for each other forever.
_TWO_CORES: Final = ("-n", "2", "--dist", "loadgroup", "--max-worker-restart", "0")
_SOME_FAILED: Final = 1  # pytest's code for a run that came to its end


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--all", "everything", is_flag=True, help="Checks, slow tests, and the suite on PostgreSQL too."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, everything: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests (in a checkout); further ARGUMENTS go to pytest."""
    require_checkout("test")
    if not everything:
        passed = tool("pytest", *_TWO_CORES, *arguments)
        raise SystemExit(0 if passed else 1)
    failed = failed_checks()
    click.secho("· every test, on SQLite", err=True)
    if not _passes("-m", "", *arguments):
        failed.append("tests on SQLite")
    click.secho("· the default suite, as far as it uses the database, on PostgreSQL", err=True)
    with temporary_postgres() as url:
        if not _passes("--database", *arguments, environment={"VAMCO_DATABASE_URL": url}):
            failed.append("tests on PostgreSQL")
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


def _passes(*arguments: str, environment: Mapping[str, str] | None = None) -> bool:
    """Whether the tests pass. Some measure time: what fails beside others must fail alone too, to count."""
    code = exit_code("pytest", *_TWO_CORES, *arguments, environment=environment)
    if code != _SOME_FAILED:
        return code == 0
    click.secho("· what failed, once more and alone", err=True)
    alone = ("--last-failed", "--last-failed-no-failures", "none")
    return tool("pytest", *alone, *arguments, environment=environment)
