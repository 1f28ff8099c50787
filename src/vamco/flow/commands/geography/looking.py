"""Commands that look things up: unit, units, resolve, edges, history, check."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
from vamco.flow.commands.geography.words import clause, facts, share, span
from vamco.flow.figures import day, number
from vamco.geography.loading import province_folders, read_folders
from vamco.geography.register import Register
from vamco.geography.resolver import Resolver
from vamco.geography.succession import Succession
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import NotFound, Refused
from vamco.vocabulary.messages import say


@group.command()
@click.argument("code")
@on_option
@as_json_option
def unit(code: str, on: datetime, *, as_json: bool) -> None:
    """The unit that carries CODE on a day."""
    register, on_day = the_register(), on.date()
    found = register.unit(code, on_day)
    if as_json:
        print_json({"on": on_day.isoformat(), **_with_parents(register, found, on_day)})
    else:
        click.echo(_line(register, found, on_day))
        for fact in facts(found):
            click.echo(f"  {fact}")


@group.command()
@on_option
@level_option
@click.option("--within", help="Code of a unit above them.")
@as_json_option
def units(on: datetime, level: str | None, within: str | None, *, as_json: bool) -> None:
    """The units of a day's map, and how many."""
    register, on_day = the_register(), on.date()
    if within:
        register.unit(
            within, on_day
        )  # an unknown code is refused, or it would look like a place without units
    found = register.units_on(on_day, Level(level) if level else None, within)
    counts = _count_by_province(register, found, on_day)
    if as_json:
        rows = [_with_parents(register, unit, on_day) for unit in found]
        print_json({"on": on_day.isoformat(), "count": len(found), "by_province": counts, "units": rows})
        return
    for each in found:
        click.echo(_line(register, each, on_day))
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
    register, on_day = the_register(), on.date()
    found = Resolver(register).resolve(text, on_day, Level(level) if level else None, parent)
    if as_json:
        print_json({"on": on_day.isoformat(), "text": text, **_with_parents(register, found, on_day)})
    else:
        click.echo(_line(register, found, on_day))


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
        click.echo(_edge_line(register, edge))
    for line in _edge_totals(register, found):
        click.secho(line, bold=True, err=True)


@group.command()
@click.argument("code")
@as_json_option
def history(code: str, *, as_json: bool) -> None:
    """Every life of CODE: what each came from and what became of it."""
    register = the_register()
    lives = register.lives_of(code)
    if not lives:
        raise NotFound("geography.unknown_code", code=code)
    if as_json:
        print_json({"code": code, "lives": [_life(register, unit) for unit in lives]})
        return
    for unit in lives:
        _echo_life(register, unit)


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


def _edge_line(register: Register, edge: Succession) -> str:
    old, new = register.get(edge.old_unit_id), register.get(edge.new_unit_id)
    names = f"{old.code} {old.name} → {new.code} {new.name}"
    return "\t".join((day(edge.effective_on), names, share(edge), clause(edge)))


def _edge_totals(register: Register, edges: Sequence[Succession]) -> Iterator[str]:
    """One line a level: how many edges, whole and in part."""
    counts = Counter((register.get(edge.new_unit_id).level, edge.is_whole) for edge in edges)
    for level in Level:
        whole, part = counts[level, True], counts[level, False]
        if whole or part:
            said = {"n": number(whole + part), "n_whole": number(whole), "n_part": number(part)}
            name = say(f"geography.level_{level}", language())
            yield say("flow.edges_total", language(), level=name, **said)


def _echo_life(register: Register, unit: AdministrativeUnit) -> None:
    click.secho(f"{unit.name}, {span(unit)}", bold=True)
    came = [("←", edge.old_unit_id, edge) for edge in register.predecessors(unit.unit_id)]
    went = [("→", edge.new_unit_id, edge) for edge in register.successors(unit.unit_id)]
    for arrow, other, edge in (*came, *went):
        kin = register.get(other)
        click.echo(f"  {arrow} {kin.name} ({kin.code}, {span(kin)}): {share(edge)}; {clause(edge)}")


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
