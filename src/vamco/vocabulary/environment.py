"""Settings: declared once, read with a type, refused at start with an id and a hint."""

import os
import re
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

    def decimal(self, environment: Mapping[str, str] = os.environ) -> float:
        """The value as a positive number, as 4.5. Raises `Misused` otherwise."""
        text = self.text(environment)
        if re.fullmatch(r"\d+(\.\d+)?", text) and float(text) > 0:
            return float(text)
        raise Misused("vocabulary.bad_setting", name=self.name, value=text, wanted="4.5")

    def pixels(self, environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
        """The value as width and height in pixels. Raises `Misused` otherwise."""
        text = self.text(environment)
        found = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", text)
        if found is None:
            raise Misused("vocabulary.bad_setting", name=self.name, value=text, wanted="3840x2160")
        return int(found[1]), int(found[2])

    def boolean(self, environment: Mapping[str, str] = os.environ) -> bool:
        """The value as yes or no. Raises `Misused` otherwise."""
        text = self.text(environment).lower()
        if text in {"1", "true", "yes"}:
            return True
        if text in {"0", "false", "no"}:
            return False
        raise Misused("vocabulary.bad_setting", name=self.name, value=text, wanted="yes | no")
