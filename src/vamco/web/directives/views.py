"""Pages of directives: the board of the office, what an agency must do, one order, one assignment."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vamco.accounts.models import Person
from vamco.directives.acting import act, assignment_of
from vamco.directives.calendar_feed import calendar_key
from vamco.directives.file_store import file_path
from vamco.directives.guards import allowed
from vamco.directives.judging import judge
from vamco.directives.models import Assignment, LeaderVerdict
from vamco.directives.reading import Choice, directive_for, evidence_for, standings
from vamco.directives.recurring import end_recurrence
from vamco.vocabulary.errors import NotFound, VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.directives.board import board_of
from vamco.web.directives.deeds import Typed, given_in, keep_files, typed_in, verb_of, version_in
from vamco.web.directives.mine import mine_of
from vamco.web.directives.page import Card, assignment_page, card_of, directive_page
from vamco.web.language import language_now

_ON_ITS_OWN = "assignment"  # where a form stood that is sent from the page of one assignment


@require_safe
def directives(request: SignedRequest) -> HttpResponse:
    """The follow-up board."""
    board = board_of(request, request.actor)
    found = {
        "board": board,
        "simulated": board.is_simulated,
        "feed": feed_address(request),
        "may_issue": request.actor.may("directive-new"),
        "may_act": request.actor.may("directives-mine"),
    }
    return render(request, "directives/board.html", found)


@require_safe
def mine(request: SignedRequest) -> HttpResponse:
    """What the reader's agency or commune must do now."""
    own = mine_of(request.actor)
    found = {"own": own, "simulated": own.is_simulated, "feed": feed_address(request)}
    return render(request, "directives/mine.html", found)


@require_safe
def directive(request: SignedRequest, directive_id: int) -> HttpResponse:
    """One directive."""
    return directive_page(request, directive_for(request.actor, directive_id))


@require_safe
def assignment(request: SignedRequest, assignment_id: int) -> HttpResponse:
    """One assignment."""
    return assignment_page(request, _card(request, _readable(request, assignment_id)))


def assignment_act(request: SignedRequest, assignment_id: int, verb: str) -> HttpResponse:
    """Do it, and go back to where the form stood; a refusal is said there, beside everything that was written."""
    if request.method != "POST":  # as after a change of language on the page of a refusal
        return redirect("assignment", assignment_id)
    wanted = verb_of(verb)
    found = _readable(request, assignment_id)
    typed = typed_in(request, wanted)
    try:
        if wanted in {row.verb for row in allowed(request.actor, found)}:
            keep_files(typed, request.FILES.getlist("files"))
        done = act(request.actor, found.pk, wanted, version_in(request), given_in(typed, wanted))
    except VamcoError as error:
        return _not_done(request, found, typed, error)
    return redirect(_after(request, done))


def directive_judge(request: SignedRequest, directive_id: int) -> HttpResponse:
    """The leader's verdict."""
    if request.method != "POST":
        return redirect("directive", directive_id)
    found = directive_for(request.actor, directive_id)
    given, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    verdict = LeaderVerdict(given) if given in LeaderVerdict.values else LeaderVerdict.NONE
    try:
        judge(request.actor, found, verdict, version_in(request), note)
    except VamcoError as error:
        said = {"judging_error": error.say(language_now()), "verdict": given, "verdict_note": note}
        found.refresh_from_db()
        return directive_page(request, found, error.http_status, **said)
    return redirect(f"{reverse('directive', args=[found.pk])}#effect")


@require_POST
def directive_end(request: SignedRequest, directive_id: int) -> HttpResponse:
    """It comes round no more."""
    found = directive_for(request.actor, directive_id)
    end_recurrence(request.actor, found)
    return redirect("directive", found.pk)


@require_safe
def directive_evidence(request: SignedRequest, evidence_id: int) -> FileResponse:
    """A file of evidence, as it came."""
    found = evidence_for(request.actor, evidence_id)
    path = file_path(found.sha256)
    if not found.sha256 or not path.is_file():
        raise NotFound("directives.file_not_found", sha256=found.sha256)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.filename, content_type=found.media_type
    )


def feed_address(request: SignedRequest) -> str:
    """The reader's own calendar feed; empty for whoever is no person."""
    if not isinstance(request.user, Person):
        return ""
    address = request.build_absolute_uri(reverse("directives-calendar"))
    return f"{address}?key={calendar_key(request.user)}"


def _readable(request: SignedRequest, assignment_id: int) -> Assignment:
    found = assignment_of(assignment_id)
    directive_for(request.actor, found.directive_id)
    return found


def _card(request: SignedRequest, found: Assignment) -> Card:
    (standing,) = standings([found])
    return card_of(request.actor, Choice(standing, allowed(request.actor, found)))


def _not_done(request: SignedRequest, found: Assignment, typed: Typed, error: VamcoError) -> HttpResponse:
    """The page as it stands now, with the refusal and what was written in its place."""
    said = {"error": error.say(language_now()), "error_at": found.pk, "typed": typed}
    if request.POST.get("back") == _ON_ITS_OWN:
        return assignment_page(request, _card(request, assignment_of(found.pk)), error.http_status, **said)
    directive = directive_for(request.actor, found.directive_id)
    return directive_page(request, directive, error.http_status, **said)


def _after(request: SignedRequest, done: Assignment) -> str:
    """The page where the form stood, which tells what was recorded."""
    last = done.events.order_by("-pk")[0]
    if request.POST.get("back") == _ON_ITS_OWN:
        return f"{reverse('assignment', args=[done.pk])}?done={last.pk}"
    return f"{reverse('directive', args=[done.directive_id])}?done={last.pk}#assignment-{done.pk}"
