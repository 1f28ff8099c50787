"""The watched folder: `<agency>/<contract>/<period>/<file>` becomes a delivery.

A file is taken once it has rested. It then moves to `_taken/` under the delivery's number, or to
`_refused/` beside a note that says why. A crash between receiving and moving does no harm: the
same bytes for the same contract and period are one delivery.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vamco.intake.models import Channel, Delivery
from vamco.intake.receiving import clean_name, receive
from vamco.intake.ways_in.machine import machine_of
from vamco.vocabulary.errors import Refused, VamcoError

REST_SECONDS: Final = 10.0
_log = logging.getLogger(__name__)
_TAKEN: Final = "_taken"
_REFUSED: Final = "_refused"
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart")


def take_waiting(folder: Path, rest_seconds: float = REST_SECONDS) -> list[Delivery]:
    """Receive every file that has rested; the deliveries made, in order of path."""
    taken = (_take_or_pass(folder, path) for path in _rested(folder, rest_seconds))
    return [delivery for delivery in taken if delivery is not None]


def _rested(folder: Path, rest_seconds: float) -> Iterator[Path]:
    before = time.time() - rest_seconds
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] in {_TAKEN, _REFUSED} or any(part.startswith(".") for part in inside):
            continue
        if path.is_symlink() or not path.is_file() or path.name.endswith(_UNFINISHED):
            continue
        if path.stat().st_mtime <= before:
            yield path


def _take_or_pass(folder: Path, path: Path) -> Delivery | None:
    """A file that the disk itself refuses is passed by: the files after it are not held up."""
    try:
        return _take(folder, path)
    except OSError:
        _log.exception("watched file %r could not be taken", path)
        return None


def _take(folder: Path, path: Path) -> Delivery | None:
    try:
        delivery = _receive(folder, path)
    except VamcoError as error:
        _put_aside(folder / _REFUSED, path, f"{time.time_ns()}-{clean_name(path.name)}", error)
        return None
    _put_aside(folder / _TAKEN, path, f"{delivery.pk}-{clean_name(path.name)}")
    return delivery


def _receive(folder: Path, path: Path) -> Delivery:
    places = path.relative_to(folder).parts
    if len(places) != 4:
        raise Refused("intake.watched_wrong_place", file="/".join(places))
    agency, contract_id, period, _ = places
    with path.open("rb") as stream:
        machine = machine_of(agency, "watched-folder")
        return receive(machine, contract_id, period, stream, path.name, Channel.WATCHED_FOLDER).delivery


def _put_aside(folder: Path, path: Path, name: str, error: VamcoError | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path.rename(folder / name)
    if error is not None:
        note = "\n".join(filter(None, error.say("vi").values()))
        (folder / f"{name}.txt").write_text(note, "utf-8", errors="replace")
