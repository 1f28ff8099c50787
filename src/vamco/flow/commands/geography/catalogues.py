"""Commands that load a catalogue: plan shows, apply writes, start-profile begins a province."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.commands.geography.group import (
    FILE,
    Command,
    as_json_option,
    group,
    the_folder,
    the_register,
)
from vamco.flow.parameters import DAY
from vamco.geography.catalogues.applying import Authority, applied
from vamco.geography.catalogues.planning import ChangeKind, Plan, plan_catalogue
from vamco.geography.catalogues.reading import CatalogueEdge, read_edges, read_units
from vamco.geography.catalogues.starting import plan_profile
from vamco.geography.catalogues.writing import write_profile
from vamco.geography.loading import NATIONAL_FOLDER, province_register
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused


def reading(command: Command) -> Command:
    """Options that say what to read and from when it is in force."""
    for option in (
        click.option(
            "--column", "columns", multiple=True, metavar="NAME=HEADER", help="A column by its header."
        ),
        click.option("--edges", type=FILE, help="CSV of what became of what."),
        click.option("--effective-on", type=DAY, required=True, help="First day of the new units."),
    ):
        command = option(command)
    return click.argument("catalogue", type=FILE)(command)


def writing(command: Command) -> Command:
    """Options that say where to write and on whose word."""
    for option in (
        click.option("--replace", is_flag=True, help="Replace a register that is already there."),
        click.option("--source", default="", help="Where the facts were read."),
        click.option("--resolution", required=True, help="The document that makes the change."),
        click.option("--to", "target", type=click.Path(file_okay=False, path_type=Path), required=True),
    ):
        command = option(command)
    return command


def comparing(command: Command) -> Command:
    """Options for a second opinion on the successions."""
    for option in (
        click.option("--suspicious", type=FILE, help="CSV of successions that somebody doubts."),
        click.option("--against", type=FILE, help="A second CSV of what became of what."),
        click.option("--within", required=True, help="Code of the province the catalogue is read for."),
    ):
        command = option(command)
    return command


@group.command("plan")
@reading
@comparing
@as_json_option
def plan_command(*, as_json: bool, **options: Any) -> None:
    """Show what a catalogue would open, close, rename, split and merge; change nothing."""
    _show(_plan(**options), as_json=as_json)


@group.command("apply")
@reading
@comparing
@writing
@as_json_option
def apply_command(
    *, target: Path, resolution: str, source: str, replace: bool, as_json: bool, **options: Any
) -> None:
    """Write the register as it is after the plan to a folder; refused while the plan has faults."""
    plan = _plan(**options)
    _write(plan, target, Authority(resolution, source), replace=replace, as_json=as_json)


@group.command("start-profile")
@reading
@click.option("--province", required=True, help="Code of the province, of the 34.")
@click.option(
    "--known-from", type=DAY, help="Day from which the former units are known (default: the day before)."
)
@writing
@as_json_option
def start_profile_command(
    *, target: Path, resolution: str, source: str, replace: bool, as_json: bool, **options: Any
) -> None:
    """Write a province's first register from a national catalogue."""
    plan = _first_plan(**options)
    _write(plan, target, Authority(resolution, source), replace=replace, as_json=as_json)


def _first_plan(
    catalogue: Path,
    effective_on: datetime,
    edges: Path | None,
    columns: tuple[str, ...],
    province: str,
    known_from: datetime | None,
) -> Plan:
    named = _columns(columns)
    return plan_profile(
        province_register(the_folder().parent, NATIONAL_FOLDER),
        read_units(catalogue, Level.COMMUNE, named),
        province,
        effective_on.date(),
        edges=read_edges(edges, named) if edges else (),
        known_from=known_from.date() if known_from else None,
    )


def _plan(
    catalogue: Path,
    effective_on: datetime,
    edges: Path | None,
    columns: tuple[str, ...],
    within: str,
    against: Path | None,
    suspicious: Path | None,
) -> Plan:
    named = _columns(columns)
    units = [unit for unit in read_units(catalogue, Level.COMMUNE, named) if unit.parent_code == within]
    codes = {unit.code for unit in units}

    def of_province(path: Path) -> list[CatalogueEdge]:
        return [edge for edge in read_edges(path, named) if edge.new_code in codes]

    return plan_catalogue(
        the_register(),
        units,
        effective_on.date(),
        edges=of_province(edges) if edges else None,
        other_edges=of_province(against) if against else None,
        suspicious={(e.old_code, e.new_code) for e in of_province(suspicious)} if suspicious else (),
    )


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    named = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(named.values()):
        raise Misused("geography.bad_column_option", given=list(pairs))
    return named


def _show(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(plan.as_dict())
        return
    for change in plan.changes:
        if change.kind is not ChangeKind.KEEP:
            click.echo(change.say(language()))
    for doubt in plan.doubts:
        click.secho(f"{'✗' if doubt.is_fault else '?'} {doubt.say(language())}", err=True)
    click.echo(" · ".join(f"{kind} {n}" for kind, n in plan.counts().items() if n), err=True)


def _write(plan: Plan, target: Path, authority: Authority, *, replace: bool, as_json: bool) -> None:
    register = applied(plan, authority)
    paths = write_profile(register, target, target.resolve().name, replace_files=replace)
    if as_json:
        print_json({**plan.as_dict(), "files": [str(path) for path in paths]})
        return
    for path in paths:
        click.echo(path)
