"""Which language the reader wants: the address says it, else what was chosen before, else Vietnamese."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from vamco.vocabulary.messages import LANGUAGES, Language


def language_of(request: HttpRequest) -> Language:
    """`?lang=`, then the cookie, then the installation's own language.

    What the browser prefers is not asked: officials' browsers often come in English.
    """
    wanted = (
        request.GET.get("lang"),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        settings.LANGUAGE_CODE,
    )
    known: dict[str | None, Language] = {each: each for each in LANGUAGES}
    return next((known[each] for each in wanted if each in known), "vi")


def language_now() -> Language:
    """The language that the page being made speaks."""
    return "en" if translation.get_language() == "en" else "vi"
