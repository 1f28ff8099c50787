"""The wall's answer, made once for each state of the ledgers and kept in the process for everybody who asks."""

import sys
import threading
import time
from importlib.metadata import version
from typing import Final

from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from vamco.vocabulary.messages import LANGUAGES, Language
from vamco.web.conditional import Kept, keep
from vamco.web.contracts import agency_names
from vamco.web.wall.reading import WATCHER, Reader, Seen, State
from vamco.web.watch.rows import rows_of

N_GAPS: Final = 24
_LOOKS_EVERY: Final = 0.5  # seconds
_YIELDS_EVERY: Final = 0.0002  # seconds
N_INCIDENTS: Final = 30
_SCENES: Final = ("services", "map", "abnormal", "unseen", "incidents")


class Snapshots:
    """The newest answers. A state that is new is read behind the scenes while the last one is handed out."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._reading = threading.Lock()
        self._answers: dict[Language, Kept] = {}
        self._seen: Seen | None = None
        self._state: State | None = None
        self._looked_at = 0.0

    def answer(self, language: Language) -> Kept | None:
        """What the wall shows. The first caller in a process waits for it; meanwhile others get None."""
        if not self._answers:
            self._read_first()
        elif self._is_time_to_look():
            state = State.now()
            if state != self._state and self._reading.acquire(blocking=False):
                threading.Thread(target=self._read_behind, args=(state,), daemon=True).start()
        return self._answers.get(language)

    def _read_first(self) -> None:
        if self._reading.acquire(blocking=False):
            try:
                self._read(State.now())
            finally:
                self._reading.release()

    def seen(self) -> Seen | None:
        """What the wall shows, for pages that show some of it; None while it is read for the first time."""
        self.answer("vi")
        return self._seen

    def _is_time_to_look(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at < _LOOKS_EVERY:
            return False
        self._looked_at = now
        return True

    def _read_behind(self, state: State) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(
            _YIELDS_EVERY
        )  # else each answer waits 5 ms whenever it touches the interpreter
        try:
            self._read(state)
        finally:
            sys.setswitchinterval(usual)
            connection.close()
            self._reading.release()

    def _read(self, state: State) -> None:
        self._seen = seen = self._reader.read(state)
        self._answers = {language: _answer(seen, language) for language in LANGUAGES}
        self._state = state


def _answer(seen: Seen, language: Language) -> Kept:
    with translation.override(language):
        said = {
            "made_at": seen.made_at.isoformat(),
            "is_simulated": seen.is_simulated,
            "maps": [indicator.id for indicator in seen.maps],
            "scenes": {name: _scene(name, seen) for name in _SCENES},
        }
    return keep(said, f"{version('vamco')} {seen.state} {language}")


def _scene(name: str, seen: Seen) -> str:
    gaps = seen.board.gaps
    shown = {
        "seen": seen,
        "gaps": gaps[:N_GAPS],
        "gaps_n": len(gaps),
        "n_more": len(gaps[N_GAPS:]),
        "names": agency_names(),
        "incidents": rows_of(seen.queue.waiting[:N_INCIDENTS], WATCHER, seen.queue.now),
    }
    return render_to_string(f"wall/{name}.html", shown)


_snapshots = Snapshots()


def snapshots() -> Snapshots:
    """Those of this process."""
    return _snapshots
