"""Knowing without reading the ledger that nothing has changed: by a digest of the rows of each period."""

import marshal
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from vamco.indicators.models import Digest
from vamco.indicators.row import Row
from vamco.vocabulary.period import Period

Scope = Mapping[str, Iterable[Period]]
"""Indicator → the periods that were computed whole: what they no longer have is withdrawn."""


class News:
    """Of rows and the scope that they fill, what differs from what was recorded last."""

    def __init__(self, rows: Sequence[Row], scope: Scope) -> None:
        groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            groups[row.indicator, row.period].append(row)
        periods = {(name, str(period)): period for name, of in scope.items() for period in of}
        known = _known(scope)
        self._digests = {
            key: digest for key in periods if (digest := _digest(groups.get(key, []))) != known.get(key)
        }
        self.rows = [row for key in self._digests for row in groups.get(key, [])]
        self.scope: defaultdict[str, set[Period]] = defaultdict(set)
        for name, text in self._digests:
            self.scope[name].add(periods[name, text])

    def keep(self) -> None:
        """Note that these rows are recorded; belongs into the transaction that records them."""
        Digest.objects.bulk_create(
            (
                Digest(indicator=name, period=text, sha256=said)
                for (name, text), said in self._digests.items()
            ),
            batch_size=300,
            update_conflicts=True,
            unique_fields=["indicator", "period"],
            update_fields=["sha256"],
        )


def recorded_periods(indicator: str) -> set[Period]:
    """The periods for which figures of the indicator were ever recorded or looked for."""
    kept = Digest.objects.filter(indicator=indicator)
    return {Period.parse(text) for text in kept.values_list("period", flat=True)}


def _known(scope: Scope) -> dict[tuple[str, str], str]:
    kept = Digest.objects.filter(indicator__in=list(scope))
    return {(name, text): said for name, text, said in kept.values_list("indicator", "period", "sha256")}


def _digest(rows: Iterable[Row]) -> str:
    """In the order of units; version 2 of marshal writes equal tuples as equal bytes."""
    said = sorted((row[2], row[7], row[1], row[3], *row[8:16]) for row in rows)
    return sha256(marshal.dumps(said, 2)).hexdigest()
