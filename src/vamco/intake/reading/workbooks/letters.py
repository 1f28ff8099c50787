"""Cell text by cell font: letters of legacy fonts are read as they were meant, run by run."""

from collections.abc import Sequence

from vamco.intake.reading.encodings.fonts import letters_of
from vamco.intake.reading.grid import Place
from vamco.intake.reading.repairs import Repairs
from vamco.vocabulary.text import nfc

Run = tuple[str, str]  # font name, text


def read_runs(runs: Sequence[Run], where: Place, repairs: Repairs) -> str:
    """The text of a cell from its runs, in NFC."""
    stored = "".join(text for _, text in runs)
    meant = "".join(_read_run(font, text) for font, text in runs)
    if meant != stored:
        font, encoding = _changed(runs)
        repairs.add("intake.read_legacy_font", f"{where}: {stored} → {meant}", encoding=encoding, font=font)
    return _composed(meant, where, repairs)


def _read_run(font: str, text: str) -> str:
    letters = letters_of(font)
    return letters.read(text) if letters else text


def _changed(runs: Sequence[Run]) -> tuple[str, str]:
    for font, text in runs:
        letters = letters_of(font)
        if letters and letters.read(text) != text:
            return font, letters.encoding
    raise AssertionError(runs)


def _composed(text: str, where: Place, repairs: Repairs) -> str:
    if text.isascii():
        return text
    composed = nfc(text)
    if composed != text:
        repairs.add("intake.read_composed", f"{where}: {composed}")
    return composed
