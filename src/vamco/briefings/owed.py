"""What is late: which agency owes which dataset, for which periods, and since when."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from vamco.accounts.models import Agency
from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all
from vamco.briefings.wording import day, period_within, words
from vamco.indicators.wording import number
from vamco.intake.gaps import Gap, gaps_in
from vamco.intake.supply import SupplyState, supplies
from vamco.packs.pack import Packs
from vamco.vocabulary.messages import Language
from vamco.vocabulary.severity import Severity

_LEVELS: Final = {
    SupplyState.SILENT: Severity.SEVERE,
    SupplyState.OVERDUE: Severity.MODERATE,
    SupplyState.REJECTED: Severity.MODERATE,
}
_DAY: Final = timedelta(days=1)

Names = Mapping[str, Mapping[Language, str]]
"""Code of each agency → its name in each language."""


def late(audience: Audience, packs: Packs) -> list[Line]:
    """The datasets that are owed and not there: news first, then silent ones, then the longest owed."""
    gaps = gaps_in(supplies(audience.on, audience.contracts(packs)))
    names = agency_names()
    return sorted((_line(gap, names, audience) for gap in gaps), key=lambda line: not line.is_new)


def agency_names() -> Names:
    """The agencies' names."""
    return {agency.code: {"vi": agency.name_vi, "en": agency.name_en} for agency in Agency.objects.all()}


def name_of(code: str, names: Names, language: Language) -> str:
    """The agency's name, or its code where the register does not list it."""
    return names[code][language] if code in names else code


def _line(gap: Gap, names: Names, audience: Audience) -> Line:
    became_late_on = gap.newest.due_on + _DAY
    return Line(
        said=in_all(lambda language: _said(gap, names, language)),
        why=in_all(lambda language: words(f"state_{gap.state}", language)),
        severity=_LEVELS[gap.state],
        is_new=became_late_on == audience.on,
    )


def _said(gap: Gap, names: Names, language: Language) -> str:
    n = len(gap.missing)
    return words(
        "owes_one" if n == 1 else "owes",
        language,
        agency=name_of(gap.contract.agency, names, language),
        dataset=gap.contract.title.in_(language),
        n=number(n, 0, language),
        first=period_within(gap.oldest.period, language),
        last=period_within(gap.newest.period, language),
        due=day(gap.oldest.due_on, language),
        days=number(gap.oldest.n_days_late, 0, language),
    )
