"""Words of this package in every language, as errors and files carry them."""

from vamco.vocabulary.messages import LANGUAGES, Language, say


def words(name: str) -> dict[Language, str]:
    """The text of that name in each language."""
    return {language: say(f"directives.{name}", language) for language in LANGUAGES}
