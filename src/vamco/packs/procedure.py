"""A procedure (SOP): when alerts of a kind fire, who is usually told to do what by when. Frozen once loaded.

The file form is described in `docs/reference/procedure-form.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vamco.packs.contract import LegalBasis
from vamco.packs.document import Document
from vamco.packs.indicator_file import legal_basis_from
from vamco.vocabulary.text import Text

COMMUNE: Final = "commune"
"""Instead of an agency's code: the People's Committee of the unit that the alert is about."""


@dataclass(frozen=True, slots=True)
class UsualAssignment:
    """What an agency (its code, or `COMMUNE`) is usually told; `unit` as in a clock's policy."""

    agency: str
    text: Text
    amount: int
    unit: str
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; `id` is `<pack>.<name>`. In its texts {unit} stands for the place."""

    id: str
    title: Text
    text: Text
    rules: tuple[str, ...]  # ids of the alert rules that it answers
    assignments: tuple[UsualAssignment, ...]
    source: Path
    legal_basis: tuple[LegalBasis, ...] = ()

    @property
    def pack(self) -> str:
        """Slug of the pack that holds the procedure."""
        return self.id.partition(".")[0]


def procedure_from(document: Document, pack: str) -> Procedure:
    """The procedure that a file of the right shape holds; its id is the pack's and the file's name."""
    node = document.value
    return Procedure(
        id=f"{pack}.{document.path.stem}",
        title=Text(**node["title"]),
        text=Text(**node["text"]),
        rules=tuple(node["rules"]),
        assignments=tuple(map(_assignment, node["assignments"])),
        source=document.path,
        legal_basis=tuple(map(legal_basis_from, node.get("legal_basis", ()))),
    )


def _assignment(node: Mapping[str, Any]) -> UsualAssignment:
    amount, unit = node["within"].split(" ")
    return UsualAssignment(
        node["agency"], Text(**node["text"]), int(amount), unit, is_lead=node.get("lead", False)
    )
