"""The address of a figure's passport, which shows the same figure for ever."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

import segno
from django.urls import reverse
from django.utils import timezone

from vamco.indicators.figure import Figure
from vamco.indicators.question import Question

_SECOND = timedelta(seconds=1)


def address_of(figure: Figure, as_known_at: datetime | None = None, **more: str | int) -> str:
    """The passport's page, on the figure's own map; of the newest knowledge where no moment is given."""
    return f"{reverse('passport')}?{query_of(figure, as_known_at, **more)}"


def query_of(figure: Figure, as_known_at: datetime | None = None, **more: str | int) -> str:
    """What an address says of the figure, in the order in which people read it."""
    on = figure.map_on.isoformat()
    asked: dict[str, str | int] = {
        "indicator": figure.indicator,
        "unit": figure.code,
        "on": on,
        "period": str(figure.period),
        "map": on,
    }
    if as_known_at:
        asked["as_known_at"] = timezone.localtime(as_known_at).replace(tzinfo=None).isoformat()
    if figure.breakdown:
        asked["breakdown"] = figure.breakdown
    return urlencode(asked | more, safe=":/=")


def pinned(question: Question, figure: Figure) -> str:
    """The address that shows what is shown now, whatever is learnt later: the moment in it is whole seconds."""
    at = question.as_known_at or timezone.now()
    whole = at.replace(microsecond=0)
    moment = whole if whole == at else whole + _SECOND
    version = {"definition": question.definition_version} if question.definition_version else {}
    return address_of(figure, moment, **version)


def qr_code(address: str) -> str:
    """The address as an SVG picture for cameras; it takes its size from the page."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
