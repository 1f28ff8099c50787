"""Folders for the time of one piece of work. What a killed process leaves behind is cleared by whoever comes next.

A lock tells the living from the dead: the system lets go of it when a process ends, however it ends.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def own_folder(parent: Path, name: str) -> Iterator[Path]:
    """A new folder in the parent; it is gone afterwards with all that is in it."""
    folder = parent / f"{name}-{uuid4().hex}"
    with _alone(parent):
        _clear(parent)
        folder.mkdir(0o700)
        held = _lock(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def clear_abandoned(parent: Path) -> None:
    """Remove the folders in the parent whose process has died."""
    with _alone(parent):
        _clear(parent)


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """One process at a time, so that no folder is seen before it is locked."""
    parent.mkdir(parents=True, exist_ok=True)
    held = _lock(parent)
    try:
        yield
    finally:
        os.close(held)


def _clear(parent: Path) -> None:
    for folder in parent.iterdir():
        if folder.is_dir() and (held := _lock_of_the_dead(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _lock_of_the_dead(folder: Path) -> int | None:
    """A lock on the folder if nobody holds it any more."""
    try:
        return _lock(folder, fcntl.LOCK_NB)
    except OSError:  # it is held, or its owner has just removed it
        return None


def _lock(path: Path, how: int = 0) -> int:
    """A descriptor that holds the path's lock until it is closed."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | how)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
