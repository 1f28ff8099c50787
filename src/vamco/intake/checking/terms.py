"""What a delivery is checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from vamco.geography.resolver import Resolver
from vamco.intake.checking.numbers import Convention
from vamco.packs.contract import Contract
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract, the period and the map, and what the dataset holds that matters.

    `map_on` is the map that the sender declares; `supersedes` are the deliveries that this one will
    restate. When corrected rows come back, `own` is the delivery they belong to, `row_no_place` the
    column in which they name their row, `ignored_places` the columns that we had added, and `numbers` how
    the first file proved to write its numbers, by column.
    """

    contract: Contract
    period: Period
    resolver: Resolver
    map_on: date | None = None
    supersedes: tuple[int, ...] = ()
    own: int | None = None
    row_no_place: int | None = None
    ignored_places: tuple[int, ...] = ()
    numbers: Mapping[str, Convention] = field(default_factory=dict)
