"""What comes round, and how often."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from vamco.alerts.telling import tell_due
from vamco.briefings.writing import write_due
from vamco.deadlines.recomputing import catch_up
from vamco.directives.recurring import issue_due
from vamco.directives.telling import tell_deadlines_due, tell_decided_due
from vamco.flow.clock import Routine
from vamco.flow.operations.exporting import deliver_due
from vamco.indicators.leasing import is_left_to_another
from vamco.intake.reminders import write_reminders
from vamco.intake.ways_in.pulling import pull
from vamco.intake.ways_in.sources import Source, load_sources
from vamco.intake.ways_in.watching import take_waiting
from vamco.notifying.sending import send_outbox
from vamco.vocabulary.errors import VamcoError
from vamco.warehouse import cleaning
from vamco.warehouse.compaction import compact
from vamco.warehouse.iceberg import cleaning as iceberg_cleaning
from vamco.warehouse.models import Dataset

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_WORTH_COMPACTING: Final = 8  # files; fewer cost readers less than rewriting costs the disk
_log = logging.getLogger(__name__)


def routines() -> Iterable[Routine]:
    """Every routine of this installation; sources are read anew each time, so that one can be added."""
    yield Routine("tell", _SECOND, _tell)
    yield Routine("tell-agencies", 5 * _SECOND, tell_decided_due)
    yield Routine("tell-deadlines", _MINUTE, tell_deadlines_due)
    yield Routine("send", _SECOND, send_outbox)
    yield Routine("remind", _HOUR, write_reminders)
    yield Routine("briefings", _MINUTE, write_due)
    yield Routine("operations", 10 * _MINUTE, deliver_due)
    yield Routine("directives", 10 * _MINUTE, issue_due)
    yield Routine("deadlines", 10 * _MINUTE, catch_up)  # after a change of the province's files
    yield Routine("compact", 10 * _MINUTE, _compact)
    yield Routine("clean", _HOUR, _clean)
    if settings.WATCHED_DIR:
        yield Routine(
            "watched-folder", timedelta(seconds=5), partial(take_waiting, Path(settings.WATCHED_DIR))
        )
    for source in _sources():
        yield Routine(f"pull-{source.id}", source.every, partial(_pull, source))


def _sources() -> tuple[Source, ...]:
    """The declared sources; a fault in the file stops them, and nothing else."""
    try:
        return load_sources(Path(settings.HOME) / "sources.yaml")
    except VamcoError as error:
        _log.error("%s", error)
        return ()


def _tell() -> None:
    """Not while a made-up province lives through its past: that is nobody's news."""
    if not is_left_to_another(""):
        tell_due()


def _compact() -> None:
    for dataset in Dataset.objects.values_list("name", flat=True):
        compact(dataset, least_files=_WORTH_COMPACTING)


def _clean() -> None:
    cleaning.clean()
    iceberg_cleaning.clean()


def _pull(source: Source) -> None:
    pull(source, timezone.localdate())
