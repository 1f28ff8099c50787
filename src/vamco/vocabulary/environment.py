"""Settings: declared once, read with a type, refused at start with an id and a hint."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vamco.vocabulary.errors import Misused


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default as text, and what it is for."""

    name: str
    default: str
    purpose: str

    def text(self, environment: Mapping[str, str] = os.environ) -> str:
        """The value as text; an empty variable counts as unset."""
        return environment.get(self.name) or self.default

    def path(self, environment: Mapping[str, str] = os.environ) -> Path:
        """The value as an absolute path."""
        return Path(self.text(environment)).expanduser().resolve()

    def integer(self, environment: Mapping[str, str] = os.environ) -> int:
        """The value as a whole number. Raises `Misused` otherwise."""
        text = self.text(environment)
        try:
            return int(text)
        except ValueError:
            raise Misused("vocabulary.bad_setting", name=self.name, value=text, wanted="1234") from None

    def boolean(self, environment: Mapping[str, str] = os.environ) -> bool:
        """The value as yes or no. Raises `Misused` otherwise."""
        text = self.text(environment).lower()
        if text in {"1", "true", "yes"}:
            return True
        if text in {"0", "false", "no"}:
            return False
        raise Misused("vocabulary.bad_setting", name=self.name, value=text, wanted="yes | no")
