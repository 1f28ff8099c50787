"""What the health sector sends: cases, monthly counts, days of hospitals, vaccination, insurance, stocks, foci."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from vamco.simulation.epidemics import Case, cases_begun, cases_sent
from vamco.simulation.feed import JOINED, Feed, Habits, Row
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_HISTORY_FROM: Final = date(2024, 5, 1)
_FACILITIES: Final = (
    ("80001", "Bệnh viện đa khoa khu vực phía Đông (mô phỏng)", 1050),
    ("80002", "Bệnh viện đa khoa khu vực phía Bắc (mô phỏng)", 780),
    *(
        (f"80{n:03}", f"Trung tâm y tế khu vực {n - 100} (mô phỏng)", 90 + 11 * (n % 7))
        for n in range(101, 123)
    ),
)
_ITEMS: Final = (
    ("DICH-TRUYEN", "Dịch truyền Ringer lactat", "thuốc", "chai", 400),
    ("PARACETAMOL", "Paracetamol 500 mg", "thuốc", "viên", 9000),
    ("VX-5TRONG1", "Vắc xin 5 trong 1", "vắc xin", "liều", 300),
    ("TEST-NS1", "Test nhanh NS1 Dengue", "vật tư", "test", 250),
    ("CHLORAMIN-B", "Chloramin B", "hóa chất", "kg", 60),
)


def notified_cases(world: World, period: Period) -> list[Row]:
    """One row a case, in the week that it was reported."""
    found = sorted(cases_sent(world, period.start_on, period.end_on), key=lambda c: (c.onset_on, c.piece))
    return [_case(world, period, number, case) for number, case in enumerate(found)]


def _case(world: World, period: Period, number: int, case: Case) -> Row:
    return {
        "case_code": f"MP-{period.start_on:%y%m%d}-{number:05}",
        "disease_code": case.disease.code,
        "disease_name": case.disease.name,
        "reporting_class": case.disease.reporting_class,
        "onset_on": case.onset_on,
        "admitted_on": min(case.onset_on + timedelta(days=2), case.sent_on),
        "diagnosis_status": "xác định" if case.is_confirmed else "nghi ngờ",
        "test_result": "dương tính" if case.is_confirmed else "chờ kết quả",
        "outcome": "tử vong" if case.is_dead else "đang điều trị",
        "residence_unit": str(world.codes(case.onset_on)[case.piece]),
        "reporting_facility": _FACILITIES[case.piece % len(_FACILITIES)][0],
        "sent_on": case.sent_on,
    }


def commune_disease_counts(world: World, period: Period) -> list[Row]:
    """Every commune and disease of the month, zeros too."""
    codes = world.codes(period.start_on)
    cases, confirmed, deaths = (
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
    )
    names = {}
    for case in cases_begun(world, period.start_on, period.end_on):
        key = (str(codes[case.piece]), case.disease.code)
        cases[key] += 1
        confirmed[key] += case.is_confirmed
        deaths[key] += case.is_dead
        names[case.disease.code] = case.disease.name
    return [
        {
            "unit": code,
            "month_on": period.start_on,
            "disease_code": disease,
            "disease_name": name,
            "n_cases": cases[code, disease],
            "n_confirmed": confirmed[code, disease],
            "n_deaths": deaths[code, disease],
        }
        for code in sorted({str(code) for code in codes})
        for disease, name in sorted(names.items())
    ]


def outbreak_foci(world: World, period: Period) -> list[Row]:
    """A focus where a commune had three dengue cases or more in the week."""
    codes, chance = world.codes(period.start_on), world.rng("foci", period)
    begun = cases_begun(world, period.start_on, period.end_on)
    counted = Counter(str(codes[case.piece]) for case in begun if case.disease.code == "A97")
    rows: list[Row] = []
    for code, n in sorted(counted.items()):
        if n < 3:
            continue
        notified_at = datetime.combine(period.start_on + timedelta(days=3), time(9))
        hours = float(chance.gamma(3, 9))
        handled_at = notified_at + timedelta(hours=hours)
        is_handled = handled_at.date() <= period.end_on
        rows.append(
            {
                "focus_code": f"OD-{period.start_on:%y%m%d}-{code}",
                "disease_code": "A97",
                "disease_name": "Sốt xuất huyết Dengue",
                "unit": code,
                "notified_at": notified_at,
                "handled_at": handled_at.replace(second=0, microsecond=0) if is_handled else None,
                "first_case_on": period.start_on,
                "last_case_on": period.end_on,
                "n_cases": n,
                "status": "đã xử lý" if is_handled else "chưa xử lý",
                "recorded_on": period.end_on,
            }
        )
    return rows


def facility_days(world: World, period: Period) -> list[Row]:
    """One row a facility and day, with the rhythm of the week."""
    day, chance = period.start_on, world.rng("facilities", period)
    rhythm = (1.25, 1.1, 1.0, 1.0, 0.95, 0.6, 0.4)[day.weekday()]
    return [_facility_day(world, number, day, rhythm, chance) for number in range(len(_FACILITIES))]


def _facility_day(world: World, number: int, day: date, rhythm: float, chance: np.random.Generator) -> Row:
    code, name, beds = _FACILITIES[number]
    visits = int(chance.poisson(beds * 1.3 * rhythm))
    counted = round(beds * (1.06 + 0.01 * (number % 5)))
    return {
        "facility_code": code,
        "facility_name": name,
        "unit": str(world.codes(day)[_seat(world, number)]),
        "activity_on": day,
        "n_visits": visits,
        "n_emergencies": int(chance.binomial(visits, 0.09)),
        "n_admissions": int(chance.binomial(visits, 0.12)),
        "n_referrals": int(chance.binomial(visits, 0.03)),
        "n_bed_days": round(beds * float(chance.normal(0.82 + 0.1 * _warm(day), 0.05))),
        "n_beds_planned": beds,
        "n_beds_counted": counted,
    }


def child_vaccination(world: World, period: Period) -> list[Row]:
    """One row a commune and month."""
    chance = world.rng("vaccination", period)
    rows: list[Row] = []
    for code, people in sorted(world.people_by_code(period.start_on, period.start_on.year).items()):
        due = int(chance.poisson(people * 0.014 / 12))
        done = int(chance.binomial(due, 0.93))
        rows.append(
            {
                "unit": code,
                "month_on": period.start_on,
                "n_due": due,
                "n_fully_vaccinated": done,
                "n_postponed": (due - done) // 2,
            }
        )
    return rows


def insurance_members(world: World, period: Period) -> list[Row]:
    """One row a commune and month; coverage rises slowly."""
    chance = world.rng("insured", period)
    share = 0.905 + 0.0009 * ((period.start_on.year - 2024) * 12 + period.start_on.month)
    return [
        {
            "unit": code,
            "month_on": period.start_on,
            "n_insured": (insured := int(people * min(0.99, float(chance.normal(share, 0.015))))),
            "n_household_insured": int(insured * 0.28),
        }
        for code, people in sorted(world.people_by_code(period.start_on, period.start_on.year).items())
    ]


def insurance_spending(world: World, period: Period) -> list[Row]:
    """One row a facility and month."""
    chance = world.rng("spending", period)
    return [
        {
            "facility_code": code,
            "facility_name": name,
            "unit": str(world.codes(period.start_on)[_seat(world, number)]),
            "month_on": period.start_on,
            "n_claims": int(beds * 30 * float(chance.normal(1.0, 0.05))),
            "spent": round(beds * 26e6 * float(chance.normal(1.0 + 0.02 * (number % 4), 0.06)) / 1e3) * 1000,
            "plan_of_year": beds * 26_500_000 * 12,
        }
        for number, (code, name, beds) in enumerate(_FACILITIES)
    ]


def medicine_stock(world: World, period: Period) -> list[Row]:
    """One row a facility and item, counted on Friday."""
    chance, day = world.rng("stock", period), period.start_on + timedelta(days=4)
    return [
        {
            "facility_code": code,
            "facility_name": name,
            "unit": str(world.codes(day)[_seat(world, number)]),
            "item_code": item,
            "item_name": title,
            "item_group": group,
            "unit_of_count": counted_in,
            "counted_on": day,
            "quantity": int(reserve * float(chance.gamma(6, 0.35))),
            "minimum_reserve": reserve,
            "expires_on": day + timedelta(days=int(chance.integers(40, 700))),
        }
        for number, (code, name, _) in enumerate(_FACILITIES)
        for item, title, group, counted_in, reserve in _ITEMS
    ]


@lru_cache(maxsize=256)
def _seat(world: World, number: int) -> int:
    """The piece where a facility stands."""
    return int(world.rng("seat", number).integers(len(world.pieces)))


def _warm(day: date) -> float:
    """Between 0 in March and 1 in September: the rains fill the wards."""
    return float((1 + np.cos((day.timetuple().tm_yday - 265) / 365 * 2 * np.pi)) / 2)


FEEDS: Final = (
    Feed("health.commune_disease_counts", commune_disease_counts, date(2020, 10, 1), JOINED["month"]),
    Feed("health.notified_cases", notified_cases, _HISTORY_FROM, JOINED["week"]),
    Feed("health.outbreak_foci", outbreak_foci, _HISTORY_FROM, JOINED["week"]),
    Feed("health.facility_days", facility_days, _HISTORY_FROM, JOINED["day"], Habits(late=0.1)),
    Feed("health.child_vaccination", child_vaccination, _HISTORY_FROM, JOINED["month"]),
    Feed("health.insurance_members", insurance_members, _HISTORY_FROM, JOINED["month"]),
    Feed("health.insurance_spending", insurance_spending, _HISTORY_FROM, JOINED["month"]),
    Feed(
        "health.medicine_stock",
        medicine_stock,
        _HISTORY_FROM,
        JOINED["week"],
        Habits(silent_from_on=date(2026, 10, 26)),  # the source that falls silent
    ),
)
