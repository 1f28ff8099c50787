"""Label matchers, as Prometheus writes them: `unit="28001"`, `severity!=Minor`, `indicator=~"health\\..*"`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from vamco.vocabulary.errors import Misused

_WRITTEN: Final = re.compile(r"\s*([a-zA-Z_][\w.]*)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_LONGEST: Final = 500  # characters of a pattern; longer ones are mistakes, and dear to match


class Operator(StrEnum):
    """How a label is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label; a label that is absent counts as empty, a pattern must fit it whole."""

    name: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        """Refuse a pattern that cannot be read. Raises `Misused`."""
        if self.operator in {Operator.MATCHES, Operator.NOT_MATCHES}:
            _pattern(self.value)

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """Whether these labels fulfil the condition."""
        value = labels.get(self.name, "")
        match self.operator:
            case Operator.EQUAL:
                return value == self.value
            case Operator.NOT_EQUAL:
                return value != self.value
            case Operator.MATCHES:
                return _pattern(self.value).fullmatch(value) is not None
            case Operator.NOT_MATCHES:
                return _pattern(self.value).fullmatch(value) is None

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.name}{self.operator}"{quoted}"'


def read_matcher(text: str) -> Matcher:
    """The matcher so written, its value quoted or bare. Raises `Misused`."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise Misused("alerts.bad_matcher", matcher=text)
    name, operator, value = found.groups()
    return Matcher(name, Operator(operator), _unquoted(value, text))


def accept(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether the labels fulfil every condition; no condition at all is fulfilled."""
    return all(matcher.accepts(labels) for matcher in matchers)


def _unquoted(value: str, text: str) -> str:
    if not value.startswith('"'):
        return value
    if re.fullmatch(r'"(?:[^"\\]|\\.)*"', value, re.DOTALL) is None:
        raise Misused("alerts.bad_matcher", matcher=text)
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)


@lru_cache(maxsize=1024)
def _pattern(value: str) -> re.Pattern[str]:
    if len(value) > _LONGEST:
        raise Misused("alerts.bad_pattern", pattern=value[:40] + "…")
    try:
        return re.compile(value)
    except re.error:
        raise Misused("alerts.bad_pattern", pattern=value) from None
