"""Which header of a delivery is which column of its contract.

A header is compared folded: lower case, without marks, only letters and digits, single spaces. It is a
column's when it equals the column's name, one of its titles or an alias, whole or without what stands in
parentheses; failing that, when an alias pattern fits the whole of it. Nothing is guessed: what fits twice is
disputed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vamco.packs.contract import Column, Contract
from vamco.vocabulary.text import fold

_Claims = dict[str, tuple[int, ...]]
_PARENTHESES = re.compile(r"\([^()]*\)")
_SEPARATORS = re.compile(r"[\W_]+")


def folded_heading(header: str) -> str:
    """The header as headers are compared."""
    return _SEPARATORS.sub(" ", fold(header)).strip()


def written_names(column: Column) -> frozenset[str]:
    """All folded headers that mean the column without a pattern."""
    return frozenset(map(folded_heading, (column.name, column.title.vi, column.title.en, *column.aliases)))


@dataclass(frozen=True, slots=True)
class Matching:
    """Places of the headers, from 0: one a column; those of no column; those that several claim."""

    place_of: Mapping[str, int]
    unknown: tuple[int, ...]
    disputed: Mapping[str, tuple[int, ...]]


def match_headings(contract: Contract, headers: Sequence[str], blank: Collection[int] = ()) -> Matching:
    """The columns that the headers mean; `blank` are places without any value, which yield to others."""
    folded = dict(enumerate(map(folded_heading, headers)))
    bare = dict(enumerate(folded_heading(_PARENTHESES.sub("", header)) for header in headers))
    claims: _Claims = {}
    for attempt, texts in ((_by_name, folded), (_by_name, bare), (_by_pattern, folded)):
        taken = {place for places in claims.values() for place in places}
        open_columns = [column for column in contract.columns if column.name not in claims]
        claims |= attempt(open_columns, {place: text for place, text in texts.items() if place not in taken})
    chosen = {name: _without_blank(places, blank) for name, places in claims.items()}
    claimed_twice = _repeated(place for places in chosen.values() for place in places)
    disputed = {n: p for n, p in chosen.items() if len(p) > 1 or claimed_twice.intersection(p)}
    known = {place for places in claims.values() for place in places}
    return Matching(
        place_of={name: places[0] for name, places in chosen.items() if name not in disputed},
        unknown=tuple(place for place in range(len(headers)) if place not in known),
        disputed=disputed,
    )


def _by_name(columns: Sequence[Column], texts: Mapping[int, str]) -> _Claims:
    names = {column.name: written_names(column) for column in columns}
    return {n: places for n in names if (places := tuple(p for p, text in texts.items() if text in names[n]))}


def _by_pattern(columns: Sequence[Column], texts: Mapping[int, str]) -> _Claims:
    claims: _Claims = {}
    for column in columns:
        if column.alias_patterns:
            fits = re.compile("|".join(f"(?:{p})" for p in column.alias_patterns)).fullmatch
            if places := tuple(place for place, text in texts.items() if text and fits(text)):
                claims[column.name] = places
    return claims


def _without_blank(places: tuple[int, ...], blank: Collection[int]) -> tuple[int, ...]:
    return tuple(place for place in places if place not in blank) or places


def _repeated(places: Iterable[int]) -> set[int]:
    return {place for place, n in Counter(places).items() if n > 1}
