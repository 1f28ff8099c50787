"""What the security desk sends: alerts and incidents, machines, weaknesses, and whether services can be reached."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from vamco.simulation.agencies import DEPARTMENTS, DIGITAL_CENTRE, OFFICE, SERVICE_CENTRE, commune_agencies
from vamco.simulation.assets import ATTACK, SYSTEMS, System, weaknesses
from vamco.simulation.feed import JOINED, Feed, Habits, Row
from vamco.simulation.incidents import alerts, incidents
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_HISTORY_FROM: Final = date(2024, 5, 1)
_SCANNED_FROM: Final = date(2026, 8, 3)  # a scan is a delivery of its own, so it has no longer history
_REGISTER_FROM: Final = date(2026, 1, 1)  # the register has no day of its own
_COMMUNE_MACHINES: Final = 11_500
_PUBLIC_SERVICES: Final = (
    ("DV-CONG-TTDT", OFFICE),
    ("DV-TTHC", SERVICE_CENTRE),
    ("DV-MOT-CUA", SERVICE_CENTRE),
    ("DV-VAN-BAN", DIGITAL_CENTRE),
    ("DV-KHO-DL", DIGITAL_CENTRE),
    ("DV-LGSP", DIGITAL_CENTRE),
)
_OUTAGES: Final = {  # (service, day) → minutes in one piece
    ("DV-TTHC", date(2025, 7, 1)): 340,
    ("DV-MOT-CUA", date(2025, 7, 1)): 415,
    ("DV-LGSP", date(2026, 8, 19)): 190,
    ("DV-CONG-TTDT", date(2026, 9, 17)): 85,
    ("DV-TTHC", date(2026, 11, 12)): 64,
}


def vulnerabilities(world: World, period: Period) -> list[Row]:
    """The scan on Friday: what is open, and what was closed in the week before."""
    scanned_on = period.end_on - timedelta(days=2)
    return [
        {
            "finding_code": one.code,
            "scanned_on": scanned_on,
            "system_code": one.system.code,
            "agency": one.system.agency,
            "severity": one.severity,
            "opened_on": one.opened_on,
            "closed_on": one.closed_on if one.closed_on <= scanned_on else None,
        }
        for one in weaknesses(world, scanned_on)
    ]


def endpoints(world: World, period: Period) -> list[Row]:
    """One row an agency, counted on Sunday."""
    on, chance = period.end_on, world.rng("endpoints", period)
    agencies = commune_agencies(world, on)
    communes = [(agency, code, _COMMUNE_MACHINES // len(agencies)) for code, agency in agencies.items()]
    return [
        _machines(world, agency, code, size, on, chance)
        for agency, code, size in [*((slug, None, 320) for slug in DEPARTMENTS), *communes]
    ]


def _machines(
    world: World, agency: str, code: str | None, size: int, on: date, chance: np.random.Generator
) -> Row:
    inventory, habit = _inventory(world, agency, size)
    years = (on - date(2024, 1, 1)).days / 365
    managed = int(inventory * min(1.0, habit + 0.11 * years))
    infected = int(chance.binomial(managed, 0.0015))
    is_struck = agency == ATTACK.agency and ATTACK.calls_from_on <= on <= ATTACK.ends_on + timedelta(days=7)
    return {
        "agency": agency,
        "counted_on": on,
        "unit": code,
        "inventory": inventory,
        "managed": managed,
        "infected": infected + (ATTACK.n_machines if is_struck else 0),
    }


@lru_cache(maxsize=1_000)
def _inventory(world: World, agency: str, size: int) -> tuple[int, float]:
    """How many machines an agency has, and the share managed at the beginning of 2024."""
    chance = world.rng("machines", agency)
    return 10 + int(chance.poisson(size)), float(chance.uniform(0.55, 0.78))


def service_uptime(world: World, period: Period) -> list[Row]:
    """One row a service and day, asked once a minute from outside."""
    day, chance = period.start_on, world.rng("uptime", period)
    rows: list[Row] = []
    for code, agency in _PUBLIC_SERVICES:
        failed = int(chance.poisson(1.1))
        longest = _OUTAGES.get((code, day), int(chance.integers(1, failed + 1)) if failed else 0)
        rows.append(
            {
                "service_code": code,
                "measured_on": day,
                "agency": agency,
                "checks": 1440,
                "failed_checks": max(failed, longest),
                "longest_outage_minutes": longest,
            }
        )
    return rows


def certificates(world: World, period: Period) -> list[Row]:
    """Certificates and domains, looked at on Friday; some are renewed too late."""
    on = period.start_on + timedelta(days=4)
    rows: list[Row] = []
    for number, system in enumerate(SYSTEMS * 2):
        is_domain = number >= len(SYSTEMS)
        rows.append(
            {
                "item_code": f"mp-{system.code.lower()}.example" if is_domain else f"MP-CTS-{system.code}",
                "checked_on": on,
                "kind": "tên miền" if is_domain else "chứng thư số máy chủ",
                "agency": system.agency,
                "expires_on": _expiry(world, number, on),
            }
        )
    return rows


def _expiry(world: World, number: int, on: date) -> date:
    """A year after the last renewal, which comes some days before the end, or a few days too late."""
    chance = world.rng("certificate", number)
    expires_on = date(2023, 6, 1) + timedelta(days=int(chance.integers(365)))
    while expires_on - timedelta(days=round(float(chance.normal(14, 11)))) <= on:
        expires_on += timedelta(days=365)
    return expires_on


def restore_tests(world: World, period: Period) -> list[Row]:
    """One planned test a quarter of every system of level 3; not all are held, and not all succeed."""
    chance = world.rng("restore", period)
    rows: list[Row] = []
    for system in (system for system in SYSTEMS if system.level >= 3):
        planned_on = period.start_on + timedelta(days=int(chance.integers(20, 70)))
        is_held = chance.random() < 0.86
        result = str(chance.choice(("thành công", "một phần", "thất bại"), p=(0.8, 0.14, 0.06)))
        rows.append(
            {
                "system_code": system.code,
                "planned_on": planned_on,
                "agency": system.agency,
                "tested_on": planned_on + timedelta(days=int(chance.integers(0, 12))) if is_held else None,
                "result": result if is_held else None,
                "restore_minutes": int(chance.gamma(4, 35)) if is_held else None,
            }
        )
    return rows


def systems(_world: World, period: Period) -> list[Row]:
    """The register of systems as it stood at the end of the month."""
    return [_registered(number, system, period.end_on) for number, system in enumerate(SYSTEMS, start=1)]


def _registered(number: int, system: System, on: date) -> Row:
    is_approved = system.approved_on is not None and system.approved_on <= on
    return {
        "system_code": system.code,
        "name": system.name,
        "agency": system.agency,
        "status": "đang vận hành",
        "level": system.level,
        "approval_decision": f"Quyết định mô phỏng {number:02}" if is_approved else None,
        "approved_on": system.approved_on if is_approved else None,
        "is_monitored": system.monitored_from_on is not None and system.monitored_from_on <= on,
    }


FEEDS: Final = (
    Feed("information-security.alerts", alerts, _HISTORY_FROM, JOINED["day"]),
    Feed("information-security.service_uptime", service_uptime, _HISTORY_FROM, JOINED["day"]),
    Feed("information-security.endpoints", endpoints, _HISTORY_FROM, JOINED["week"]),
    Feed("information-security.vulnerabilities", vulnerabilities, _SCANNED_FROM, _SCANNED_FROM),
    Feed("information-security.certificates", certificates, _HISTORY_FROM, JOINED["week"]),
    Feed("information-security.incidents", incidents, _HISTORY_FROM, JOINED["month"], tells_whole=True),
    Feed("information-security.systems", systems, _REGISTER_FROM, _REGISTER_FROM, Habits(late=0.15)),
    Feed("information-security.restore_tests", restore_tests, date(2024, 7, 1), date(2024, 7, 1)),
)
