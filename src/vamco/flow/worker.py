"""The worker's loop: deliveries, the figures that rest on them, the alerts that watch these, and the clock."""

import logging
import threading
from typing import Final

from django.db import OperationalError, close_old_connections

from vamco.alerts.evaluating import evaluate_due
from vamco.flow.clock import run_due
from vamco.flow.routines import routines
from vamco.indicators.catching_up import catch_up
from vamco.indicators.leasing import is_left_to_another
from vamco.intake.models import Delivery
from vamco.intake.worker import check_next
from vamco.vocabulary.errors import VamcoError

_log = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 0.5


def work(name: str, stop: threading.Event, *, once: bool = False) -> None:
    """Check waiting deliveries and run due routines until `stop` is set (or nothing is left, if `once`)."""
    while not stop.is_set():
        busy = _one_step(name)
        if not busy and once:
            return
        if not busy:
            stop.wait(PAUSE_SECONDS)


def _one_step(name: str) -> bool:
    """Whether there was anything to do; a database that is away is waited for."""
    try:
        is_checked = check_next(name) is not None
        return _bring_figures_up() or is_checked or _watch(name) or bool(run_due(routines()))
    except OperationalError:
        _log.exception("the database did not answer; trying again")
        close_old_connections()
        return False


def _bring_figures_up() -> bool:
    """Whether figures changed; a fault in computing them keeps no delivery waiting."""
    try:
        return bool(catch_up().changed)
    except VamcoError as error:
        _log.error("figures were not computed: %s", error)
        return False


def _watch(name: str) -> bool:
    """Whether rules of alerts were evaluated; where nothing ever came, or figures are half done, all would ring."""
    if is_left_to_another(name) or not Delivery.objects.exists():
        return False
    return bool(evaluate_due().rules)
