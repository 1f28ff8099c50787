"""The command `vamco`: finds its subcommands in `commands/`, and says errors in one shape."""

import ast
import json
import os
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import click

from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.messages import language as language
from vamco.vocabulary.text import with_written_days


class Commands(click.Group):
    """Every module of `commands/`, and what others enter as `vamco.commands`, is a subcommand; loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Names of the commands, as typed on the command line."""
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The module's `command`, or None when there is no such module."""
        if cmd_name not in _modules():
            return None
        _set_up_django()
        module = import_module(_modules()[cmd_name])
        return cast(click.Command, getattr(module, "command", None) or module.group)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the sentence that its module begins with: no command is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(name)) for name in self.list_commands(ctx)])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vamco")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of answers and refusals."
)
def vamco(lang: str | None) -> None:
    """Vàm Cỏ: operations centre and shared data warehouse of a province.

    Exit codes: 0 done, 1 refused (with the reason), 2 wrong usage, 3 ambiguous.
    """
    if lang:
        os.environ["VAMCO_LANGUAGE"] = lang


def print_json(value: Any) -> None:
    """A result for programs: JSON on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def main() -> None:
    """Run the command; errors leave with their exit code and one shape, JSON where JSON was asked."""
    try:
        vamco(prog_name="vamco")
    except VamcoError as error:
        _show(error)
        raise SystemExit(error.exit_code) from None


def _set_up_django() -> None:
    """Only before a command is loaded: help and version do not wait for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vamco.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@cache
def _modules() -> dict[str, str]:
    """The module of each command; other storeys enter theirs as entry points, for `flow` imports none of them."""
    package = import_module("vamco.flow.commands")
    own = {
        m.name.replace("_", "-"): f"{package.__name__}.{m.name}"
        for m in pkgutil.iter_modules(package.__path__)
    }
    return own | {entry.name: entry.module for entry in entry_points(group="vamco.commands")}


def _sentence(name: str) -> str:
    """What a command is for, read from the source of its module without running it."""
    found = find_spec(_modules()[name])
    if found is None or found.origin is None:
        return ""
    said = ast.get_docstring(ast.parse(Path(found.origin).read_text("utf-8"))) or ""
    return said.partition(": ")[2].partition("\n")[0]


def _show(error: VamcoError) -> None:
    if "--json" in sys.argv:
        print_json(error.as_dict(language()))
        return
    said = error.say(language())
    click.secho(with_written_days(said["what"], language()), err=True, bold=True)
    for candidate in error.details.get("candidates", ()):
        shown = candidate["label"] if isinstance(candidate, Mapping) else candidate
        click.echo(f"  - {with_written_days(shown, language())}", err=True)
    for part in ("kept", "next"):
        if said[part]:
            click.echo(said[part], err=True)
