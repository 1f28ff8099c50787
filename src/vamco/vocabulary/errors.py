"""Errors that people read: each names what happened, what was kept and what to do next.

    VamcoError
    ├── Refused            understood and refused                      exit 1   HTTP 409
    │   ├── NotFound       the thing named does not exist              exit 1   HTTP 404
    │   ├── Forbidden      this person may not do this                 exit 1   HTTP 403
    │   └── Unreadable     the bytes received cannot be read as data   exit 1   HTTP 422
    ├── Misused            the request itself is malformed             exit 2   HTTP 400
    └── Ambiguous          several answers fit; candidates are listed  exit 3   HTTP 300

An error is raised with a key of a `messages.yaml` and the values for its placeholders;
no sentence is written where the error is raised.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from vamco.vocabulary.messages import Language, message


class VamcoError(Exception):
    """Something a person must be told; `key` finds the words, `details` fill them."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 409

    def __init__(self, key: str, **details: Any) -> None:
        super().__init__(key)
        self.key = key
        self.details: Mapping[str, Any] = details

    def __str__(self) -> str:
        said = self.say("vi")
        return f"{self.key}: {said['what']} {said['next']}".strip()

    def say(self, language: Language) -> dict[str, str]:
        """`what` happened, what was `kept`, what to do `next`, in that language."""
        return message(self.key, language, self.details)

    def as_dict(self, language: Language) -> dict[str, Any]:
        """The one error shape of page, API and command line."""
        return {"error": {"id": self.key, **self.say(language), "details": dict(self.details)}}


class Refused(VamcoError):
    """The request was understood and is refused."""


class NotFound(Refused):
    """The thing named does not exist."""

    http_status = 404


class Forbidden(Refused):
    """The actor lacks the permission."""

    http_status = 403


class Unreadable(Refused):
    """The bytes received cannot be read as data."""

    http_status = 422


class Misused(VamcoError):
    """The request itself is malformed."""

    exit_code = 2
    http_status = 400


class Ambiguous(VamcoError):
    """Several answers fit; `details["candidates"]` lists them."""

    exit_code = 3
    http_status = 300
