"""The weekly list of the office on paper and as a workbook: the same words in both."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import typst
import xlsxwriter
from django.utils import timezone

from vamco.directives.follow_up import Tally, Week
from vamco.directives.reading import Standing, leader_name
from vamco.directives.timing import Light
from vamco.vocabulary.messages import Language, say

_TEMPLATE: Final = Path(str(resources.files("vamco.directives").joinpath("weekly.typ")))
_FONTS: Final = Path(str(resources.files("vamco"))) / "web" / "static" / "bundle"
_COLUMNS: Final = ("number", "title", "assignment", "agency", "leader", "status", "timing", "due", "light")
_TALLY_COLUMNS: Final = ("open", "due_soon", "overdue", "in_time", "done", "light")
_FILLS: Final = {Light.GREEN: "#DDEBDD", Light.AMBER: "#FBE8C4", Light.RED: "#F6D5D9", Light.NONE: "#FFFFFF"}


@dataclass(frozen=True, slots=True)
class Part:
    """A titled table; `lights` has one light for each row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    lights: tuple[Light, ...]


@dataclass(frozen=True, slots=True)
class WeeklyList:
    """The list in the words of one language."""

    title: str
    total: str
    parts: tuple[Part, ...]
    nothing: str
    foot: str
    simulated: str

    def as_dict(self) -> dict[str, Any]:
        """The list as the template and programs read it."""
        return {
            "title": self.title,
            "total": self.total,
            "nothing": self.nothing,
            "foot": self.foot,
            "simulated": self.simulated,
            "parts": [
                {"title": p.title, "columns": p.columns, "rows": p.rows, "lights": p.lights}
                for p in self.parts
            ],
        }


def weekly_list(week: Week, language: Language) -> WeeklyList:
    """The week in words."""
    total = week.total
    return WeeklyList(
        say("directives.list_title", language, at=f"{timezone.localtime(week.at):%H:%M %d/%m/%Y}"),
        say(
            "directives.list_total",
            language,
            n_in_time=total.n_in_time,
            n_done=total.n_done,
            n_open=total.n_open,
            n_overdue=total.n_overdue,
        ),
        (
            _standings("list_overdue", week.overdue, language),
            _standings("list_due", week.due, language),
            _tallies("list_by_agency", "column_agency", week.by_agency, language),
            _tallies("list_by_leader", "column_leader", week.by_leader, language),
        ),
        say("directives.list_none", language),
        say("directives.list_foot", language),
        say("directives.list_simulated", language) if _is_simulated(week) else "",
    )


def as_xlsx(said: WeeklyList) -> bytes:
    """One sheet for each part, its rows coloured by their light; the light also stands there as a word."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        wraps = {
            light: book.add_format({"bg_color": fill, "text_wrap": True}) for light, fill in _FILLS.items()
        }
        for part in said.parts:
            sheet = book.add_worksheet(part.title.replace(",", "")[:31])
            for place, line in enumerate(filter(None, (said.simulated, said.title, said.total))):
                sheet.write_string(place, 0, line, bold)
            sheet.write_row(4, 0, part.columns, bold)
            for place, (row, light) in enumerate(zip(part.rows, part.lights, strict=True), start=5):
                sheet.write_row(place, 0, row, wraps[light])
            sheet.set_column(0, len(part.columns) - 1, 22)
            sheet.freeze_panes(5, 0)
    return kept.getvalue()


def as_pdf(said: WeeklyList, language: Language) -> bytes:
    """The list on A4, tagged for screen readers; where the typeface was not brought, in typst's own."""
    told = {**said.as_dict(), "language": language}
    made = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=[_FONTS] if _FONTS.is_dir() else [],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"list": json.dumps(told, ensure_ascii=False)},
    )
    return made[0] if isinstance(made, list) else made


def _standings(name: str, found: Sequence[Standing], language: Language) -> Part:
    return Part(
        f"{say(f'directives.{name}', language)}",
        tuple(say(f"directives.column_{column}", language) for column in _COLUMNS),
        tuple(_row(one, language) for one in found),
        tuple(one.light for one in found),
    )


def _row(one: Standing, language: Language) -> tuple[str, ...]:
    assignment = one.assignment
    agency = assignment.agency.name_en if language == "en" else assignment.agency.name_vi
    return (
        assignment.directive.number,
        assignment.directive.title,
        assignment.text,
        agency,
        leader_name(assignment.directive),
        say(f"directives.status_{one.status}", language),
        say(f"directives.timing_{one.timing}", language),
        f"{timezone.localtime(one.due_at):%H:%M %d/%m/%Y}",
        say(f"directives.light_{one.light}", language),
    )


def _tallies(name: str, column: str, found: Iterable[Tally], language: Language) -> Part:
    tallies = tuple(found)
    columns = (column, *(f"column_{one}" for one in _TALLY_COLUMNS))
    return Part(
        say(f"directives.{name}", language),
        tuple(say(f"directives.{one}", language) for one in columns),
        tuple(_counts(one, language) for one in tallies),
        tuple(t.light for t in tallies),
    )


def _counts(one: Tally, language: Language) -> tuple[str | int, ...]:
    return (
        one.name,
        one.n_open,
        one.n_due_soon,
        one.n_overdue,
        f"{one.n_in_time}/{one.n_done}",
        one.n_done,
        say(f"directives.light_{one.light}", language),
    )


def _is_simulated(week: Week) -> bool:
    return any(one.assignment.directive.is_simulated for one in (*week.overdue, *week.due))
