"""A kept briefing as one language's page: the words around the sentences, for paper and screen alike."""

from typing import Any

from vamco.briefings.models import Briefing
from vamco.briefings.wording import moment, words
from vamco.indicators.wording import number
from vamco.vocabulary.messages import Language
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.severity import Severity


def told(briefing: Briefing, language: Language) -> dict[str, Any]:
    """What the page says: `title`, `for`, `summary`, `sections` (`title`, `lines`, `rest`), `simulated`, `foot`."""
    content = briefing.content
    return {
        "language": language,
        "title": words("title", language, day=weekday(briefing, language)),
        "for": words("for", language, name=briefing.person.shown_name),
        "summary": summary(content, language),
        "sections": [_section(part, language) for part in content["parts"]],
        "simulated": words("simulated", language) if content["is_simulated"] else "",
        "foot": _foot(briefing, language),
    }


def summary(content: dict[str, Any], language: Language) -> str:
    """The counts of all that there is to tell, in one sentence; what the briefing did not look at is not counted."""
    counts = [
        words(f"summary_{part['section']}", language, n=number(part["n_all"], 0, language))
        for part in content["parts"]
    ]
    return f"{', '.join(counts)}."


def weekday(briefing: Briefing, language: Language) -> str:
    """“chủ nhật, ngày 22/11/2026”."""
    day = Period.covering(PeriodType.DAY, briefing.on).title.in_(language)
    return words(f"weekday_{briefing.on.isoweekday()}", language, day=day)


def _section(part: dict[str, Any], language: Language) -> dict[str, Any]:
    n_left_out = part["n_left_out"]
    rest = words("rest", language, n=number(n_left_out, 0, language)) if n_left_out else ""
    return {
        "name": part["section"],
        "title": words(f"section_{part['section']}", language),
        "lines": [_line(line, language) for line in part["lines"]],
        "rest": rest,
        "nothing": words(f"nothing_{part['section']}", language),
    }


def _line(line: dict[str, Any], language: Language) -> dict[str, Any]:
    severity = line["severity"]
    return {
        "said": line["said"][language],
        "why": line["why"][language],
        "figures": line["figures"],
        "severity": severity,
        "level": Severity(severity).in_(language) if severity else "",
        "is_new": line["is_new"],
        "new": words("new", language) if line["is_new"] else "",
    }


def _foot(briefing: Briefing, language: Language) -> str:
    at = {"written": moment(briefing.written_at, language), "known": moment(briefing.known_at, language)}
    return words("foot", language, **at)
