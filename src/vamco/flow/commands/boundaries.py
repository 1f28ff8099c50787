"""`vamco boundaries`: import and check boundary files, draw the schematic map."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from django.conf import settings

from vamco.flow.command_line import language, print_json
from vamco.flow.parameters import DAY
from vamco.flow.saving import saved
from vamco.geography.boundaries.reading import BoundaryReading, Declared, read_boundaries
from vamco.geography.boundaries.references import references_for
from vamco.geography.boundaries.store import Origin, store_boundaries
from vamco.geography.centroids import Centroid, load_centroids, places_of
from vamco.geography.loading import province_register
from vamco.geography.schematic.layout import lay_out
from vamco.geography.schematic.svg import caption_of, to_svg
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.messages import say

Command = TypeVar("Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)

_level_option = click.option(
    "--level", type=click.Choice([level.value for level in Level]), default="commune", show_default=True
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def _about_a_file(command: Command) -> Command:
    """The file and what its sender says of it."""
    for option in (
        click.option("--layer", help="Layer of a GeoPackage."),
        click.option("--swap-axes", is_flag=True, help="Northing or latitude comes first."),
        click.option("--crs", help="EPSG code or PROJ string of the coordinates, where the file is wrong."),
        click.option("--area-field", help="Field of the official area in km²."),
        click.option("--name-field", help="Field of unit names; found out when not given."),
        click.option("--code-field", help="Field of unit codes; found out when not given."),
        _level_option,
        click.option("--map-on", type=DAY, required=True, help="The day whose map the file shows."),
        click.argument("path", metavar="FILE", type=_PATH),
        _json_option,
    ):
        command = option(command)
    return command


@click.group()
def group() -> None:
    """Boundaries of units on a day's map, and the schematic map where there are none."""


@group.command("import")
@_about_a_file
@click.option("--source", default="", help="Who drew the boundaries, with the document.")
@click.option("--licence", default="", help="On what terms they may be used.")
@click.option(
    "--to", "folder", type=_PATH, help="Folder of stored maps; VAMCO_HOME/boundaries when not given."
)
def import_file(
    path: Path,
    map_on: datetime,
    level: str,
    source: str,
    licence: str,
    folder: Path | None,
    *,
    as_json: bool,
    **said: Any,
) -> None:
    """Import FILE as the boundaries of a day's map, or say why not."""
    read = _read(path, map_on.date(), Level(level), said)
    read.report.require_importable()
    coordinates = str(read.report.diagnosis.declared)
    origin = Origin(map_on.date(), Level(level), read.file_name, read.sha256, coordinates, source, licence)
    stored = store_boundaries(folder or settings.HOME / "boundaries", origin, read.boundaries)
    kept = {"path": str(stored.path), "version": stored.version, "n": len(stored.boundaries)}
    if as_json:
        print_json({"stored": kept, "sha256": read.sha256, "report": read.report.as_dict(language())})
        return
    _echo((*read.report.say(language()), say("geography.boundary_stored", language(), **kept)))


@group.command()
@_about_a_file
@click.pass_context
def check(
    ctx: click.Context, /, path: Path, map_on: datetime, level: str, *, as_json: bool, **said: Any
) -> None:
    """Say all that is wrong with FILE, importing nothing; leaves with 1 when it would be refused."""
    read = _read(path, map_on.date(), Level(level), said)
    refusal = _refusal(read)
    if as_json:
        report = {
            "sha256": read.sha256,
            "is_importable": refusal is None,
            "report": read.report.as_dict(language()),
        }
        print_json(report | (refusal.as_dict(language()) if refusal else {}))
    else:
        _echo(read.report.say(language()))
    ctx.exit(refusal.exit_code if refusal else 0)


@group.command("schematic")
@click.option("--on", type=DAY, required=True, help="The day whose map is meant.")
@_level_option
@click.option("--output", type=_PATH, required=True, metavar="FILE.svg")
@_json_option
def draw_schematic(on: datetime, level: str, output: Path, *, as_json: bool) -> None:
    """Draw the schematic map of a day's units: who lies beside whom, not where boundaries run."""
    units = _units(on.date(), Level(level))
    drawn = lay_out(places_of(units, _centroids()))
    keys = {tile.key for tile in drawn.tiles}
    captions = {unit.unit_id: caption_of(unit) for unit in units if unit.unit_id in keys}
    provinces = ", ".join(province.name for province in _units(on.date(), Level.PROVINCE))
    title = f"{provinces}, {on:%d/%m/%Y}"
    with saved(output) as file:
        file.write(to_svg(drawn, captions, title, language()).encode())
    left_out = [unit.unit_id for unit in units if unit.unit_id not in keys]
    if as_json:
        tiles = [
            {"unit_id": tile.key, "row": tile.cell[0], "column": tile.cell[1], "x": tile.x, "y": tile.y}
            for tile in drawn.tiles
        ]
        print_json({"on": on.date(), "path": str(output), "tiles": tiles, "left_out": left_out})
        return
    _echo([say("geography.boundary_drawn", language(), n=len(keys), path=output)])
    if left_out:
        _echo([say("geography.boundary_not_drawn", language(), n=len(left_out), shown=left_out)])


def _read(path: Path, map_on: date, level: Level, said: dict[str, Any]) -> BoundaryReading:
    crs = said["crs"]
    declared = Declared(**{**said, "crs": int(crs) if crs and crs.isdecimal() else crs})
    units = _units(map_on, level)
    return read_boundaries(path, map_on, units, references_for(units, _centroids()), declared)


def _units(on: date, level: Level) -> Sequence[AdministrativeUnit]:
    register = province_register(settings.PROVINCES_DIR, settings.PROVINCE)
    return register.units_on(on, level)


def _centroids() -> Sequence[Centroid]:
    return load_centroids(settings.PROVINCES_DIR / settings.PROVINCE / "centroids.csv")


def _refusal(read: BoundaryReading) -> VamcoError | None:
    try:
        read.report.require_importable()
    except VamcoError as refusal:
        return refusal
    return None


def _echo(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line)
