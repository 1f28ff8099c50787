"""Commands that carry values between maps and judge comparisons: recode, compare, compare-maps."""

import csv
import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from vamco.flow.command_line import language, print_json
from vamco.flow.commands.geography.group import FILE, LEVEL, as_json_option, between, group, the_register
from vamco.geography.comparability import Verdict, compare, compare_maps
from vamco.geography.recoding import Additivity, OnUnknownWeight, recode
from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused


@group.command("recode")
@click.argument("path", type=FILE)
@between
@click.option(
    "--additivity", type=click.Choice([a.value for a in Additivity]), default="sum", show_default=True
)
@click.option("--bounds", is_flag=True, help="Give bounds where a share is unknown, instead of refusing.")
@click.option("--integers", is_flag=True, help="Divide whole numbers into whole numbers.")
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
    rows = [{"code": key.split("@")[0], **value.as_dict()} for key, value in result.values.items()]
    _print_rows(rows, as_json=options["as_json"])


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


def _print_rows(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "|".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)


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
