"""What a delivery is checked against."""

from dataclasses import dataclass
from datetime import date

from vamco.geography.resolver import Resolver
from vamco.packs.contract import Contract
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract, the period and the map, and what the dataset holds that matters.

    `map_on` is the map that the sender declares; `supersedes` are the deliveries that this one will
    restate. When corrected rows come back, `own` is the delivery they belong to, `row_no_place` the
    column in which they name their row, and `ignored_places` the columns that we had added.
    """

    contract: Contract
    period: Period
    resolver: Resolver
    map_on: date | None = None
    supersedes: tuple[int, ...] = ()
    own: int | None = None
    row_no_place: int | None = None
    ignored_places: tuple[int, ...] = ()
