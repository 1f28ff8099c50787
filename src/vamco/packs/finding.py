"""What is wrong in a pack, on which line, by which rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import Language, say


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of a rule; `key` finds the words for it in the messages."""

    file: Path
    line: int
    rule: str
    key: str
    details: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def say(self, language: Language) -> str:
        """What is wrong and what to do, as one line of text."""
        return say(self.key, language, **self.details)

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The finding for programs."""
        return {"file": str(self.file), "line": self.line, "rule": self.rule, "what": self.say(language)}

    def as_error(self) -> Refused:
        """The finding as a refusal to load the pack."""
        return Refused("packs.broken", file=str(self.file), line=self.line, rule=self.rule, **self.details)
