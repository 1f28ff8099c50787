"""What the sharing platform sends: calls and accounts, the databases to be connected, loads and data quality."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from vamco.simulation.agencies import DEPARTMENTS, SERVICE_CENTRE
from vamco.simulation.exchange import DATASETS, OUTAGE, REQUIRED, SERVICES, Service, SharedDataset
from vamco.simulation.feed import JOINED, Feed, Habits, Row
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_HISTORY_FROM: Final = date(2024, 5, 1)
_REGISTER_FROM: Final = date(2026, 1, 1)  # rows of registers have no day of their own, so no longer history
_LIST_FROM: Final = date(2026, 8, 3)
_LONGEST_REQUEST: Final = timedelta(days=45)
_LONGEST_TICKET: Final = 26  # weeks
_AT_NIGHT: Final = time(23, 59)
_GROUND: Final = "Không thuộc phạm vi nhiệm vụ (mô phỏng)"


def gateway_calls(world: World, period: Period) -> list[Row]:
    """One row a service and consumer with any call on the day."""
    day, chance = period.start_on, world.rng("calls", period)
    rhythm = (1.15 if day.weekday() == 0 else 1.0) if world.worked.is_worked(day) else 0.13
    grown = 1.3 ** ((day - date(2024, 1, 1)).days / 365)
    rows: list[Row] = []
    for service in SERVICES:
        if service.published_on > day:
            continue
        for number, consumer in enumerate(service.consumers):
            expected = service.calls * world.scale * rhythm * grown / (1 + 0.45 * number)
            calls = int(chance.poisson(expected * float(chance.lognormal(0, 0.09))))
            if calls:
                faults = chance.multinomial(calls, _faults(service, day))
                p95 = service.p95_ms * float(chance.lognormal(0, 0.13)) * (7 if _is_out(service, day) else 1)
                rows.append(
                    {
                        "called_on": day,
                        "service_code": service.code,
                        "consumer": consumer,
                        "provider": service.provider,
                        "calls": calls,
                        "errors": int(faults[0]),
                        "timeouts": int(faults[1]),
                        "p95_ms": round(p95),
                        "bytes": calls * int(chance.normal(1_400, 60)),
                    }
                )
    return rows


def _is_out(service: Service, day: date) -> bool:
    return (service.code, day) == (OUTAGE.service, OUTAGE.on)


def _faults(service: Service, day: date) -> tuple[float, float, float]:
    """The shares of errors, of calls without an answer in time, and of good ones."""
    if _is_out(service, day):
        return OUTAGE.errors, OUTAGE.timeouts, 1 - OUTAGE.errors - OUTAGE.timeouts
    return 0.004, 0.0015, 0.9945


def services(_world: World, period: Period) -> list[Row]:
    """The register of services as it stood at the end of the month."""
    return [
        {
            "service_code": service.code,
            "name": service.name,
            "provider": service.provider,
            "scope": service.scope,
            "status": "đã công bố",
            "published_on": service.published_on,
        }
        for service in SERVICES
        if service.published_on <= period.end_on
    ]


def account_requests(world: World, period: Period) -> list[Row]:
    """Requests that came or were decided in the period, as they stood at its end."""
    first_on = period.start_on - _LONGEST_REQUEST
    days = [first_on + timedelta(days=n) for n in range((period.end_on - first_on).days + 1)]
    every = [row for day in days for row in _requests_of(world, day)]
    return [_decided_by(row, period.end_on) for row in every if _is_news(row, period)]


@lru_cache(maxsize=200)
def _requests_of(world: World, on: date) -> tuple[Row, ...]:
    if not world.worked.is_worked(on):
        return ()
    chance = world.rng("requests", on)
    return tuple(
        _request(
            world,
            on,
            number,
            SERVICES[int(chance.integers(len(SERVICES)))],
            float(chance.random()),
            int(chance.geometric(0.45)),
        )
        for number in range(int(chance.poisson(0.7 * world.scale)))
    )


def _request(world: World, on: date, number: int, service: Service, luck: float, days: int) -> Row:
    decided_on = world.worked.after_day(on, min(days, 20))
    is_refused = luck < 0.06
    askers = [slug for slug in (*DEPARTMENTS, SERVICE_CENTRE) if slug != service.provider]
    return {
        "request_code": f"MP-YC-{on:%y%m%d}-{number:02}",
        "service_code": service.code,
        "asked_by": askers[int(luck * 997) % len(askers)],
        "asked_of": service.provider,
        "received_on": on,
        "due_on": world.worked.after_day(on, 2 if on >= date(2025, 8, 19) else 10),
        "granted_on": None if is_refused else decided_on,
        "refused_on": decided_on if is_refused else None,
        "refusal_ground": _GROUND if is_refused else None,
    }


def _is_news(row: Row, period: Period) -> bool:
    days = (row["received_on"], row["granted_on"], row["refused_on"])
    return any(isinstance(day, date) and period.contains(day) for day in days)


def _decided_by(row: Row, on: date) -> Row:
    """The row without a decision of a later day."""
    if _is_after(row["granted_on"], on) or _is_after(row["refused_on"], on):
        return row | {"granted_on": None, "refused_on": None, "refusal_ground": None}
    return row


def _is_after(day: object, on: date) -> bool:
    return isinstance(day, date) and day > on


def required_databases(_world: World, period: Period) -> list[Row]:
    """The compulsory list as it stood at the end of the week."""
    return [
        {
            "database_code": one.code,
            "name": one.name,
            "owner": one.owner,
            "required_by": "Nghị định 278/2025/NĐ-CP",
            "due_on": date(2026, 12, 31),
            "connected_on": one.connected_on
            if one.connected_on and one.connected_on <= period.end_on
            else None,
        }
        for one in REQUIRED
    ]


def dataset_loads(world: World, period: Period) -> list[Row]:
    """One row a dataset, measured at the end of the day."""
    return [_load(world, dataset, period.start_on) for dataset in DATASETS]


def _load(world: World, dataset: SharedDataset, on: date) -> Row:
    chance = world.rng("load", dataset.code, on)
    good = [on - timedelta(days=n) for n in range(30) if _is_loaded(world, dataset, on - timedelta(days=n))]
    is_good = bool(good) and good[0] == on
    return {
        "dataset_code": dataset.code,
        "measured_at": datetime.combine(on, _AT_NIGHT),
        "owner": dataset.owner,
        "promised_hours": dataset.promised_hours,
        "last_loaded_at": datetime.combine(good[0], time(4, int(chance.integers(60)))) if good else None,
        "loads": 1,
        "failed_loads": int(not is_good),
        "rows_loaded": int(chance.poisson(dataset.rows)) if is_good else 0,
    }


@lru_cache(maxsize=1_000)
def _is_loaded(world: World, dataset: SharedDataset, on: date) -> bool:
    return bool(world.rng("loaded", dataset.code, on).random() < dataset.reliability)


def quality_runs(world: World, period: Period) -> list[Row]:
    """One run a dataset on Friday; quality rises as errors are corrected at the source."""
    on, chance = period.start_on + timedelta(days=4), world.rng("quality", period)
    years = (on - date(2024, 1, 1)).days / 365
    return [
        {
            "dataset_code": dataset.code,
            "run_on": on,
            "owner": dataset.owner,
            "quality_index": round(
                100 - (100 - dataset.index) * 0.78**years + float(chance.normal(0, 0.25)), 2
            ),
            "identifier_index": 100.0 if dataset.index > 85 else round(97.5 + 0.8 * years, 2),
            "rows_evaluated": int(dataset.rows * 70 * (1 + 0.2 * years)),
        }
        for dataset in DATASETS
    ]


def quality_tickets(world: World, period: Period) -> list[Row]:
    """The tickets open on Sunday, and those corrected in the week."""
    return [
        _told(row, period.end_on)
        for n in range(_LONGEST_TICKET + 1)
        for row in _tickets_of(world, period.start_on - timedelta(weeks=n))
        if _is_after(row["corrected_on"], period.start_on - timedelta(days=1))
    ]


@lru_cache(maxsize=100)
def _tickets_of(world: World, monday: date) -> tuple[Row, ...]:
    return tuple(_tickets(world, monday))


def _tickets(world: World, monday: date) -> Iterator[Row]:
    chance, after = world.rng("tickets", monday), world.worked.after_day
    for number in range(int(chance.poisson(6 * world.scale))):
        dataset = DATASETS[int(chance.integers(len(DATASETS)))]
        opened_on = monday + timedelta(days=int(chance.integers(5)))
        needs_check = bool(chance.random() < 0.25)
        verified_on = after(opened_on, 1 + int(chance.gamma(2.2, 1.5)))
        corrected_on = after(verified_on, 1 + int(chance.gamma(1.8, 4.5 - 3 * dataset.reliability + 1.5)))
        yield {
            "ticket_code": f"MP-PH-{monday:%y%m%d}-{number:03}",
            "counted_on": None,
            "dataset_code": dataset.code,
            "responsible_agency": dataset.owner,
            "opened_on": opened_on,
            "is_identifier": bool(chance.random() < 0.2),
            "needs_field_check": needs_check,
            "verify_due_on": after(opened_on, 5),
            "verified_on": verified_on,
            "correct_due_on": after(opened_on, 15 if needs_check else 10),
            "corrected_on": corrected_on,
        }


def _told(row: Row, on: date) -> Row:
    unknown = [name for name in ("verified_on", "corrected_on") if _is_after(row[name], on)]
    return row | {"counted_on": on} | dict.fromkeys(unknown)


FEEDS: Final = (
    Feed("sharing-platform.gateway_calls", gateway_calls, _HISTORY_FROM, JOINED["day"]),
    Feed("sharing-platform.dataset_loads", dataset_loads, _HISTORY_FROM, JOINED["day"]),
    Feed("sharing-platform.services", services, _REGISTER_FROM, _REGISTER_FROM),
    Feed(
        "sharing-platform.account_requests",
        account_requests,
        _HISTORY_FROM,
        JOINED["month"],
        tells_whole=True,
    ),
    Feed("sharing-platform.required_databases", required_databases, _LIST_FROM, _LIST_FROM, Habits(late=0.1)),
    Feed("sharing-platform.quality_runs", quality_runs, _HISTORY_FROM, JOINED["week"]),
    Feed("sharing-platform.quality_tickets", quality_tickets, _HISTORY_FROM, JOINED["week"]),
)
