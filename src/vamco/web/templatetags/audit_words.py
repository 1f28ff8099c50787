"""What was done, in words."""

import re
from typing import Final

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from vamco.vocabulary.messages import catalogue, say
from vamco.web.language import language_now

register = template.Library()

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


def key_of(verb: str) -> str:
    """The message that says the verb."""
    return f"verb_{verb.replace('.', '_').replace('-', '_')}"


@register.filter
def brief(value: object) -> SafeString:
    """The value; of a fingerprint its beginning, with the whole for those who ask."""
    if not (isinstance(value, str) and _FINGERPRINT.fullmatch(value)):
        return conditional_escape(str(value))
    return format_html('<abbr title="{}">{}…</abbr>', value, value[:12])


@register.filter
def verb_name(verb: str) -> str:
    """The verb as people say it; a verb that nobody has named is shown as it is."""
    key = key_of(verb)
    return say(f"web.{key}", language_now()) if key in catalogue("web") else verb
