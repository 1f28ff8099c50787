"""What the one-stop counters send: dossiers whenever they change, and month by month what goes with them."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from vamco.simulation.agencies import SERVICE_CENTRE, agencies_of_pieces, commune_agencies
from vamco.simulation.counters import Returned, changes, returned
from vamco.simulation.feed import JOINED, Feed, Habits, Row
from vamco.simulation.procedures import COMMUNE_PROCEDURES, PROVINCIAL_PROCEDURES, Procedure
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_HISTORY_FROM: Final = date(2024, 5, 1)
_LONGEST_ANSWER: Final = timedelta(days=60)
_RATED: Final = 0.16
_SATISFACTION: Final = ("rất hài lòng", "hài lòng", "không hài lòng")


def dossiers(world: World, period: Period) -> list[Row]:
    """One row a change of a dossier."""
    return list(changes(world, period.start_on, period.end_on))


def ratings(world: World, period: Period) -> list[Row]:
    """What some applicants say on the day that they get their result; late ones are seldom pleased."""
    chance = world.rng("ratings", period)
    every = list(returned(world, period.start_on, period.end_on))
    rated = np.flatnonzero(chance.random(len(every)) < _RATED)
    channels, moods = chance.integers(3, size=len(rated)), chance.random(len(rated))
    return [
        _rating(world, f"DG-{period.start_on:%y%m}-{number:05}", every[at], channels[number], moods[number])
        for number, at in enumerate(rated)
    ]


def _rating(world: World, code: str, of: Returned, channel: int, mood: float) -> Row:
    cheered, content = (0.1, 0.45) if of.is_late else (0.52, 0.97)
    return {
        "rating_code": code,
        "rated_on": of.on,
        "receiving_agency": SERVICE_CENTRE
        if of.piece is None
        else agencies_of_pieces(world, of.on)[of.piece],
        "receiving_unit": None if of.piece is None else str(world.codes(of.on)[of.piece]),
        "procedure_code": of.procedure,
        "channel": ("trực tuyến", "tại quầy", "tin nhắn")[channel],
        "satisfaction": _SATISFACTION[int(mood > cheered) + int(mood > content)],
    }


def certified_copies(world: World, period: Period) -> list[Row]:
    """One row a commune and month; electronic copies catch on slowly."""
    chance, agencies = world.rng("copies", period), commune_agencies(world, period.end_on)
    share = 0.06 + 0.007 * _months(period)
    rows: list[Row] = []
    for code, people in sorted(world.people_by_code(period.end_on, period.end_on.year).items()):
        copies = int(chance.poisson(people * 0.011))
        rows.append(
            {
                "receiving_agency": agencies[code],
                "counted_on": period.end_on,
                "receiving_unit": code,
                "copies": copies,
                "electronic_copies": int(chance.binomial(copies, share)),
            }
        )
    return rows


def procedures(world: World, period: Period) -> list[Row]:
    """The list of every commune and of the provincial centre on the last day of the month."""
    rows: list[Row] = []
    for code, agency in commune_agencies(world, period.end_on).items():
        rows += [_listed(world, period, agency, code, one) for one in COMMUNE_PROCEDURES]
    rows += [_listed(world, period, SERVICE_CENTRE, None, one) for one in PROVINCIAL_PROCEDURES]
    return rows


def _listed(world: World, period: Period, agency: str, code: str | None, procedure: Procedure) -> Row:
    luck = _luck(world, agency, procedure.code)
    due_on = date(2024, 4, 1) if period.end_on < date(2025, 7, 1) else date(2025, 7, 15)
    published_on = due_on + timedelta(days=round((luck - 0.88) * 100))
    update_due_on = date(period.end_on.year, period.end_on.month, 5)  # the content is looked over every month
    updated_on = update_due_on + timedelta(days=round((luck * 7 % 1 - 0.9) * 30))
    is_out = published_on <= period.end_on
    return {
        "procedure_code": procedure.code,
        "receiving_agency": agency,
        "counted_on": period.end_on,
        "receiving_unit": code,
        "name": f"{procedure.name} (mô phỏng)",
        "field": procedure.field,
        "service_level": "toàn trình" if procedure.is_full_online else "một phần",
        "has_fee": procedure.fee > 0,
        "payable_online": procedure.fee > 0 and luck < 0.5 + 0.015 * _months(period),
        "allowed_working_days": procedure.allowed,
        "publish_due_on": due_on,
        "published_on": published_on if is_out else None,
        "update_due_on": update_due_on,
        "updated_on": updated_on,
        "content_full": luck < 0.93,
    }


@lru_cache(maxsize=8_192)
def _luck(world: World, agency: str, procedure: str) -> float:
    """Between 0 and 1, the same in every month."""
    return float(world.rng("luck", agency, procedure).random())


def petitions(world: World, period: Period) -> list[Row]:
    """Petitions that came or were answered in the period, as they stood at its end."""
    rows: list[Row] = []
    for n in range((period.end_on - period.start_on + _LONGEST_ANSWER).days + 1):
        day = period.start_on - _LONGEST_ANSWER + timedelta(days=n)
        rows += [
            _as_of(row, period.end_on)
            for row in _petitions_of(world, day)
            if day >= period.start_on or _is_within(row["answered_on"], period)
        ]
    return rows


def _petitions_of(world: World, on: date) -> list[Row]:
    """The petitions of a day with their whole lives."""
    if not world.worked.is_worked(on):
        return []
    chance = world.rng("petitions", on)
    codes, agencies = world.codes(on), agencies_of_pieces(world, on)
    due_on = world.worked.after_day(on, 10)
    rows: list[Row] = []
    for number, piece in enumerate(world.pick(chance, int(chance.poisson(3.2 * world.scale)))):
        days = 1 + int(chance.beta(3, 2) * 9) + int(chance.random() < 0.07) * int(chance.integers(5, 20))
        answered_on = world.worked.after_day(on, days)
        pleased = (None, "hài lòng", "không hài lòng")[int(chance.choice(3, p=(0.45, 0.46, 0.09)))]
        rows.append(
            {
                "petition_code": f"PAKN-{on:%y%m%d}-{number:03}",
                "received_on": on,
                "about": ("hành vi", "quy định hành chính", "khác")[int(chance.integers(3))],
                "responsible_agency": agencies[piece],
                "receiving_unit": str(codes[piece]),
                "due_on": due_on,
                "answered_on": answered_on if chance.random() < 0.985 else None,
                "satisfaction": pleased,
            }
        )
    return rows


def _as_of(row: Row, on: date) -> Row:
    answered_on = row["answered_on"]
    if isinstance(answered_on, date) and answered_on <= on:
        return row
    return row | {"answered_on": None, "satisfaction": None}


def _is_within(day: object, period: Period) -> bool:
    return isinstance(day, date) and period.contains(day)


def _months(period: Period) -> int:
    """Months since the beginning of 2024."""
    return (period.start_on.year - 2024) * 12 + period.start_on.month


FEEDS: Final = (
    Feed("public-administration.dossiers", dossiers, _HISTORY_FROM, JOINED["day"], Habits(late=0.08)),
    Feed("public-administration.ratings", ratings, _HISTORY_FROM, JOINED["month"]),
    Feed("public-administration.certified_copies", certified_copies, _HISTORY_FROM, JOINED["month"]),
    Feed("public-administration.procedures", procedures, _HISTORY_FROM, JOINED["month"]),
    Feed("public-administration.petitions", petitions, _HISTORY_FROM, JOINED["month"], tells_whole=True),
)
