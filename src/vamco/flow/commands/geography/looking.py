"""Commands that look things up: unit, units, resolve, edges, history, check."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.commands.geography.group import (
    as_json_option,
    between,
    group,
    level_option,
    on_option,
    the_folder,
    the_register,
)
from vamco.geography.loading import province_folders, read_folders
from vamco.geography.register import Register
from vamco.geography.resolver import Resolver
from vamco.geography.succession import Succession
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import NotFound, Refused


@group.command()
@click.argument("code")
@on_option
@as_json_option
def unit(code: str, on: datetime, *, as_json: bool) -> None:
    """The unit that carries CODE on a day."""
    register, day = the_register(), on.date()
    found = register.unit(code, day)
    if as_json:
        print_json({"on": day.isoformat(), **_with_parents(register, found, day)})
    else:
        click.echo(_line(register, found, day))
        _echo_facts(found)


@group.command()
@on_option
@level_option
@click.option("--within", help="Code of a unit above them.")
@as_json_option
def units(on: datetime, level: str | None, within: str | None, *, as_json: bool) -> None:
    """The units of a day's map, and how many."""
    register, day = the_register(), on.date()
    if within:
        register.unit(within, day)  # an unknown code is refused, or it would look like a place without units
    found = register.units_on(day, Level(level) if level else None, within)
    counts = _count_by_province(register, found, day)
    if as_json:
        rows = [_with_parents(register, unit, day) for unit in found]
        print_json({"on": day.isoformat(), "count": len(found), "by_province": counts, "units": rows})
        return
    for each in found:
        click.echo(_line(register, each, day))
    for name, n in [*counts.items(), ("Σ", len(found))]:
        click.echo(f"{name}: {n}", err=True)


@group.command()
@click.argument("text")
@on_option
@level_option
@click.option("--parent", help="Name or code of the unit above.")
@as_json_option
def resolve(text: str, on: datetime, level: str | None, parent: str | None, *, as_json: bool) -> None:
    """The one unit that TEXT names on a day; exit 3 with the candidates when there are several."""
    register, day = the_register(), on.date()
    found = Resolver(register).resolve(text, day, Level(level) if level else None, parent)
    if as_json:
        print_json({"on": day.isoformat(), "text": text, **_with_parents(register, found, day)})
    else:
        click.echo(_line(register, found, day))


@group.command()
@between
@as_json_option
def edges(from_on: datetime, to_on: datetime, *, as_json: bool) -> None:
    """What became of what between two days, with resolution and clause."""
    register = the_register()
    found = register.successions_between(from_on.date(), to_on.date())
    if as_json:
        print_json([edge.as_dict() for edge in found])
        return
    for edge in found:
        click.echo("\t".join(str(value or "") for value in edge.as_dict().values()))


@group.command()
@click.argument("code")
@as_json_option
def history(code: str, *, as_json: bool) -> None:
    """Every life of CODE: what each came from and what became of it."""
    register = the_register()
    lives = [_life(register, unit) for unit in register.lives_of(code)]
    if not lives:
        raise NotFound("geography.unknown_code", code=code)
    if as_json:
        print_json({"code": code, "lives": lives})
        return
    for life in lives:
        click.secho(f"{life['name']}  [{life['valid_from_on']} – {life['valid_to_on'] or '…'})", bold=True)
        for arrow, side in (("←", "predecessors"), ("→", "successors")):
            for edge in life[side]:
                clause = " ".join(filter(None, (edge["resolution"], edge["article"], edge["clause"])))
                click.echo(f"  {arrow} {edge['name']} ({edge['unit_id']}) {edge['extent']}; {clause}")


@group.command()
@as_json_option
@click.pass_context
def check(ctx: click.Context, /, *, as_json: bool) -> None:
    """Look for contradictions in the register; leaves with 1 when there are any."""
    folder = the_folder()
    loaded = read_folders(province_folders(folder.parent, folder.name))
    faults = loaded.findings()
    if as_json:
        print_json({"version": loaded.version, "faults": [fault.as_dict() for fault in faults]})
    elif faults:
        for fault in faults:
            click.echo(f"{fault.file}:{fault.line}: {fault.say(language())}", err=True)
    else:
        click.echo(f"{loaded.version}: {len(loaded.units)} + {len(loaded.successions)}")
    ctx.exit(Refused.exit_code if faults else 0)


def _with_parents(register: Register, unit: AdministrativeUnit, on: date) -> dict[str, Any]:
    parents = [{"code": u.code, "name": u.name} for u in register.ancestors(unit, on)]
    return {**unit.as_dict(), "parents": parents}


def _line(register: Register, unit: AdministrativeUnit, on: date) -> str:
    return "\t".join([unit.code, unit.name, *(above.name for above in register.ancestors(unit, on))])


def _count_by_province(register: Register, units: Iterable[AdministrativeUnit], on: date) -> dict[str, int]:
    above = (
        next((u.name for u in register.ancestors(unit, on) if u.level is Level.PROVINCE), unit.name)
        for unit in units
        if unit.level not in {Level.COUNTRY, Level.PROVINCE}
    )
    return dict(Counter(above))


def _echo_facts(unit: AdministrativeUnit) -> None:
    facts = unit.as_dict()
    for name in ("unit_id", "kind", "valid_from_on", "valid_to_on", "legal_basis", "ended_by", "unverified"):
        if facts[name]:
            click.echo(f"  {name}: {facts[name]}")


def _life(register: Register, unit: AdministrativeUnit) -> dict[str, Any]:
    def named(edge: Succession, other: str) -> dict[str, Any]:
        return {"unit_id": other, "name": register.get(other).name, **_edge_facts(edge)}

    return {
        **unit.as_dict(),
        "predecessors": [named(e, e.old_unit_id) for e in register.predecessors(unit.unit_id)],
        "successors": [named(e, e.new_unit_id) for e in register.successors(unit.unit_id)],
    }


def _edge_facts(edge: Succession) -> dict[str, Any]:
    return {k: v for k, v in edge.as_dict().items() if k not in {"old_unit_id", "new_unit_id"}}
