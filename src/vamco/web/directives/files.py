"""The weekly list as a workbook and on paper, and the feed of deadlines for calendars."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from vamco.accounts.policy import actor_of
from vamco.directives.calendar_feed import as_ics, person_of_key
from vamco.directives.follow_up import open_standings, week
from vamco.directives.weekly_list import as_pdf, as_xlsx, weekly_list
from vamco.vocabulary.errors import Misused
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def directives_xlsx(request: SignedRequest) -> HttpResponse:
    """The weekly list as a workbook."""
    said = weekly_list(week(request.actor), language_now())
    return _file(as_xlsx(said), _XLSX, "xlsx")


@require_safe
def directives_pdf(request: SignedRequest) -> HttpResponse:
    """The weekly list on paper."""
    language = language_now()
    return _file(as_pdf(weekly_list(week(request.actor), language), language), "application/pdf", "pdf")


@require_safe
def directives_calendar(request: HttpRequest) -> HttpResponse:
    """The open deadlines of the person whose key the address carries; calendars cannot sign in."""
    key = request.GET.get("key", "")
    if not key:
        raise Misused("web.missing_parameter", name="key")
    actor = actor_of(person_of_key(key))
    return HttpResponse(
        as_ics(open_standings(actor), language_now()), content_type="text/calendar; charset=utf-8"
    )


def _file(body: bytes, content_type: str, ending: str) -> HttpResponse:
    name = f"chi-dao-{timezone.localdate():%Y-%m-%d}.{ending}"
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
