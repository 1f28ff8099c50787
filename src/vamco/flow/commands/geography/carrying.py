"""Commands that carry values between maps and judge comparisons: recode, compare, compare-maps."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.commands.geography.group import FILE, LEVEL, as_json_option, between, group, the_register
from vamco.flow.figures import number, table
from vamco.geography.comparability import Verdict, compare, compare_maps
from vamco.geography.recoding import Additivity, OnUnknownWeight, recode
from vamco.geography.recoding.recoded import RecodedValue
from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import ObservationStatus


@group.command("recode")
@click.argument("path", type=FILE)
@between
@click.option(
    "--additivity", type=click.Choice([a.value for a in Additivity]), default="sum", show_default=True
)
@click.option("--bounds", is_flag=True, help="Give bounds where a share is unknown, instead of refusing.")
@click.option("--integers", is_flag=True, help="Divide whole numbers into whole numbers.")
@click.option("--all", "everything", is_flag=True, help="Also the units for which there is no value.")
@click.option("--code-column", default="code", show_default=True)
@click.option("--value-column", default="value", show_default=True)
@as_json_option
def recode_file(path: Path, from_on: datetime, to_on: datetime, **options: Any) -> None:
    """Carry the values of a CSV file (code, value) from one day's map to another's."""
    register, start, end = the_register(), from_on.date(), to_on.date()
    values = _values(register, path, start, options["code_column"], options["value_column"])
    unknown = OnUnknownWeight.BOUNDS if options["bounds"] else OnUnknownWeight.REFUSE
    result = recode(
        register,
        values,
        start,
        end,
        Additivity(options["additivity"]),
        on_unknown_weight=unknown,
        integers=options["integers"],
    )
    if options["as_json"]:
        print_json([{"code": key.split("@")[0], **value.as_dict()} for key, value in result.values.items()])
        return
    for line in _table(register, list(result.values.values()), everything=options["everything"]):
        click.echo(line)


@group.command("compare")
@click.argument("one", metavar="CODE@DAY")
@click.argument("other", metavar="CODE@DAY")
@as_json_option
def compare_units(one: str, other: str, *, as_json: bool) -> None:
    """Whether figures of two units on two days are of the same territory."""
    _print_verdict(compare(the_register(), _dated(one), _dated(other)), as_json=as_json)


@group.command("compare-maps")
@between
@click.option("--level", type=LEVEL, default="commune", show_default=True)
@as_json_option
def compare_two_maps(from_on: datetime, to_on: datetime, level: str, *, as_json: bool) -> None:
    """What may be compared between the maps of two days, unit by unit."""
    verdict = compare_maps(the_register(), from_on.date(), to_on.date(), Level(level))
    if as_json:
        per_unit = {key: each.as_dict() for key, each in verdict.units.items()}
        print_json({**verdict.verdict.as_dict(), "units": per_unit})
        return
    for each in verdict.units.values():
        click.echo(each.say(language()))
    click.secho(verdict.verdict.say(language()), bold=True)


def _values(register: Register, path: Path, on: date, code: str, value: str) -> dict[str, Decimal | None]:
    values: dict[str, Decimal | None] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {code, value} - set(reader.fieldnames or ())
        if missing:
            raise Misused("geography.values_columns", file=str(path), missing=sorted(missing))
        for row in reader:
            unit = register.unit(row[code], on)
            if unit.unit_id in values:
                raise Misused("geography.value_twice", file=str(path), line=reader.line_num, code=unit.code)
            values[unit.unit_id] = _decimal(row[value], path, reader.line_num)
    return values


def _decimal(text: str, path: Path, line: int) -> Decimal | None:
    try:
        number = Decimal(text) if text.strip() else None
    except InvalidOperation:
        number = Decimal("nan")
    if number is not None and not number.is_finite():
        raise Misused("geography.not_a_number", file=str(path), line=line, value=text)
    return number


def _table(register: Register, values: Sequence[RecodedValue], *, everything: bool) -> Iterator[str]:
    """The units that received something, then how many did not."""
    shown = [value for value in values if everything or _received(value)]
    if shown:
        columns = ("code", "unit", "value", "state", "estimated", "low", "high", "missing")
        header = [say(f"flow.recoded_{name}", language()) for name in columns]
        yield from table(header, [_row(register, value) for value in shown])
    if len(shown) < len(values):
        yield say("flow.recoded_others", language(), n=number(len(values) - len(shown)))


def _received(value: RecodedValue) -> bool:
    """A unit with a basis and no value received a share of unknown size."""
    return value.status is not ObservationStatus.MISSING or bool(value.bases)


def _row(register: Register, value: RecodedValue) -> tuple[Any, ...]:
    unit = register.get(value.unit_id)
    estimated = round(value.estimated_share * 100, 1) if value.is_estimated else None
    lacking = ", ".join(register.get(each).name for each in value.missing)
    state = say(f"flow.observed_{value.status}", language())
    return unit.code, unit.name, value.value, state, estimated, value.low, value.high, lacking


def _print_verdict(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        print_json(verdict.as_dict())
    else:
        click.echo(verdict.say(language()))


def _dated(text: str) -> tuple[str, date]:
    code, _, day = text.partition("@")
    try:
        return code, date.fromisoformat(day)
    except ValueError:
        raise Misused("geography.code_needs_day", text=text) from None
