"""The leader's own word on whether a directive helped, whatever the figures say."""

from django.db.models import F
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.directives.acting import shown_name
from vamco.directives.effect import completed_on
from vamco.directives.models import Directive, LeaderVerdict
from vamco.directives.wording import words
from vamco.vocabulary.errors import Misused, Refused


def judge(
    actor: Actor, directive: Directive, verdict: LeaderVerdict, seen_version: int, note: str = ""
) -> Directive:
    """The directive with the verdict; an earlier one is in the audit log.

    Raises `Refused` while work is open or when somebody judged in between, `Misused` for no verdict, `Forbidden`.
    """
    with action(actor, "directive.judge", directive.subject) as details:
        if verdict is LeaderVerdict.NONE:
            raise Misused("directives.field_is_empty", field="verdict")
        if completed_on(directive) is None:
            raise Refused("directives.not_done_yet", number=directive.number)
        facts = {"verdict": verdict, "verdict_note": note.strip(), "verdict_by": actor.name}
        seen = Directive.objects.filter(pk=directive.pk, version=seen_version)
        if not seen.update(version=F("version") + 1, verdict_at=timezone.now(), **facts):
            raise _judged_before(Directive.objects.get(pk=directive.pk))
        details |= {"verdict": verdict.value, "note": note.strip()}
    directive.refresh_from_db()
    return directive


def _judged_before(directive: Directive) -> Refused:
    return Refused(
        "directives.somebody_judged_first",
        by=shown_name(directive.verdict_by),
        verdict=words(f"verdict_{directive.verdict}"),
        at=f"{timezone.localtime(directive.verdict_at):%H:%M %d/%m/%Y}",
    )
