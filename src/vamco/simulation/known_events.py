"""The events that were made up on purpose (mô phỏng), for rehearsals to be judged by: what ought to be found."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from vamco.alerts.known_events import HEADER
from vamco.simulation.assets import ATTACK
from vamco.simulation.epidemics import OUTBREAK, outbreak_pieces
from vamco.simulation.feed import Feed
from vamco.simulation.world import World

_DAY: Final = timedelta(days=1)

Row = tuple[str, str, date, date, str]


def events_of(world: World, feeds: Iterable[Feed], until: date) -> Iterator[Row]:
    """Name, code of the unit (or contract), first and last day, and slug of the service, of each event."""
    ends_on = OUTBREAK.begins_on + timedelta(weeks=OUTBREAK.n_weeks) - _DAY
    for code in _struck(world):
        yield "Dịch sốt xuất huyết (mô phỏng)", code, OUTBREAK.begins_on, ends_on, "health"
    attack = "Tấn công mạng (mô phỏng)"
    yield attack, "", ATTACK.begins_on, ATTACK.ends_on, "information-security"
    for feed in feeds:
        silent_from = feed.habits.silent_from_on
        if silent_from is not None:
            yield "Nguồn im lặng (mô phỏng)", feed.contract, silent_from, until, "operations"


def as_csv(rows: Iterable[Row]) -> str:
    """The events as the CSV that `vamco alerts rehearse --events` reads."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return file.getvalue()


def _struck(world: World) -> list[str]:
    """The communes in which a piece is struck by the outbreak."""
    places = zip(world.units(OUTBREAK.begins_on), outbreak_pieces(world), strict=True)
    return sorted({unit.code for unit, is_struck in places if is_struck})
