"""Made-up alerts and incidents of the security desk, the attack among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from vamco.simulation.assets import ATTACK, SEVERITIES, SYSTEMS, System, moment
from vamco.simulation.feed import Row
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_TYPES: Final = (
    ("dò quét", 0.38, (0.6, 0.34, 0.05, 0.01)),
    ("dò mật khẩu", 0.2, (0.3, 0.5, 0.18, 0.02)),
    ("tấn công ứng dụng web", 0.14, (0.1, 0.5, 0.35, 0.05)),
    ("mã độc", 0.12, (0.15, 0.45, 0.33, 0.07)),
    ("lừa đảo", 0.1, (0.3, 0.5, 0.18, 0.02)),
    ("kết nối máy chủ điều khiển", 0.02, (0.0, 0.2, 0.5, 0.3)),
    ("khác", 0.04, (0.6, 0.3, 0.1, 0.0)),
)
_LONGEST_ALERT: Final = 4  # days until contained
_LONGEST_INCIDENT: Final = timedelta(days=45)


def alerts(world: World, period: Period) -> list[Row]:
    """One row when an alert is raised, one more when it is contained on a later day."""
    first_on = period.start_on - timedelta(days=_LONGEST_ALERT)
    days = [first_on + timedelta(days=n) for n in range((period.end_on - first_on).days + 1)]
    rows = [row for day in days for row in _raised(world, day)]
    return [row for row in rows if _is_in(row["changed_at"], period)]


def _is_in(at: object, period: Period) -> bool:
    return isinstance(at, datetime) and period.contains(at.date())


@lru_cache(maxsize=16)
def _raised(world: World, on: date) -> tuple[Row, ...]:
    return tuple(row for alert in _seen(world, on) for row in _states(world, on, alert))


@dataclass(frozen=True, slots=True)
class _Alert:
    """What was seen where; `number` within the day."""

    number: int
    kind: str
    severity: str
    system: System
    is_attack: bool = False


def _seen(world: World, on: date) -> Iterator[_Alert]:
    """The alerts of a usual day, and those of the attack."""
    chance = world.rng("alerts", on)
    usual = 17.0 if world.worked.is_worked(on) else 7.0
    n = int(chance.poisson(usual * world.scale))
    picked = chance.choice(len(_TYPES), n, p=[share for _, share, _ in _TYPES])
    for number, at in enumerate(picked):
        kind, _, severities = _TYPES[at]
        yield _Alert(number, kind, str(chance.choice(SEVERITIES, p=severities)), _any_system(chance))
    target = next(system for system in SYSTEMS if system.agency == ATTACK.agency)
    n_phishing, n_calls = int(chance.poisson(ATTACK.phishing(on))), int(chance.poisson(ATTACK.calls(on)))
    for number in range(n, n + n_phishing):
        yield _Alert(number, "lừa đảo", "cao", target, is_attack=True)
    for number in range(n + n_phishing, n + n_phishing + n_calls):
        yield _Alert(number, "kết nối máy chủ điều khiển", "nghiêm trọng", target, is_attack=True)


def _states(world: World, on: date, alert: _Alert) -> Iterator[Row]:
    chance, is_attack = world.rng("alert", on, alert.number), alert.is_attack
    detected_at = moment(on, chance.uniform(0, 1439))
    rank = SEVERITIES.index(alert.severity)
    acknowledged_at = detected_at + timedelta(minutes=2 + int(chance.gamma(1.6, 38 / (1 + rank))))
    hours = chance.gamma(1.4, 9.0 / (1 + rank)) + (18 if is_attack else 0)
    contained_at = acknowledged_at + timedelta(minutes=min(10 + int(hours * 60), 3 * 1440))
    machines = ATTACK.n_machines if is_attack else 400
    row: Row = {
        "alert_code": f"MP-CB-{on:%y%m%d}-{alert.number:04}",
        "changed_at": acknowledged_at,
        "alert_type": alert.kind,
        "severity": alert.severity,
        "system_code": alert.system.code,
        "asset_code": f"TS-{int(chance.integers(machines)):04}",
        "agency": alert.system.agency,
        "began_at": detected_at - timedelta(minutes=int(chance.gamma(1.3, 160 if is_attack else 45))),
        "detected_at": detected_at,
        "acknowledged_at": acknowledged_at,
        "contained_at": None,
        "is_false": bool(not is_attack and chance.random() < 0.16),
    }
    if contained_at.date() > acknowledged_at.date():
        yield row
    yield row | {"changed_at": contained_at, "contained_at": contained_at}


def _any_system(chance: np.random.Generator) -> System:
    return SYSTEMS[int(chance.integers(len(SYSTEMS)))]


def incidents(world: World, period: Period) -> list[Row]:
    """Incidents found, reported or closed in the period, as they stood at its end."""
    first_on = period.start_on - _LONGEST_INCIDENT
    days = [first_on + timedelta(days=n) for n in range((period.end_on - first_on).days + 1)]
    every = [row for day in days for row in _incidents_of(world, day)]
    return [_as_of(row, period.end_on) for row in every if _is_news(row, period)]


@lru_cache(maxsize=200)
def _incidents_of(world: World, on: date) -> tuple[Row, ...]:
    chance = world.rng("incidents", on)
    found = [
        (_any_system(chance), str(chance.choice(SEVERITIES, p=(0.35, 0.4, 0.2, 0.05))))
        for _ in range(int(chance.poisson(0.12 * world.scale)))
    ]
    if on == ATTACK.calls_from_on:
        found.append((next(system for system in SYSTEMS if system.agency == ATTACK.agency), "nghiêm trọng"))
    return tuple(
        _incident(on, number, system, severity, chance) for number, (system, severity) in enumerate(found)
    )


def _incident(on: date, number: int, system: System, severity: str, chance: np.random.Generator) -> Row:
    detected_at = moment(on, chance.uniform(420, 1200))
    hours = 24 if severity in ("cao", "nghiêm trọng") else 72
    reported_at = detected_at + timedelta(hours=float(chance.gamma(2.2, hours / 4.6)))
    closed_at = reported_at + timedelta(days=1 + float(chance.gamma(1.5, 4)))
    return {
        "incident_code": f"MP-SC-{on:%y%m%d}-{number:02}",
        "severity": severity,
        "system_code": system.code,
        "agency": system.agency,
        "detected_at": detected_at,
        "report_due_at": detected_at + timedelta(hours=hours),
        "reported_at": reported_at.replace(second=0, microsecond=0) + timedelta(minutes=1),
        "closed_at": closed_at.replace(second=0, microsecond=0) + timedelta(minutes=1),
        "personal_data_leaked": bool(chance.random() < 0.06),
    }


def _is_news(row: Row, period: Period) -> bool:
    return any(_is_in(row[name], period) for name in ("detected_at", "reported_at", "closed_at"))


def _as_of(row: Row, on: date) -> Row:
    """The row without what happened after that day."""
    return row | {
        name: None
        for name in ("reported_at", "closed_at")
        if isinstance(at := row[name], datetime) and at.date() > on
    }
