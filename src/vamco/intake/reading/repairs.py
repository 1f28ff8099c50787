"""A running count of what was changed while reading."""

from typing import Any, Final

from vamco.intake.reading.text_table import Repair

_EXAMPLES: Final = 5

_Kind = tuple[str, tuple[tuple[str, Any], ...]]


class Repairs:
    """Counts repairs by message key and details, with the first few examples of each."""

    def __init__(self) -> None:
        self._counts: dict[_Kind, int] = {}
        self._examples: dict[_Kind, list[str]] = {}

    def add(self, key: str, example: str = "", *, n_cells: int = 1, **details: Any) -> None:
        """Count one repair of `n_cells` cells."""
        kind = (key, tuple(details.items()))
        self._counts[kind] = self._counts.get(kind, 0) + n_cells
        examples = self._examples.setdefault(kind, [])
        if example and len(examples) < _EXAMPLES:
            examples.append(example)

    def as_tuple(self) -> tuple[Repair, ...]:
        """The repairs in the order in which they first occurred."""
        return tuple(
            Repair(key, n_cells, dict(details), tuple(self._examples[key, details]))
            for (key, details), n_cells in self._counts.items()
        )
