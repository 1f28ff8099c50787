"""Periods of time that figures belong to, named as the field names them (after DHIS2).

    2026-11-22                day          2026                            year
    2026-W47                  ISO week     SY2026-2027                     school year
    2026-11                   month        2026-DX                         crop season (vụ)
    2026-Q4                   quarter      2026-DX:2025-10-15..2026-03-10  … with its own dates
    2026-H2                   half-year    2026-01-01..2026-03-15          range

A school year runs from 1 September to 31 August, so that school years follow each other without
a gap; teaching itself opens on 5 September and ends by 31 May (Decision 2269/QĐ-BGDĐT for the
school year 2025-2026).

A crop season bears the year of its harvest. Sowing dates differ by province and year, so a season
may declare its own; without them it has the dates of `vocabulary.season`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period_reading import crop, read
from vamco.vocabulary.period_type import PeriodType, bounds
from vamco.vocabulary.season import ROTATION, SEASONS
from vamco.vocabulary.text import Text

__all__ = ["Period", "PeriodType"]

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days `start_on` to `end_on`, both inside. Raises `Misused` when they do not fit the type."""

    start_on: date
    end_on: date
    type: PeriodType
    season: str = ""  # "2026-DX" for a crop season, else empty

    def __post_init__(self) -> None:
        if not self._fits():
            raise _bad(f"{self.type} {self.start_on}..{self.end_on} {self.season}".strip())

    def _fits(self) -> bool:
        if self.start_on > self.end_on or bool(self.season) != (self.type is PeriodType.CROP_SEASON):
            return False
        if self.type is PeriodType.RANGE:
            return True
        if self.season:
            return self.season[4:5] == "-" and self.season[:4].isdecimal() and self.season[5:] in SEASONS
        return bounds(self.type, self.start_on) == (self.start_on, self.end_on)

    @classmethod
    def covering(cls, type: PeriodType, day: date) -> "Period":  # noqa: A002
        """The period of that type that contains the day; no range does, and of the crops never Mùa."""
        if type is PeriodType.RANGE:
            raise Misused("vocabulary.range_covers_nothing")
        if type is PeriodType.CROP_SEASON:
            around = (cls.crop(code, day.year + later) for later in (0, 1) for code in ROTATION)
            return next(season for season in around if season.contains(day))
        return cls(*bounds(type, day), type)

    @classmethod
    def between(cls, start_on: date, end_on: date) -> "Period":
        """An arbitrary range of days, both inside."""
        return cls(start_on, end_on, PeriodType.RANGE)

    @classmethod
    def crop(cls, code: str, year: int, start_on: date | None = None, end_on: date | None = None) -> "Period":
        """Season `code` of `SEASONS` harvested in `year`, with its own dates where they are given."""
        return cls(*crop(code, year, start_on, end_on))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period so written, in canonical or Vietnamese form. Raises `Misused`."""
        try:
            return cls(*read(text))
        except (ValueError, OverflowError):
            raise _bad(text) from None

    def __str__(self) -> str:
        if self.season and self._has_usual_dates():
            return self.season
        return _CANONICAL[self.type].format(**_numbers(self))

    @property
    def title(self) -> Text:
        """The period as people write it: “Tháng 10/2026”, “October 2026”."""
        written, numbers = _TITLES[self.type], _numbers(self)
        return Text(written.vi.format(**numbers), written.en.format(**numbers))

    def contains(self, inner: "date | Period") -> bool:
        """Whether the day, or every day of the period, lies inside."""
        if isinstance(inner, Period):
            return self.start_on <= inner.start_on and inner.end_on <= self.end_on
        return self.start_on <= inner <= self.end_on

    def next(self) -> "Period":
        """The period of the same type that follows; a range is followed by one of equal length."""
        if self.type is PeriodType.RANGE:
            return Period.between(self.end_on + _DAY, self.end_on + self._length())
        if self.season:
            return self._season_in_rotation(+1)
        return Period.covering(self.type, self.end_on + _DAY)

    def previous(self) -> "Period":
        """The period of the same type that came before; before a range, one of equal length."""
        if self.type is PeriodType.RANGE:
            return Period.between(self.start_on - self._length(), self.start_on - _DAY)
        if self.season:
            return self._season_in_rotation(-1)
        return Period.covering(self.type, self.start_on - _DAY)

    def same_period_last_year(self) -> "Period | None":
        """The counterpart a year before; None for week 53, 29 February and a season with its own dates."""
        if self.season:
            return self._counterpart_season()
        try:
            if self.type is PeriodType.WEEK:
                year, week, _ = self.start_on.isocalendar()
                return Period.covering(self.type, date.fromisocalendar(year - 1, week, 1))
            start_on = _a_year_before(self.start_on)
            if self.type is PeriodType.RANGE:
                return Period.between(start_on, _a_year_before(self.end_on))
        except ValueError:
            return None
        return Period.covering(self.type, start_on)

    def split(self, type: PeriodType) -> tuple["Period", ...]:  # noqa: A002
        """Its parts of that type, in order. Raises `Misused` when they do not tile it exactly."""
        parts = tuple(self._parts(type))
        if parts[0].start_on != self.start_on or parts[-1].end_on != self.end_on:
            raise Misused("vocabulary.period_does_not_split", period=str(self), type=str(type))
        return parts

    def _parts(self, type: PeriodType) -> Iterator["Period"]:  # noqa: A002
        part = Period.covering(type, self.start_on)
        yield part
        while part.end_on < self.end_on:
            part = part.next()
            yield part

    def _length(self) -> timedelta:
        return self.end_on - self.start_on + _DAY

    def _season_name(self) -> tuple[int, str]:
        year, code = self.season.split("-")
        return int(year), code

    def _has_usual_dates(self) -> bool:
        year, code = self._season_name()
        return SEASONS[code].bounds(year) == (self.start_on, self.end_on)

    def _season_in_rotation(self, step: int) -> "Period":
        if not self._has_usual_dates():
            raise Misused("vocabulary.season_without_calendar", period=str(self))
        year, code = self._season_name()
        if code not in ROTATION:
            return Period.crop(code, year + step)
        place = year * len(ROTATION) + ROTATION.index(code) + step
        return Period.crop(ROTATION[place % len(ROTATION)], place // len(ROTATION))

    def _counterpart_season(self) -> "Period | None":
        year, code = self._season_name()
        return Period.crop(code, year - 1) if self._has_usual_dates() else None


def _bad(text: str) -> Misused:
    return Misused("vocabulary.bad_period", text=text)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


_CANONICAL: Final[dict[PeriodType, str]] = {
    PeriodType.DAY: "{start}",
    PeriodType.WEEK: "{iso_year:04}-W{week:02}",
    PeriodType.MONTH: "{year:04}-{month:02}",
    PeriodType.QUARTER: "{year:04}-Q{quarter}",
    PeriodType.HALF_YEAR: "{year:04}-H{half}",
    PeriodType.YEAR: "{year:04}",
    PeriodType.SCHOOL_YEAR: "SY{year:04}-{end_year:04}",
    PeriodType.CROP_SEASON: "{season}:{start}..{end}",
    PeriodType.RANGE: "{start}..{end}",
}


_TITLES: Final[dict[PeriodType, Text]] = {
    PeriodType.DAY: Text("{start:%d/%m/%Y}", "{start.day} {month_name} {year}"),
    PeriodType.WEEK: Text("Tuần {week}/{iso_year}", "Week {week}, {iso_year}"),
    PeriodType.MONTH: Text("Tháng {month}/{year}", "{month_name} {year}"),
    PeriodType.QUARTER: Text("Quý {quarter_roman}/{year}", "Q{quarter} {year}"),
    PeriodType.HALF_YEAR: Text("6 tháng {half_vi} năm {year}", "{half_en} half of {year}"),
    PeriodType.YEAR: Text("Năm {year}", "{year}"),
    PeriodType.SCHOOL_YEAR: Text("Năm học {year}-{end_year}", "School year {year}-{end_year}"),
    PeriodType.CROP_SEASON: Text(
        "Vụ {season_name.vi} {season_years}", "{season_name.en} crop {season_years}"
    ),
    PeriodType.RANGE: Text("{start:%d/%m/%Y} – {end:%d/%m/%Y}", "{start} – {end}"),
}
_ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ROMAN: Final = ("I", "II", "III", "IV")


def _numbers(period: Period) -> dict[str, Any]:
    """All that any written form of the period may mention."""
    start, end = period.start_on, period.end_on
    iso_year, week, _ = start.isocalendar()
    quarter, half = (start.month + 2) // 3, (start.month + 5) // 6
    season_year, _, season = period.season.partition("-")
    years = {"DX": f"{int(season_year or 0) - 1}-{season_year}"}.get(season, season_year)
    return {
        "start": start, "end": end, "year": start.year, "end_year": end.year,
        "month": start.month, "month_name": _ENGLISH_MONTHS[start.month - 1],
        "iso_year": iso_year, "week": week,
        "quarter": quarter, "quarter_roman": _ROMAN[quarter - 1],
        "half": half, "half_vi": ("đầu", "cuối")[half - 1], "half_en": ("First", "Second")[half - 1],
        "season": period.season, "season_years": years,
        "season_name": SEASONS[season].name if season else Text("", ""),
    }  # fmt: skip
