"""What we cannot see: figures that were promised by this morning and are not there, and who keeps them away."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all
from vamco.briefings.moves import newest_periods
from vamco.briefings.owed import Names, agency_names, name_of
from vamco.briefings.wording import day, listed, words
from vamco.indicators.declared import packs as declared
from vamco.indicators.figure import Figure
from vamco.indicators.reading import figures
from vamco.indicators.supply_of import Lack, lacks
from vamco.indicators.wording import number
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Packs
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import Language
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity


@dataclass(frozen=True, slots=True)
class Blank:
    """A figure that is late, in whole or in part, and the first dataset that it lacks."""

    indicator: Indicator
    figure: Figure
    lack: Lack | None


def unseen(audience: Audience, packs: Packs) -> list[Line]:
    """The late figures, those that lack the same dataset in one line, the most first."""
    groups: defaultdict[str, list[Blank]] = defaultdict(list)
    for indicator in audience.indicators(packs):
        for blank in _blanks(audience, indicator):
            groups[blank.lack.dataset if blank.lack else ""].append(blank)
    names = agency_names()
    ordered = sorted(groups.values(), key=lambda found: (-len(found), found[0].indicator.rank))
    return [_line(found, names) for found in ordered]


def _blanks(audience: Audience, indicator: Indicator) -> Iterator[Blank]:
    """The figure of the last period that was promised by now, where it is late."""
    promised = _promised(indicator, audience)
    asked = audience.leading(indicator, (promised,)) if promised else None
    if asked is None or promised is None:
        return
    found = figures(replace(asked, as_known_at=audience.known_at), sees_cells=True)
    late = next((figure for figure in found if figure.late_since), None)
    if late:
        lacking = lacks(indicator, promised, audience.known_at)
        yield Blank(indicator, late, lacking[0] if lacking else None)


def _promised(indicator: Indicator, audience: Audience) -> Period | None:
    days = timedelta(days=indicator.promise_days)
    periods = newest_periods(indicator, audience.on, 8 if indicator.promise_days > 1 else 4)
    return next((period for period in periods if period.end_on + days < audience.on), None)


def _line(found: list[Blank], names: Names) -> Line:
    return Line(
        said=in_all(lambda language: _said(found, language)),
        why=in_all(lambda language: _why(found[0], names, language)),
        figures=tuple(blank.figure for blank in found),
        severity=Severity.MODERATE,
    )


def _said(found: list[Blank], language: Language) -> str:
    titles = [blank.indicator.title.in_(language) for blank in found]
    since = min(blank.figure.late_since for blank in found if blank.figure.late_since)
    return words(
        "blank_one" if len(found) == 1 else "blank",
        language,
        n=number(len(found), 0, language),
        titles=listed(titles, "and_other_titles", language),
        since=day(since, language),
    )


def _why(blank: Blank, names: Names, language: Language) -> str:
    if blank.lack is None:
        return ""
    agency = name_of(blank.lack.agency, names, language)
    return words("lacks", language, agency=agency, dataset=_title(blank.lack.dataset, language))


def _title(dataset: str, language: Language) -> str:
    try:
        return declared().contract(dataset).title.in_(language)
    except NotFound:
        return dataset
