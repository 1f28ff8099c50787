"""Reference pages that are made from the code, so that they cannot drift from it."""

from collections.abc import Callable
from typing import Final

import click

from vamco.accounts.roles import role_matrix
from vamco.flow.command_line import vamco
from vamco.flow.directives_reference import directives_page
from vamco.settings import DECLARED

_NOTE: Final = "<!-- Made by `vamco reference --write`; edit the code, not this page. -->\n"


def settings_page() -> str:
    """Every setting: name, default, purpose."""
    rows = []
    for setting in DECLARED.values():
        default = "the shipped folder" if setting.name.endswith("S_DIR") else setting.default or "(empty)"
        rows.append(f"| `{setting.name}` | `{default}` | {setting.purpose} |")
    return "\n".join(
        (
            "# Settings\n",
            _NOTE,
            "Settings are environment variables. A bad value stops the program at its start, with an id and a hint.\n",
            "| Variable | Default | What it is for |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def commands_page() -> str:
    """Every command of the command line with its help."""
    parts = ["# The command line\n", _NOTE, vamco.help or "", ""]
    context = click.Context(vamco, info_name="vamco")
    for name in vamco.list_commands(context):
        found = vamco.get_command(context, name)
        if found is not None:
            parts += _command(found, f"vamco {name}")
    return "\n".join(parts)


def _command(command: click.Command, path: str) -> list[str]:
    parts = [f"## `{path}`\n" if path.count(" ") == 1 else f"### `{path}`\n", _first_lines(command), ""]
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            parts += _command(child, f"{path} {name}")
    else:
        parts += _parameters(command)
    return parts


def _first_lines(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _parameters(command: click.Command) -> list[str]:
    rows = []
    for parameter in command.params:
        shown = (
            " ".join(parameter.opts) if isinstance(parameter, click.Option) else f"{parameter.name}".upper()
        )
        rows.append(f"- `{shown}` {getattr(parameter, 'help', None) or ''}".rstrip())
    return [*rows, ""] if rows else []


def roles_page() -> str:
    """The role matrix: every permission and who has it."""
    rows = [f"| `{name}` | {', '.join(sorted(allowed))} |" for name, allowed in sorted(role_matrix().items())]
    intro = "What has no row is denied to everybody. Rows named like `page` are views; rows named `thing.verb` are actions.\n"
    return "\n".join(
        ("# Who may do what\n", _NOTE, intro, "| Permission | Allowed |", "|---|---|", *rows, "")
    )


PAGES: Final[dict[str, Callable[[], str]]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "roles.md": roles_page,
    "directives.md": directives_page,
}
