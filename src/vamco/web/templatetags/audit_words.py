"""What was done, in words."""

from django import template

from vamco.vocabulary.messages import catalogue, say
from vamco.web.language import language_now

register = template.Library()


def key_of(verb: str) -> str:
    """The message that says the verb."""
    return f"verb_{verb.replace('.', '_').replace('-', '_')}"


@register.filter
def verb_name(verb: str) -> str:
    """The verb as people say it; a verb that nobody has named is shown as it is."""
    key = key_of(verb)
    return say(f"web.{key}", language_now()) if key in catalogue("web") else verb
