"""Tests of alert rules as pack files hold them: figures in, states out, on a fake clock (after promtool's).

The file form is described in `docs/reference/alert-form.md`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from vamco.packs.document import Document, read_document
from vamco.packs.indicator_file import SEVERITIES
from vamco.packs.pack import Pack
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

Values = tuple[float | None, ...]
Node = dict[str, Any]

_HERE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDER: Final = "tests/alerts"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an alert's state is at a moment, and how severe it then is where that is said."""

    at: datetime
    thing: str  # code of the unit, or the contract
    state: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Figures by thing and period, from `first` on; None is unknown.

    `of` are the denominators of shares, `bounds` the values of other indicators, `known_at` when a figure
    became known if that was not on the last day of its promise.
    """

    title: str
    first: Period
    figures: Mapping[str, Values]
    of: Mapping[str, Values]
    bounds: Mapping[str, Mapping[str, Values]]
    known_at: Mapping[tuple[str, Period], datetime]
    expected: tuple[Expected, ...]


def scenarios_of(pack: Pack, name: str) -> tuple[Scenario, ...]:
    """The scenarios of the pack's rule of that name; none where it has no test."""
    file = pack.folder / FOLDER / f"{name}.yaml"
    return scenarios_from(read_document(file)) if file.is_file() else ()


def scenarios_from(document: Document) -> tuple[Scenario, ...]:
    """The scenarios of a file of the right shape."""
    return tuple(map(_scenario, document.value["scenarios"]))


def files_of_tests(folder: Path) -> list[Path]:
    """The test files of the pack in that folder, by name."""
    return sorted((folder / FOLDER).glob("*.yaml"))


def _scenario(node: Node) -> Scenario:
    late = node.get("late", {})
    return Scenario(
        title=node["it"],
        first=Period.parse(str(node["from"])),
        figures=_series(node["figures"]),
        of=_series(node.get("of", {})),
        bounds={name: _series(values) for name, values in node.get("bounds", {}).items()},
        known_at={
            (thing, Period.parse(period)): moment(at)
            for thing, when in late.items()
            for period, at in when.items()
        },
        expected=tuple(one for entry in node["expect"] for one in _expected(entry)),
    )


def _series(node: Node) -> dict[str, Values]:
    return {thing: tuple(_spelled(values)) for thing, values in node.items()}


def _spelled(values: list[Any]) -> Iterator[float | None]:
    """The values one by one: `{repeat: [1, 2], times: 3}` is 1 2 1 2 1 2."""
    for value in values:
        if isinstance(value, dict):
            yield from value["repeat"] * value["times"]
        else:
            yield value


def _expected(node: Node) -> Iterator[Expected]:
    for thing, said in node["states"].items():
        state, _, severity = said.partition(" ")
        yield Expected(moment(node["at"]), thing, state, SEVERITIES[severity] if severity else None)


def moment(text: str) -> datetime:
    """A moment as pack files write it, local time: `2026-08-21 08:00`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_HERE)
