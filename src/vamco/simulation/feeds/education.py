"""What the education sector sends: attendance, schools, classes, teachers, dropouts, enrolment, events."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Final

from vamco.simulation.feed import JOINED, Feed, Row
from vamco.simulation.schools import (
    GRADES,
    School,
    absence,
    is_school_day,
    school_year,
    schools,
)
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_Post = tuple[str, str, str, str]  # commune, level, subject and its group
_HISTORY_FROM: Final = date(2024, 5, 1)
_SUMMER: Final = (6, 7, 8)
_SUBJECTS: Final = {
    "mầm non": (("Chăm sóc, giáo dục trẻ", "bắt buộc"),),
    "tiểu học": (("Văn hóa", "bắt buộc"), ("Tiếng Anh", "bắt buộc"), ("Tin học", "bắt buộc")),
    "trung học cơ sở": (("Toán", "bắt buộc"), ("Ngữ văn", "bắt buộc"), ("Khoa học tự nhiên", "bắt buộc")),
    "trung học phổ thông": (("Toán", "bắt buộc"), ("Tiếng Anh", "bắt buộc"), ("Mĩ thuật", "lựa chọn")),
}
_AGES: Final = (
    ("5 tuổi", 0.0152, 0.988),
    ("6 tuổi", 0.0156, 0.997),
    ("11 tuổi", 0.0158, 0.992),
    ("15 tuổi", 0.0150, 0.93),
)
_EVENTS: Final = (
    ("tai nạn khác", 0.42, 2.0),
    ("bạo lực học đường", 0.26, 2.0),
    ("tai nạn giao thông", 0.2, 1.5),
    ("đuối nước", 0.06, 1.0),
    ("ngộ độc thực phẩm", 0.06, 14.0),
)


def _school(world: World, school: School, on: date) -> Row:
    return {
        "school_code": school.code,
        "school_name": school.name,
        "school_level": school.level,
        "unit": str(world.codes(on)[school.piece]),
    }


def attendance(world: World, period: Period) -> list[Row]:
    """One row a school and school day; a week without school has none."""
    rows: list[Row] = []
    for n in range((period.end_on - period.start_on).days + 1):
        day = period.start_on + timedelta(days=n)
        if is_school_day(world, day):
            rows += _day(world, day)
    return rows


def _day(world: World, on: date) -> list[Row]:
    chance = world.rng("attendance", on)
    here, (sick, other) = schools(world), absence(world, on)
    pupils = [school.pupils(on) for school in here]
    n_sick = chance.binomial(pupils, sick * chance.lognormal(0, 0.2, len(here)))
    n_other = chance.binomial([n - int(k) for n, k in zip(pupils, n_sick, strict=True)], other)
    return [
        _school(world, school, on)
        | {
            "school_on": on,
            "n_on_roll": pupils[at],
            "n_absent": int(n_sick[at] + n_other[at]),
            "n_absent_sick": int(n_sick[at]),
        }
        for at, school in enumerate(here)
    ]


def school_records(world: World, period: Period) -> list[Row]:
    """Every school's record on the last day of the month; some are not kept up to date."""
    on, chance = period.end_on, world.rng("records", period)
    return [_record(world, school, on, float(chance.random())) for school in schools(world)]


def _record(world: World, school: School, on: date, chance: float) -> Row:
    rooms = max(3, round(school.n_classes * (0.86 + 0.25 * school.luck)))
    until_on = date(2025 + int(school.luck * 5), 1 + int(school.luck * 97) % 12, 28)
    has_standard = school.luck > 0.28 and school.is_public
    days = int(chance * 25) if chance < 0.9 else 30 + int(chance * 60)
    return _school(world, school, on) | {
        "ownership": "công lập" if school.is_public else "ngoài công lập",
        "counted_on": on,
        "n_classes": school.n_classes,
        "n_pupils": school.pupils(on),
        "n_teachers": school.teachers(on),
        "n_rooms": rooms,
        "n_solid_rooms": round(rooms * (0.78 + 0.22 * school.luck)),
        "national_standard": ("mức độ 1", "mức độ 2")[int(school.luck > 0.85)]
        if has_standard
        else "chưa đạt",
        "standard_until_on": until_on if has_standard else None,
        "updated_on": on - timedelta(days=days),
    }


def classes(world: World, period: Period) -> list[Row]:
    """Every class of the term, counted in January or October."""
    on, chance = _term_day(period), world.rng("classes", period)
    rows: list[Row] = []
    for school in schools(world):
        grades = GRADES[school.level]
        mean = school.pupils(on) / school.n_classes
        for n in range(school.n_classes):
            grade = grades[n % len(grades)]
            rows.append(
                _school(world, school, on)
                | {
                    "counted_on": on,
                    "class_code": f"{grade or 'L'}{_letter(n // len(grades))}",
                    "grade": grade,
                    "n_pupils": min(65, max(8, round(float(chance.normal(mean, 2.2))))),
                }
            )
    return rows


def teachers_by_subject(world: World, period: Period) -> list[Row]:
    """What the schools of a commune need and have, by level and subject."""
    on, chance = _term_day(period), world.rng("subjects", period)
    needed, present = Counter[_Post](), Counter[_Post]()
    for school in schools(world):
        for subject, group in _SUBJECTS[school.level]:
            post = (str(world.codes(on)[school.piece]), school.level, subject, group)
            n = max(1, round(school.n_classes * 0.42))
            needed[post] += n
            present[post] += n - int(chance.binomial(n, 0.05 + 0.12 * (1 - school.luck)))
    return [
        {
            "unit": post[0],
            "counted_on": on,
            "school_level": post[1],
            "subject": post[2],
            "subject_group": post[3],
            "n_needed": n,
            "n_present": present[post],
        }
        for post, n in sorted(needed.items())
    ]


def dropouts(world: World, period: Period) -> list[Row]:
    """One row a school and month; nobody leaves in summer, and more do after Tết."""
    on, chance = period.start_on, world.rng("dropouts", period)
    monthly = 0.0 if on.month in _SUMMER else (0.0011 if on.month in (2, 3) else 0.0005)
    rows: list[Row] = []
    for school in schools(world):
        pupils = school.pupils(on)
        left = int(chance.binomial(pupils, monthly * (0.3 if school.level == "tiểu học" else 1.0)))
        rows.append(
            _school(world, school, on)
            | {
                "month_on": on,
                "n_at_term_start": pupils,
                "n_dropouts": left,
                "n_returned": int(chance.binomial(left, 0.2)),
            }
        )
    return rows


def enrolment(world: World, period: Period) -> list[Row]:
    """Children of an age by commune where they live, counted on 30 September of the school year."""
    on, chance = date(period.start_on.year, 9, 30), world.rng("enrolment", period)
    rows: list[Row] = []
    for code, people in sorted(world.people_by_code(on, on.year).items()):
        for age, share, enrolled in _AGES:
            children = int(chance.poisson(people * share))
            rows.append(
                {
                    "unit": code,
                    "counted_on": on,
                    "age_group": age,
                    "n_children": children,
                    "n_enrolled": int(chance.binomial(children, min(1.0, enrolled + _better(on)))),
                }
            )
    return rows


def safety_events(world: World, period: Period) -> list[Row]:
    """One row an event; a week without any has none."""
    chance, here = world.rng("safety", period), schools(world)
    days = [period.start_on + timedelta(days=n) for n in range((period.end_on - period.start_on).days + 1)]
    days = [day for day in days if is_school_day(world, day)]
    rows: list[Row] = []
    for number in range(int(chance.poisson(1.6 * world.scale * len(days) / 5))):
        day, school = days[int(chance.integers(len(days)))], here[int(chance.integers(len(here)))]
        kind, _, mean = _EVENTS[int(chance.choice(len(_EVENTS), p=[share for _, share, _ in _EVENTS]))]
        affected = 1 + int(chance.poisson(mean - 1))
        at = datetime.combine(day, time(7)) + timedelta(minutes=int(chance.integers(0, 600)))
        rows.append(
            {"event_code": f"MP-VV-{period.start_on:%y%m%d}-{number:03}"}
            | _school(world, school, day)
            | {
                "occurred_at": at,
                "event_kind": kind,
                "n_affected": affected,
                "n_hospitalised": int(chance.binomial(affected, 0.3)),
                "n_deaths": 0,
            }
        )
    return rows


def _term_day(period: Period) -> date:
    return date(period.start_on.year, *((1, 31) if period.start_on.month == 1 else (10, 15)))


def _letter(n: int) -> str:
    return "ABCDEĐGHIKLMNOPQRSTUV"[n]


def _better(on: date) -> float:
    """Enrolment improves a little every year."""
    return 0.002 * (school_year(on) - 2024)


FEEDS: Final = (
    Feed("education.attendance", attendance, _HISTORY_FROM, JOINED["week"]),
    Feed("education.schools", school_records, _HISTORY_FROM, JOINED["month"]),
    Feed("education.dropouts", dropouts, _HISTORY_FROM, JOINED["month"]),
    Feed("education.safety_events", safety_events, _HISTORY_FROM, JOINED["week"]),
    Feed("education.classes", classes, date(2024, 7, 1), date(2024, 7, 1)),
    Feed("education.teachers_by_subject", teachers_by_subject, date(2024, 7, 1), date(2024, 7, 1)),
    Feed("education.enrolment", enrolment, date(2023, 9, 1), date(2023, 9, 1), is_early=True),
)
