"""Deliveries and their receipts in words."""

from django import template

from vamco.intake.models import Finding
from vamco.vocabulary.messages import message
from vamco.web.language import language_now

register = template.Library()


@register.simple_tag
def reason(finding: Finding) -> dict[str, str]:
    """Why the cells were found wrong: `what`, and what to do `next`."""
    return message(f"intake.{finding.reason}", language_now(), finding.details)
