from datetime import UTC, datetime, timedelta

import pytest

from vamco.alerts.matching import read_matcher
from vamco.alerts.silencing import SilenceStatus, ended, silence, silenced_by
from vamco.vocabulary.errors import Misused

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = [read_matcher("zone=aa")]
QUIET = silence(ZONE, EIGHT, EIGHT + 2 * HOUR, "bảo trì trạm đo", "Minh")


def test_a_silence_is_pending_then_active_then_expired_by_time_alone() -> None:
    moments = (EIGHT - HOUR, EIGHT, EIGHT + HOUR, EIGHT + 2 * HOUR)
    assert [QUIET.status(moment) for moment in moments] == [
        SilenceStatus.PENDING,
        SilenceStatus.ACTIVE,
        SilenceStatus.ACTIVE,
        SilenceStatus.EXPIRED,
    ]


def test_a_silence_mutes_only_what_it_names_and_only_while_it_is_active() -> None:
    assert QUIET.mutes({"zone": "aa"}, EIGHT)
    assert not QUIET.mutes({"zone": "ab"}, EIGHT)
    assert not QUIET.mutes({"zone": "aa"}, EIGHT + 2 * HOUR)


def test_a_silence_that_is_ended_early_is_over_and_stays_over() -> None:
    over = ended(QUIET, EIGHT + HOUR)
    assert over.status(EIGHT + HOUR) is SilenceStatus.EXPIRED
    assert ended(over, EIGHT + 9 * HOUR) == over


def test_a_silence_ended_before_it_began_never_begins() -> None:
    assert ended(QUIET, EIGHT - HOUR).status(EIGHT + HOUR) is SilenceStatus.EXPIRED


def test_of_several_silences_the_one_that_lasts_longest_is_named() -> None:
    longer = silence(ZONE, EIGHT, EIGHT + 3 * HOUR, "mất điện", "Minh")
    assert silenced_by({"zone": "aa"}, [QUIET, longer], EIGHT) == longer
    assert silenced_by({"zone": "ab"}, [QUIET, longer], EIGHT) is None


@pytest.mark.parametrize(
    ("matchers", "span", "reason", "key"),
    [
        (ZONE, HOUR, "   ", "silence_without_reason"),
        (ZONE, timedelta(0), "x", "silence_bad_span"),
        (ZONE, timedelta(days=31), "x", "silence_bad_span"),
        ([], HOUR, "x", "silence_of_everything"),
        ([read_matcher("zone=~.*")], HOUR, "x", "silence_of_everything"),
    ],
)
def test_a_silence_needs_a_reason_an_end_and_a_condition(matchers, span, reason, key) -> None:
    with pytest.raises(Misused, match=key):
        silence(matchers, EIGHT, EIGHT + span, reason, "Minh")
