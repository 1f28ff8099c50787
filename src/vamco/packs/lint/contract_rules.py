"""Rules on one contract."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any, Final

from vamco.packs.contract import Column, Kind, Sensitivity
from vamco.packs.heading import folded_heading, written_names
from vamco.packs.lint.expression import objections
from vamco.packs.lint.rulebook import Breach, ContractInFile, contract_rule

_DAYS: Final = (Kind.DATE, Kind.TIMESTAMP)
_LOOKS_AROUND: Final = re.compile(r"\(\?[=!<]|\\[1-9]")  # what RE2 has not


@contract_rule
def codes_have_a_date(placed: ContractInFile) -> Iterator[Breach]:
    """A unit column says on which day's map it is judged: a fixed day, a column, or the delivery's period."""
    for column in placed.contract.columns:
        if column.unit is None:
            continue
        way = placed.way_to_custom("unit", *placed.way(column))
        node = placed.document.value
        for step in way:
            node = node[step]
        if len({"map", "mapOn", "mapColumn"} & set(node)) != 1:
            yield way, {"column": column.name}


@contract_rule
def references_lead_somewhere(placed: ContractInFile) -> Iterator[Breach]:
    """The columns that a contract refers to exist, and those that give a day hold days."""
    contract = placed.contract
    wanted = [(contract.period_column, True, placed.way_to_custom("periodColumn"))]
    for column in contract.columns:
        if unit := column.unit:
            way = placed.way_to_custom("unit", *placed.way(column))
            wanted += [(unit.map_column, True, way), (unit.parent_column, False, way)]
    way = placed.way_to_custom("qualityWeights")
    wanted += [(name, False, way) for name in contract.weights.fields if name]
    for name, holds_day, way in wanted:
        if name is not None and not _leads(placed, name, holds_day=holds_day):
            yield way, {"column": name}


def _leads(placed: ContractInFile, name: str, *, holds_day: bool) -> bool:
    contract = placed.contract
    return contract.has(name) and (not holds_day or contract.column(name).kind in _DAYS)


@contract_rule
def words_are_in_both_languages(placed: ContractInFile) -> Iterator[Breach]:
    """The contract, its columns and its rules have titles in Vietnamese and in English."""
    contract = placed.contract
    for way, text in ((("name",), contract.title), (("description", "purpose"), contract.purpose)):
        if not (text.vi.strip() and text.en.strip()):
            yield way, {"name": contract.id}
    for column in contract.columns:
        if not (column.title.vi.strip() and column.title.en.strip()):
            yield placed.way(column), {"name": column.name}
    for place, rule in enumerate(contract.rules):
        if not (rule.title.vi.strip() and rule.title.en.strip()):
            yield placed.way_to_rule(place), {"name": rule.id}


@contract_rule
def codes_are_text(placed: ContractInFile) -> Iterator[Breach]:
    """A code is text, so that it never loses its zeros."""
    for column in placed.contract.columns:
        node = placed.document.value["schema"][0]["properties"][placed.contract.columns.index(column)]
        if column.kind in {Kind.CODE, Kind.UNIT} and node["logicalType"] != "string":
            yield placed.way(column, "logicalType"), {"column": column.name}


@contract_rule
def rows_have_a_key(placed: ContractInFile) -> Iterator[Breach]:
    """A contract says which columns identify a row, numbered from 1, all of them required."""
    keyed = [column for column in placed.contract.columns if column.key_position is not None]
    if sorted(column.key_position or 0 for column in keyed) != list(range(1, len(keyed) + 1)) or not keyed:
        yield ("schema", 0), {"column": ", ".join(column.name for column in keyed)}
    for column in keyed:
        if not column.required and not _blank_has_meaning(column):
            yield placed.way(column), {"column": column.name}


def _blank_has_meaning(column: Column) -> bool:
    return bool(column.when_blank or (column.unit and column.unit.when_blank))


@contract_rule
def identifiers_are_declared(placed: ContractInFile) -> Iterator[Breach]:
    """Unit codes and the codes of the key are declared identifiers: they must be right in every row."""
    for column in placed.contract.columns:
        is_key_code = column.kind is Kind.CODE and column.key_position is not None
        is_unit_code = column.unit is not None and column.unit.named_by == "code"
        if (is_key_code or is_unit_code) and not column.identifier:
            yield placed.way(column), {"column": column.name}


@contract_rule
def personal_columns_stay_closed(placed: ContractInFile) -> Iterator[Breach]:
    """A dataset with a personal column is never published whole."""
    contract = placed.contract
    personal = [c.name for c in contract.columns if c.sensitivity is Sensitivity.PERSONAL]
    if personal and contract.open_data.method == "whole":
        yield placed.way_to_custom("openData"), {"columns": personal}


@contract_rule
def open_data_has_a_licence(placed: ContractInFile) -> Iterator[Breach]:
    """A dataset that may be published names its licence."""
    if placed.contract.open_data.method != "none" and not placed.contract.open_data.licence:
        yield placed.way_to_custom("openData"), {}


@contract_rule
def minimum_counts_have_a_source(placed: ContractInFile) -> Iterator[Breach]:
    """A minimum count for publication says since when it holds and by which source."""
    open_data = placed.contract.open_data
    if open_data.minimum_count is not None and not (open_data.valid_from_on and open_data.source):
        yield placed.way_to_custom("openData"), {}


@contract_rule
def rules_can_be_run(placed: ContractInFile) -> Iterator[Breach]:
    """The expression of a rule reads only columns of the contract, by functions that every engine has."""
    columns = {column.name for column in placed.contract.columns}
    entries = placed.document.value["schema"][0].get("quality", [])
    places = [place for place, entry in enumerate(entries) if entry.get("engine") == "vamco"]
    for place, rule in zip(places, placed.contract.rules, strict=True):
        for part in objections(rule, columns):
            way = (*placed.way_to_rule(place), "implementation", "holds")
            yield way, {"name": rule.id, "scope": rule.scope, "part": part}


@contract_rule
def checks_are_run(placed: ContractInFile) -> Iterator[Breach]:
    """A quality check is one that intake runs, or plain text for people."""
    for place, entry in enumerate(placed.document.value["schema"][0].get("quality", [])):
        if entry.get("engine") != "vamco" and entry.get("type") != "text":
            yield placed.way_to_rule(place), {"name": entry.get("name", place)}


@contract_rule
def names_are_used_once(placed: ContractInFile) -> Iterator[Breach]:
    """No two columns and no two rules bear one name."""
    contract = placed.contract
    for name, n in Counter(column.name for column in contract.columns).items():
        if n > 1:
            yield ("schema", 0, "properties"), {"name": name}
    for name, n in Counter(rule.id for rule in contract.rules).items():
        if n > 1:
            yield ("schema", 0, "quality"), {"name": name}


@contract_rule
def headers_mean_one_column(placed: ContractInFile) -> Iterator[Breach]:
    """No header that senders write can mean two columns."""
    for one, other in combinations(placed.contract.columns, 2):
        for shared in sorted(written_names(one) & written_names(other)):
            yield placed.way(other), {"header": shared, "columns": [one.name, other.name]}
    for column in placed.contract.columns:
        for other in placed.contract.columns:
            if other is not column and (header := _pattern_fits(column, other)):
                yield placed.way(column), {"header": header, "columns": [column.name, other.name]}


def _pattern_fits(column: Column, other: Column) -> str | None:
    written = map(folded_heading, (other.title.vi, *other.aliases))
    fits = (h for h in written if any(re.fullmatch(p, h) for p in column.alias_patterns))
    return next(fits, None)


@contract_rule
def patterns_run_everywhere(placed: ContractInFile) -> Iterator[Breach]:
    """A pattern compiles and looks neither around nor back, because the engine's expressions cannot."""
    for column in placed.contract.columns:
        for pattern in filter(None, (column.pattern, *column.alias_patterns)):
            if not _runs(pattern):
                yield placed.way(column), {"column": column.name, "pattern": pattern}


def _runs(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return not _LOOKS_AROUND.search(pattern)


@contract_rule
def limits_fit_their_column(placed: ContractInFile) -> Iterator[Breach]:
    """A least and a greatest value are of the column's own type, and in that order."""
    for column in placed.contract.columns:
        limits = [limit for limit in (column.minimum, column.maximum) if limit is not None]
        try:
            values = [_READS[column.kind](limit) for limit in limits]
        except (KeyError, ValueError, InvalidOperation):
            values = [1, 0]
        if len(values) == 2 and values[0] > values[1]:
            yield placed.way(column, "logicalTypeOptions"), {"column": column.name}


_READS: Final[dict[Kind, Callable[[str], Any]]] = {
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.TIMESTAMP: datetime.fromisoformat,
}


@contract_rule
def deliveries_are_due(placed: ContractInFile) -> Iterator[Breach]:
    """A contract says when deliveries are due, or why they are not."""
    has_schedule = placed.contract.schedule is not None
    if has_schedule == (placed.contract.unscheduled_because is not None):
        yield ("slaProperties",), {}


@contract_rule
def id_says_where_it_stands(placed: ContractInFile) -> Iterator[Breach]:
    """The id is `<pack>.<dataset>`, the table is the dataset, and the file is `<dataset>.odcs.yaml`."""
    path = placed.document.path
    pack, dataset = path.parent.parent.name, path.name.removesuffix(".odcs.yaml")
    table = placed.document.value["schema"][0]["name"]
    if placed.contract.id != f"{pack}.{dataset}" or table != dataset:
        yield ("id",), {"wanted": f"{pack}.{dataset}"}


@contract_rule
def law_is_dated(placed: ContractInFile) -> Iterator[Breach]:
    """A contract names the law it rests on, with days in force that are in order."""
    basis = placed.contract.legal_basis
    if not basis or any(law.valid_to_on and law.valid_to_on < law.valid_from_on for law in basis):
        yield placed.way_to_custom("legalBasis"), {}
