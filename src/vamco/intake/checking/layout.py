"""Which header of the delivery is which column of its contract, and what is wrong with the headers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from vamco.intake.checking.fault import Fault
from vamco.intake.reading.text_table import TextTable
from vamco.packs.contract import Column, Contract, Dimension, Drift, Strictness
from vamco.packs.heading import Matching, match_headings
from vamco.vocabulary.text import fold

_IN_PARENTHESES: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Place:
    """A contract's column and where the delivery holds it; `place` is None where it does not.

    `stored` are the ways in which the file itself holds cells of it (letters of `text_table`).
    """

    column: Column
    place: int | None
    header: str
    stored: frozenset[str] = frozenset()

    @property
    def number(self) -> int | None:
        """The field's number from 1, as reports count."""
        return None if self.place is None else self.place + 1


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of the contract with their places, the headers it does not know, and the faults found.

    `added` names the unknown headers that the drift policy takes into the dataset, by place.
    """

    headers: tuple[str, ...]
    places: tuple[Place, ...]
    unknown: tuple[int, ...]
    faults: tuple[Fault, ...]
    added: dict[int, str] = field(default_factory=dict)

    def place_of(self, name: str) -> Place:
        """Where the column of that name is. Raises `KeyError`."""
        for place in self.places:
            if place.column.name == name:
                return place
        raise KeyError(name)


def lay_out(contract: Contract, table: TextTable, ignored: Sequence[int] = ()) -> Layout:
    """Match the table's headers with the contract; `ignored` places are ours, not the sender's."""
    headers = table.columns
    matching = _matched(contract, headers, ignored)
    unknown = tuple(place for place in matching.unknown if headers[place] and place not in ignored)
    places = tuple(_place(column, matching, table) for column in contract.columns)
    faults = [
        *_disputed(matching, headers),
        *_missing(places, matching),
        *_extra(contract, headers, unknown),
        *_renamed(places),
        *_other_unit(places, table),
    ]
    return Layout(headers, places, unknown, tuple(faults), _added(contract, headers, unknown))


def _matched(contract: Contract, headers: Sequence[str], ignored: Sequence[int]) -> Matching:
    """Headers as written; those that mean nothing are tried again without what stands in parentheses."""
    written = ["" if place in ignored else header for place, header in enumerate(headers)]
    first = match_headings(contract, written)
    shorter = [_IN_PARENTHESES.sub("", h) if p in first.unknown else h for p, h in enumerate(written)]
    return match_headings(contract, shorter)


def _place(column: Column, matching: Matching, table: TextTable) -> Place:
    place = matching.place_of.get(column.name)
    if place is None:
        return Place(column, None, column.title.vi)
    return Place(column, place, table.columns[place], table.stored[place] if table.stored else frozenset())


def _disputed(matching: Matching, headers: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            "header_disputed",
            "duplicate-label",
            column=name,
            header=headers[places[0]],
            place=places[0],
            details={"headers": [headers[place] for place in places]},
            dimension=Dimension.CONSISTENT,
        )
        for name, places in matching.disputed.items()
    ]


def _missing(places: Sequence[Place], matching: Matching) -> list[Fault]:
    absent = [p.column for p in places if p.place is None and p.column.name not in matching.disputed]
    return [
        Fault(
            "header_missing",
            "missing-label",
            column=column.name,
            header=column.title.vi,
            strictness=Strictness.ERROR if _is_needed(column) else Strictness.WARNING,
            dimension=Dimension.COMPLETE,
            details={"header": column.title.as_dict()},
        )
        for column in absent
        if column.when_blank is None
    ]


def _is_needed(column: Column) -> bool:
    return column.required or column.key_position is not None


def _extra(contract: Contract, headers: Sequence[str], unknown: Sequence[int]) -> list[Fault]:
    """Under `discard_row` rows are judged one by one, by what they hold there."""
    strictness = Strictness.ERROR if contract.drift is Drift.FREEZE else Strictness.WARNING
    reason = f"header_extra_{contract.drift.value}"
    return [
        Fault(
            reason,
            "extra-label",
            header=headers[p],
            place=p,
            strictness=strictness,
            dimension=Dimension.CONSISTENT,
        )
        for p in unknown
    ]


def _renamed(places: Sequence[Place]) -> list[Fault]:
    """Headers that are neither the column's name nor one of its titles: told, never counted against anybody."""
    return [
        Fault(
            "header_renamed",
            "incorrect-label",
            column=p.column.name,
            header=p.header,
            place=p.place,
            strictness=Strictness.WARNING,
            dimension=None,
            details={"title": p.column.title.as_dict()},
        )
        for p in places
        if p.place is not None and _letters(p.header) not in set(map(_letters, _names(p.column)))
    ]


def _names(column: Column) -> tuple[str, str, str]:
    return column.name, column.title.vi, column.title.en


def _letters(header: str) -> str:
    """What tells headers apart for people: neither case, marks, spaces nor punctuation."""
    return re.sub(r"[\W_]+", "", fold(header))


def _other_unit(places: Sequence[Place], table: TextTable) -> list[Fault]:
    """A unit in the header only proposes; where it contradicts the contract every value would be wrong."""
    return [
        Fault(
            "header_other_unit",
            "constraint-error",
            column=p.column.name,
            header=p.header,
            place=p.place,
            dimension=Dimension.CONSISTENT,
            details={
                "written": unit.written,
                "factor": str(unit.multiplier),
                "multiplier": str(p.column.multiplier),
                "unit_of_measure": p.column.unit_of_measure,
            },
        )
        for p in places
        if p.place is not None and (unit := table.header_units.get(p.header)) is not None
        if p.column.unit_of_measure is not None and unit.multiplier != p.column.multiplier
    ]


def _added(contract: Contract, headers: Sequence[str], unknown: Sequence[int]) -> dict[int, str]:
    if contract.drift is not Drift.EVOLVE:
        return {}
    taken = {column.name for column in contract.columns}
    added: dict[int, str] = {}
    for place in unknown:
        name = re.sub(r"[^a-z0-9]+", "_", fold(headers[place])).strip("_")[:60] or "column"
        added[place] = name if name not in taken else f"{name}_{place + 1}"
        taken.add(added[place])
    return added
