"""The group, its options, and the register that a call is about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from django.conf import settings

from vamco.flow.parameters import DAY
from vamco.geography.loading import province_register
from vamco.geography.register import Register
from vamco.geography.unit import Level

Command = TypeVar("Command", bound=Callable[..., Any])
LEVEL = click.Choice([level.value for level in Level])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
on_option = click.option("--on", type=DAY, required=True, help="The day whose map is meant.")
level_option = click.option("--level", type=LEVEL, help="Only units of this level.")


def between(command: Command) -> Command:
    """Options for the days of two maps."""
    for option in (
        click.option("--to", "to_on", type=DAY, required=True, help="The day of the map wanted."),
        click.option("--from", "from_on", type=DAY, required=True, help="The day of the map given."),
    ):
        command = option(command)
    return command


@click.group()
@click.option(
    "--register", "folder", type=click.Path(file_okay=False, path_type=Path), help="A province's folder."
)
@click.pass_context
def group(ctx: click.Context, folder: Path | None) -> None:
    """Administrative units through time; a code always goes with a day."""
    ctx.obj = folder or settings.PROVINCES_DIR / settings.PROVINCE


def the_register() -> Register:
    """The register that this call is about."""
    folder = the_folder()
    return province_register(folder.parent, folder.name)


def the_folder() -> Path:
    """The province's folder that this call is about."""
    folder: Path = click.get_current_context().obj
    return folder.resolve()
