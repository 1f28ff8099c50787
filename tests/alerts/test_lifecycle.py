from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.alerts.lifecycle import (
    Blind,
    Sample,
    Standing,
    State,
    Timing,
    Transition,
    Verdict,
    fingerprint,
    step,
)

ZERO = datetime(2026, 1, 5, tzinfo=UTC)
GOOD, BAD, NO_DATA, ERROR, GONE = Verdict


def at(seconds: float) -> datetime:
    return ZERO + timedelta(seconds=seconds)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def live(timing: Timing, verdicts: list[Verdict], every: float = 10) -> list[Standing]:
    """One standing for each verdict, the clock running by `every` seconds."""
    standing, lived = Standing(), []
    for number, verdict in enumerate(verdicts):
        standing, _ = step(standing, Sample(verdict, value=float(number)), timing, at(number * every))
        lived.append(standing)
    return lived


def states(timing: Timing, *verdicts: Verdict) -> list[str]:
    return [standing.state.value for standing in live(timing, list(verdicts))]


class TestPromtool:
    """Scenarios of prometheus/prometheus, cmd/promtool/testdata/unittest.yml and rules.yml."""

    def test_an_instance_down_for_less_than_five_minutes_is_pending(self) -> None:
        """Block «Tests for alerting rules»: InstanceDown (for: 5m, every 1m) is pending at 4m."""
        lived = live(Timing(pending_for=timedelta(minutes=5)), [BAD] * 6, every=60)
        assert [each.state for each in lived] == [State.PENDING] * 5 + [State.FIRING]

    def test_an_instance_down_fires_after_a_day_with_its_labels_and_words(self) -> None:
        """Same block, `eval_time: 1d`: one alert with labels and annotations as expected."""
        sample = Sample(
            BAD,
            value=0,
            labels={"severity": "page", "instance": "localhost:9090", "job": "prometheus"},
            annotations={"summary": "Instance localhost:9090 down"},
        )
        standing = Standing()
        for minute in range(1441):
            standing, _ = step(standing, sample, Timing(pending_for=timedelta(minutes=5)), at(minute * 60))
        assert standing.state is State.FIRING
        assert standing.troubled_since == at(0)
        assert standing.fired_since == at(300)
        assert standing.annotations == {"summary": "Instance localhost:9090 down"}

    def test_a_rule_without_patience_fires_at_moment_zero(self) -> None:
        """Same block: AlwaysFiring (no `for`) fires at `eval_time: 0` and still after a day."""
        assert {each.state for each in live(Timing(), [BAD] * 3, every=43200)} == {State.FIRING}

    def test_an_instance_down_is_no_alert_at_moment_zero(self) -> None:
        """Same block, `eval_time: 0`: InstanceDown has no alerts."""
        assert not live(Timing(pending_for=timedelta(minutes=5)), [BAD])[0].is_raised


NO_PATIENCE = Timing()
PATIENT = Timing(pending_for=seconds(20))


class TestGrafana:
    """Grafana's states: pull request grafana#117024, documentation 13.0.2 and later
    («Alert rule evaluation», docs/sources/shared/alerts/modify-nodata-state.md), and
    pkg/services/ngalert/state/{state,manager}_test.go; evaluated every 10 seconds.
    """

    def test_blindness_waits_as_long_as_badness(self) -> None:
        """#117024, «Normal → NoData/Error»: Normal → Pending(NoData) → NoData after `for`."""
        assert states(PATIENT, GOOD, NO_DATA, NO_DATA, NO_DATA) == ["normal", "pending", "pending", "no_data"]
        assert states(PATIENT, GOOD, ERROR, ERROR, ERROR) == ["normal", "pending", "pending", "no_data"]

    def test_a_pending_alert_says_what_kind_of_trouble_it_has(self) -> None:
        """#117024: Pending(Error) and Pending(NoData) are told apart."""
        lived = live(PATIENT, [ERROR, NO_DATA, ERROR])
        assert [each.because for each in lived] == [ERROR, NO_DATA, ERROR]

    def test_a_change_of_kind_does_not_reset_the_timer(self) -> None:
        """#117024, «Pending → Pending» (0 s normal, 10 s alerting, 20 s error, 30 s no data).

        Its text says a `for` of 30 s for a table that fires 20 s after the trouble began; we keep the
        sequence and its rule and count with 20 s.
        """
        timing = replace(PATIENT, on_no_data=Blind.ALERTING, on_error=Blind.ALERTING)
        lived = live(timing, [GOOD, BAD, ERROR, NO_DATA])
        assert [each.state for each in lived] == [State.NORMAL, State.PENDING, State.PENDING, State.FIRING]
        assert lived[-1].because is NO_DATA
        assert lived[-1].troubled_since == at(10)

    @pytest.mark.parametrize("kind", [NO_DATA, ERROR])
    def test_the_kind_at_maturity_decides_what_is_raised(self, kind: Verdict) -> None:
        """Documentation 13: to the special state «when … the last evaluation returns no data»."""
        assert states(PATIENT, BAD, BAD, kind)[-1] == "no_data"
        assert states(PATIENT, kind, kind, BAD)[-1] == "firing"

    def test_without_a_pending_time_blindness_is_raised_at_once(self) -> None:
        """Documentation 13: «If the pending period is 0, … transitions immediately to No Data»."""
        assert states(NO_PATIENCE, GOOD, NO_DATA) == ["normal", "no_data"]

    def test_blindness_taken_for_alerting_fires(self) -> None:
        """Documentation 13, «Set Alerting state»; manager_test.go, «NoData execution state is Alerting»."""
        timing = replace(PATIENT, on_no_data=Blind.ALERTING)
        assert states(timing, GOOD, NO_DATA, NO_DATA, NO_DATA)[-2:] == ["pending", "firing"]
        assert states(replace(NO_PATIENCE, on_no_data=Blind.ALERTING), NO_DATA) == ["firing"]

    def test_blindness_taken_for_good_resolves_at_once(self) -> None:
        """Documentation 13, «Set Normal state»; manager_test.go, «NoData execution state is OK»."""
        timing = Timing(on_no_data=Blind.OK, on_error=Blind.OK)
        assert states(timing, BAD, NO_DATA) == ["firing", "resolved"]
        assert states(timing, BAD, ERROR) == ["firing", "resolved"]
        assert states(replace(PATIENT, on_no_data=Blind.OK), BAD, NO_DATA, BAD, BAD) == [
            "pending",
            "normal",
            "pending",
            "pending",
        ]

    def test_blindness_may_keep_the_last_state(self) -> None:
        """Documentation 13, «Keep last state»; state.go keeps normal normal and alerting alerting."""
        timing = Timing(on_no_data=Blind.KEEP_LAST, on_error=Blind.KEEP_LAST)
        assert states(timing, GOOD, NO_DATA, ERROR) == ["normal"] * 3
        assert states(timing, BAD, NO_DATA, ERROR, GOOD) == ["firing", "firing", "firing", "resolved"]

    def test_a_pending_alert_that_keeps_its_last_state_still_ripens(self) -> None:
        """state.go, resultKeepLast: pending respects the rule's `for` while no data come."""
        timing = replace(PATIENT, on_no_data=Blind.KEEP_LAST)
        assert states(timing, BAD, NO_DATA, NO_DATA) == ["pending", "pending", "firing"]

    def test_a_recovering_alert_that_keeps_its_last_state_still_recovers(self) -> None:
        """Better than state.go, whose failsafe drops a recovering alert to normal at once."""
        timing = Timing(keep_firing_for=seconds(20), on_no_data=Blind.KEEP_LAST)
        assert states(timing, BAD, GOOD, NO_DATA, NO_DATA)[1:] == ["recovering", "recovering", "resolved"]

    def test_data_that_come_back_good_resolve_blindness_without_recovering(self) -> None:
        """state.go, resultNormal: only an alert that fired recovers; NoData goes to Normal."""
        assert states(Timing(keep_firing_for=seconds(20)), NO_DATA, GOOD) == ["no_data", "resolved"]

    def test_an_alert_that_stops_being_bad_recovers_before_it_is_resolved(self) -> None:
        """state.go, resultNormal with KeepFiringFor 20 s: Alerting → Recovering → Normal."""
        timing = Timing(keep_firing_for=seconds(20))
        assert states(timing, BAD, GOOD, GOOD, GOOD) == ["firing", "recovering", "recovering", "resolved"]

    def test_a_pending_alert_never_recovers(self) -> None:
        """state.go, resultNormal: Recovering is entered from Alerting only."""
        timing = Timing(pending_for=seconds(20), keep_firing_for=seconds(50))
        assert states(timing, BAD, GOOD) == ["pending", "normal"]

    def test_a_recovering_alert_fires_again_without_waiting_and_as_the_same_alert(self) -> None:
        """state.go, resultAlerting: from Recovering the pending state is skipped."""
        timing = Timing(pending_for=seconds(20), keep_firing_for=seconds(50))
        lived = live(timing, [BAD, BAD, BAD, GOOD, BAD])
        assert [each.state.value for each in lived[2:]] == ["firing", "recovering", "firing"]
        assert lived[-1].fired_since == at(20)

    def test_a_recovering_alert_that_goes_blind_says_so_without_waiting(self) -> None:
        """#117024, «Recovering → NoData/Error»."""
        timing = Timing(pending_for=seconds(20), keep_firing_for=seconds(50))
        assert states(timing, BAD, BAD, BAD, GOOD, NO_DATA)[-1] == "no_data"

    def test_a_firing_alert_that_misses_one_evaluation_goes_on_firing(self) -> None:
        """Ours is stricter: Grafana leaves Alerting at once (to NoData, later to Pending(NoData))."""
        assert states(PATIENT, BAD, BAD, BAD, NO_DATA, BAD, NO_DATA, NO_DATA, NO_DATA)[2:] == [
            *["firing"] * 5,
            "no_data",
        ]

    def test_data_that_come_back_bad_must_stay_bad_before_they_fire(self) -> None:
        """state.go: NoData → Alerting waits for `for`; ours stays raised as no_data meanwhile."""
        lived = states(PATIENT, NO_DATA, NO_DATA, NO_DATA, BAD, BAD, BAD)
        assert lived[2:] == ["no_data", "no_data", "no_data", "firing"]

    @pytest.mark.parametrize(("verdict", "end"), [(BAD, "resolved"), (NO_DATA, "resolved")])
    def test_a_series_that_disappears_is_resolved_at_once(self, verdict: Verdict, end: str) -> None:
        """Documentation, «Stale alert instances»: Alerting and NoData go to Normal (MissingSeries)."""
        assert states(Timing(keep_firing_for=seconds(90)), verdict, GONE)[-1] == end

    def test_a_pending_series_that_disappears_was_never_an_alert(self) -> None:
        """#117024: a Pending(NoData/Error) series that disappears ends right away; nobody was told."""
        assert states(PATIENT, NO_DATA, GONE) == ["pending", "normal"]


class TestAlertmanagerMerge:
    """prometheus/alertmanager, test/with_api_v2/acceptance/send_test.go, TestMergeAlerts."""

    def test_a_refreshed_alert_keeps_its_start_and_takes_the_newest_words(self) -> None:
        standing = Standing()
        for moment, words in [(1, {}), (2.1, {"ann": "v1"}), (3.6, {"ann": "v2"})]:
            standing, _ = step(standing, Sample(BAD, annotations=words), Timing(), at(moment))
        assert (standing.raised_since, standing.annotations) == (at(1), {"ann": "v2"})

    def test_an_alert_resolved_twice_was_resolved_once_and_a_new_one_starts_anew(self) -> None:
        lived = live(Timing(), [BAD, GOOD, GOOD, BAD])
        assert lived[2].resolved_at == lived[1].resolved_at == at(10)
        assert (lived[3].raised_since, lived[3].resolved_at) == (at(30), None)


def test_a_figure_that_changes_but_stays_bad_changes_the_value_and_nothing_else() -> None:
    standing, _ = step(Standing(), Sample(BAD, value=12), Timing(), at(0))
    after, changes = step(standing, Sample(BAD, value=15), Timing(), at(10))
    assert changes == ()
    assert after == replace(standing, value=15, evaluated_at=at(10))


def test_blindness_keeps_the_last_value_that_was_seen() -> None:
    lived = live(Timing(), [BAD, NO_DATA])
    assert lived[-1].value == 0.0


def test_a_change_of_state_tells_when_from_what_to_what_and_why() -> None:
    _, changes = step(Standing(), Sample(BAD, value=7), Timing(), at(3))
    assert changes == (Transition(at(3), State.NORMAL, State.FIRING, BAD, 7),)


def test_an_evaluation_of_an_earlier_moment_changes_nothing() -> None:
    standing, _ = step(Standing(), Sample(BAD), Timing(), at(60))
    assert step(standing, Sample(GOOD), Timing(), at(59)) == (standing, ())


def test_the_order_of_labels_is_no_part_of_an_identity_but_the_rule_is() -> None:
    assert fingerprint("r", {"a": "1", "b": "2"}) == fingerprint("r", {"b": "2", "a": "1"})
    different = {fingerprint("r", {"a": "1"}), fingerprint("s", {"a": "1"}), fingerprint("r", {"a": "2"})}
    assert len(different) == 3


spans = st.integers(0, 40).map(seconds)
timings = st.builds(Timing, spans, spans, st.sampled_from(Blind), st.sampled_from(Blind))
histories = st.lists(
    st.tuples(st.integers(0, 30), st.builds(Sample, st.sampled_from(Verdict), st.floats(0, 9))), max_size=25
)


def walk(timing: Timing, history: list[tuple[int, Sample]]) -> list[tuple[datetime, Sample, Standing]]:
    now, standing, walked = ZERO, Standing(), []
    for pause, sample in history:
        now += seconds(pause)
        standing, _ = step(standing, sample, timing, now)
        walked.append((now, sample, standing))
    return walked


@given(timings, histories)
def test_the_same_history_always_lives_the_same_life(
    timing: Timing, history: list[tuple[int, Sample]]
) -> None:
    assert walk(timing, history) == walk(timing, history)


@given(timings, histories)
def test_evaluating_twice_at_one_moment_changes_nothing(
    timing: Timing, history: list[tuple[int, Sample]]
) -> None:
    for now, sample, standing in walk(timing, history):
        assert step(standing, sample, timing, now) == (standing, ())


@given(timings, histories)
def test_nothing_is_raised_before_its_trouble_lasted_the_pending_time(
    timing: Timing, history: list[tuple[int, Sample]]
) -> None:
    for now, _, standing in walk(timing, history):
        if standing.is_raised:
            assert standing.troubled_since is not None
            assert standing.raised_since is not None
            assert standing.raised_since - standing.troubled_since >= timing.pending_for
            assert standing.raised_since <= now


@given(timings, histories)
def test_a_resolved_alert_is_raised_anew_only_by_new_trouble(
    timing: Timing, history: list[tuple[int, Sample]]
) -> None:
    for (_, _, before), (now, sample, after) in pairwise(walk(timing, history)):
        if before.state is State.RESOLVED and after.state is not State.RESOLVED:
            assert sample.verdict not in {GOOD, GONE}
            assert after.troubled_since == now


@given(timings, histories)
def test_what_was_raised_is_always_told_resolved_and_what_was_not_never(
    timing: Timing, history: list[tuple[int, Sample]]
) -> None:
    for (_, _, before), (now, _, after) in pairwise(walk(timing, history)):
        if before.is_raised and not after.is_raised:
            assert (after.state, after.resolved_at) == (State.RESOLVED, now)
        if before.state is State.PENDING:
            assert after.state is not State.RESOLVED
