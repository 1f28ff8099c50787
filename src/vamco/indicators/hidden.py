"""The rows of the ledger that a figure must not rest on where its reader may not see small counts.

Decided for each of the indicator's own periods and each province of its map, over all siblings whatever was asked, so
that two questions never get answers that can be combined:

- units: small ones, and others with them as `hiding` says, where the total is shown;
- parts of a whole likewise; all parts where the whole is hidden. Where each unit is split, a unit with a small part
  is hidden in all its parts;
- coarser periods and other maps: a figure that rests on a hidden one is hidden. What is shown is then made of what is
  shown, and tells nothing more, whatever spans and maps are put together. To hide a second month instead would hold
  for one year, and fail for the year to date, of which any two neighbours differ by one month.

Each moment of knowledge is judged by itself: who compares two of them sees how much a hidden count changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db.models import Max, Q

from vamco.geography.unit import Level
from vamco.indicators.hiding import Sizes, hidden_parts, hidden_rows, is_small, sizes
from vamco.indicators.models import Observation
from vamco.indicators.question import Question
from vamco.indicators.stored import as_known, is_ratio
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Additivity, Definition, Indicator
from vamco.vocabulary.period import Period

_MOST_KEPT: Final = 20_000
_SUMMED: Final = frozenset({Additivity.ADDITIVE, Additivity.RATIO})
_FIELDS: Final = (
    "pk", "period", "definition_version", "unit_id", "level", "breakdown",
    "numerator", "denominator", "value", "n_rows",
)  # fmt: skip

Memory = dict[tuple[Any, ...], frozenset[Any]]
_Key = tuple[str, int, int, Additivity, Period, str, bool]


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    counts: Sizes


@dataclass(slots=True)
class _Family:
    """A province in one period: its own row, its communes', and the parts of all of them."""

    whole: _Row | None = None
    communes: dict[str, _Row] = field(default_factory=dict)
    parts_of_whole: dict[str, _Row] = field(default_factory=dict)
    parts: defaultdict[str, dict[str, _Row]] = field(default_factory=lambda: defaultdict(dict))  # by unit

    def take(self, row: _Row, unit: str | None, part: str | None) -> None:
        """Put the row in its place; no unit is the province, no part the whole."""
        if unit is None and part is None:
            self.whole = row
        elif unit is None:
            self.parts_of_whole[part or ""] = row
        elif part is None:
            self.communes[unit] = row
        else:
            self.parts[unit][part] = row


def hidden_vintages(question: Question) -> frozenset[int]:
    """Rows of the ledger that no figure of the question may rest on where small counts are hidden."""
    wanted = dict(_wanted(question))
    known = memory(question)
    keys = {period: _key(question, period, definition) for period, definition in wanted.items()}
    lacking = {period: wanted[period] for period, key in keys.items() if key not in known}
    found = _decided(question, lacking) if lacking else {}
    known.update({keys[period]: rows for period, rows in found.items()})
    return frozenset().union(*(known[key] for key in keys.values()))


def memory(question: Question) -> Memory:
    """What was decided since the ledger's last row was written: pages ask for the same many times."""
    if question.as_known_at is not None:
        return {}
    known = _memory(str(settings.HOME), Observation.objects.aggregate(last=Max("pk"))["last"])
    if len(known) > _MOST_KEPT:
        _memory.cache_clear()
    return known


@lru_cache(maxsize=1)
def _memory(home: str, last: int | None) -> Memory:  # noqa: ARG001
    return {}


def _key(question: Question, period: Period, definition: Definition) -> _Key:
    one, column = question.indicator, question.breakdown.partition("=")[0]
    of_indicator = (one.id, definition.version, one.minimum_count, one.over_units)
    return (*of_indicator, period, column, question.level is Level.PROVINCE)


def _decided(question: Question, wanted: Mapping[Period, Definition]) -> dict[Period, frozenset[int]]:
    """The hidden rows of each of these periods."""
    found: dict[Period, frozenset[int]] = dict.fromkeys(wanted, frozenset())
    for period, family in _families(question, wanted):
        found[period] |= frozenset(_Hiding(question, family).rows())
    return found


class _Hiding:
    """What is hidden in one family."""

    def __init__(self, question: Question, family: _Family) -> None:
        self.question, self.family = question, family
        self.least = question.indicator.minimum_count
        self.is_summed = question.indicator.over_units in _SUMMED
        self.is_whole_hidden, self.communes = self._of_wholes()

    def rows(self) -> Iterator[int]:
        """Those of the level and the breakdown of the question."""
        if self.question.level is not Level.PROVINCE:
            hidden = self._split_communes() if self.question.breakdown else self.communes
            yield from (key for unit in hidden for key in self._of_unit(unit))
        elif self.question.breakdown:
            yield from self._parts_of_province()
        elif self.is_whole_hidden:
            yield from self._of_whole()

    def _of_wholes(self) -> tuple[bool, frozenset[str]]:
        counts = _counts(self.family.communes)
        small = self._small(counts)
        is_total_small = self.family.whole is not None and is_small(self.family.whole.counts, self.least)
        if is_total_small or not self.is_summed:
            return is_total_small, small
        hidden = hidden_parts(counts, self.least)
        return hidden is None, small if hidden is None else hidden

    def _small(self, counts: Mapping[str, Sizes]) -> frozenset[str]:
        return frozenset(name for name, of in counts.items() if is_small(of, self.least))

    def _split_communes(self) -> frozenset[str]:
        with_a_small_part = {
            unit for unit in self.family.communes if self._small(_counts(self.family.parts.get(unit, {})))
        }
        return hidden_rows(_counts(self.family.communes), self.communes | with_a_small_part)

    def _of_unit(self, unit: str) -> Iterator[int]:
        if unit in self.family.communes:
            yield self.family.communes[unit].pk
        yield from _keys(self.family.parts.get(unit, {}))

    def _parts_of_province(self) -> Iterator[int]:
        parts = self.family.parts_of_whole
        counts = _counts(parts)
        hidden = hidden_parts(counts, self.least) if self.is_summed else self._small(counts)
        if hidden is not None and not self.is_whole_hidden:
            yield from (parts[name].pk for name in hidden)
            return
        yield from _keys(parts)
        yield from self._of_whole()

    def _of_whole(self) -> Iterator[int]:
        """The province's own row, or those that it is put together of."""
        return _keys({"": self.family.whole} if self.family.whole else self.family.communes)


def _keys(rows: Mapping[str, _Row]) -> Iterator[int]:
    return (row.pk for row in rows.values())


def _counts(rows: Mapping[str, _Row]) -> dict[str, Sizes]:
    return {name: row.counts for name, row in rows.items()}


def _families(question: Question, wanted: Mapping[Period, Definition]) -> Iterator[tuple[Period, _Family]]:
    territory, by_text = territory_now(), {str(period): period for period in wanted}
    homes = {period: territory.homes(period.end_on, Level.PROVINCE) for period in wanted}
    found: defaultdict[tuple[Period, str | None], _Family] = defaultdict(_Family)
    for pk, text, version, unit_id, level, breakdown, *amounts in _stored(question, wanted):
        period = by_text.get(text)
        if period is None or wanted[period].version != version:
            continue
        unit = None if level == Level.PROVINCE else unit_id
        home = unit_id if unit is None else homes[period].get(unit_id)
        part = breakdown.partition("=")[2] if breakdown else None
        row = _Row(pk, _sizes(question.indicator, wanted[period], *amounts))
        found[period, home].take(row, unit, part)
    return ((period, family) for (period, _), family in found.items())


def _wanted(question: Question) -> Iterator[tuple[Period, Definition]]:
    """The indicator's own periods that the question reaches, with their definitions; formulas count nobody."""
    own = question.indicator.period_type
    for period in question.periods:
        for part in (period,) if period.type is own else period.split(own):
            definition = question.definition(part)
            if definition is not None and not definition.formula:
                yield part, definition


def _stored(question: Question, wanted: Mapping[Period, Definition]) -> Iterable[tuple[Any, ...]]:
    """Wholes and, where the question is of a part, all parts by its column; of a place without a whole, nothing."""
    column = question.breakdown.partition("=")[0]
    is_asked = Q(breakdown="")
    if column:
        is_asked |= Q(breakdown__startswith=f"{column}=")
    rows = as_known(question.as_known_at).filter(
        is_asked,
        indicator=question.indicator.id,
        start_on__gte=min(period.start_on for period in wanted),
        start_on__lte=max(period.start_on for period in wanted),
    )
    return rows.values_list(*_FIELDS)


def _sizes(
    indicator: Indicator,
    definition: Definition,
    above: float | None,
    below: float | None,
    value: float | None,
    n_rows: int,
) -> Sizes:
    counted = value if above is None and not is_ratio(indicator, definition) else above
    return sizes(indicator, definition, counted, below, n_rows)
