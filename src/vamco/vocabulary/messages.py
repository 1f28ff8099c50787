"""The words of the program, kept as data: one `messages.yaml` beside the code that speaks.

A key is `<package>.<name>`; its entry holds, for each language, either a text or the three
parts `what`, `kept` and `next`.
"""

import os
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

import yaml

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
PARTS: Final = ("what", "kept", "next")


@cache
def catalogue(package: str) -> dict[str, dict[str, Any]]:
    """All messages of `vamco.<package>`: name → language → text or parts."""
    source = resources.files("vamco").joinpath(package, "messages.yaml")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(source.read_text("utf-8")) or {}
    return loaded


def language() -> Language:
    """The language of the command line: `VAMCO_LANGUAGE`, which its option `--lang` sets."""
    return "en" if os.environ.get("VAMCO_LANGUAGE") == "en" else "vi"


def message(key: str, language: Language, details: Mapping[str, Any]) -> dict[str, str]:
    """The three parts of a message, filled in; a part that has no words is empty.

    A detail may be a text in each language (`{"vi": …, "en": …}`): then the one asked for is shown. Raises `KeyError` when nobody wrote the words: a fault of ours, caught by the tests.
    """
    parts = _entry(key)[language]
    if isinstance(parts, str):
        parts = {"what": parts}
    return {part: parts.get(part, "").format_map(_Shown(details, language)) for part in PARTS}


def say(key: str, language: Language, **details: Any) -> str:
    """The message as one line of text."""
    return " ".join(filter(None, message(key, language, details).values()))


def _entry(key: str) -> dict[str, Any]:
    package, _, name = key.partition(".")
    entry: dict[str, Any] = catalogue(package)[name]
    return entry


class _Shown(dict[str, Any]):
    """Details as people read them: in their language, lists joined, nothing missing by silence."""

    def __init__(self, details: Mapping[str, Any], language: Language) -> None:
        super().__init__(details)
        self._language = language

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Mapping):
            return value[self._language]
        return ", ".join(map(str, value)) if isinstance(value, list | tuple | set) else value
