"""Deliveries and their receipts in words."""

from collections.abc import Iterator
from typing import Any

from django import template

from vamco.intake.models import Finding, Receipt
from vamco.intake.scoring import AMBER, GREEN
from vamco.packs.contract import Contract, Dimension
from vamco.vocabulary.messages import message, say
from vamco.vocabulary.text import with_written_days
from vamco.web.language import language_now

register = template.Library()


@register.simple_tag
def reason(finding: Finding) -> dict[str, str]:
    """Why the cells were found wrong: `what`, and what to do `next`."""
    language = language_now()
    said = message(f"intake.{finding.reason}", language, finding.details)
    return {**said, "what": with_written_days(said["what"], language)}


@register.filter
def criteria(receipt: Receipt) -> Iterator[dict[str, Any]]:
    """The five criteria in order, each with its score, or None where nothing was there to be judged."""
    scores = receipt.report.get("score", {}).get("criteria", {})
    for dimension in Dimension:
        yield {"dimension": dimension, "score": scores.get(dimension.value)}


@register.inclusion_tag("shell/badge.html")
def quality_badge(score: float) -> dict[str, str]:
    """Green, amber or red, in the words of letter 4856/BCA-TTDLQG."""
    level, name = (
        ("good", "green")
        if score >= GREEN
        else ("attention", "amber")
        if score >= AMBER
        else ("serious", "red")
    )
    return {"level": level, "words": say(f"web.quality_{name}", language_now())}


@register.filter
def in_language(notes: dict[str, str]) -> str:
    """The note in the reader's language."""
    return notes[language_now()]


@register.simple_tag
def unreadable_because(receipt: Receipt) -> dict[str, str]:
    """Why nothing in the file could be read: what, kept, next."""
    said: dict[str, str] = receipt.report["errors"][0]["said"][language_now()]
    return said


@register.simple_tag
def serious_columns(receipt: Receipt, contract: Contract) -> list[str]:
    """Titles of the identifier columns that are not perfect."""
    names = receipt.report.get("score", {}).get("serious", ())
    return [contract.column(name).title.in_(language_now()) for name in names if contract.has(name)]
