"""A fault: one way in which a cell, a row or a whole delivery can disagree with its contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vamco.packs.contract import Dimension, Strictness
from vamco.vocabulary.messages import Language, say


@dataclass(frozen=True, slots=True)
class Fault:
    """What is looked for and how it is said.

    `reason` names the message (for a cell that cannot be read, SQL in `why` finds a closer one);
    `error_type` is the frictionless name. `when` is SQL, true where the fault is: over the typed row
    for cells and rows, empty for what concerns the whole delivery. `more` is SQL for a text that only
    the one cell can give (`{more}` in the message). `details` fill the message besides the header, the
    cell and that text, and go before them. A fault without a dimension is not scored.
    """

    reason: str
    error_type: str
    column: str = ""
    header: str = ""
    place: int | None = None
    when: str = ""
    why: str = ""
    more: str = ""
    strictness: Strictness = Strictness.ERROR
    dimension: Dimension | None = Dimension.CORRECT
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rejects(self) -> bool:
        """Whether what has the fault is refused."""
        return self.strictness is Strictness.ERROR

    @property
    def rule(self) -> str:
        """The name of the rule that is broken: a contract's own by its id, any other by the reason."""
        return str(self.details.get("rule", self.reason))

    def say(self, language: Language, reason: str = "", cell: str = "", more: str = "") -> str:
        """The fault in the sender's words: the column as written, the cell's text."""
        shown = {"header": self.header, "cell": cell, "more": more, **self.details}
        return say(f"intake.{reason or self.reason}", language, **shown)
