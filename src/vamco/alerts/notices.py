"""What a notice says: a title that fits a telephone, and a body that says how much and since when."""

from dataclasses import dataclass
from datetime import datetime

from vamco.notifying.restraint import ZONE
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.severity import Severity


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a notice; `kind` is that of the notice, or `escalated`. `link` is empty or a URL."""

    kind: str
    severity: Severity
    title: str
    agency: str
    since: datetime
    n_firing: int = 0
    n_resolved: int = 0
    link: str = ""
    is_simulated: bool = False


def title_of(told: Told, language: Language) -> str:
    """One line, 300 characters at most; it begins with the mark of simulation where due."""
    line = say(
        "alerts.notice_title",
        language,
        simulated=say("alerts.notice_simulated", language) if told.is_simulated else "",
        severity=told.severity.in_(language),
        said=say(f"alerts.notice_said_{told.kind}", language),
        title=told.title,
    )
    return line if len(line) <= 300 else line[:299] + "…"


def body_of(told: Told, language: Language) -> str:
    """How many alerts stand and ended, since when, who is to act, and where to read on."""
    said = say(
        "alerts.notice_body",
        language,
        n_firing=told.n_firing,
        n_resolved=told.n_resolved,
        since=f"{told.since.astimezone(ZONE):%H:%M %d/%m/%Y}",
        agency=told.agency,
    )
    return f"{said}\n{told.link}" if told.link else said
