"""Alerts with one cause are one incident; a dead source is the cause of all that is blind for it."""

from datetime import timedelta

from tests.alerts.conftest import MINUTE, T0, a_rule, a_silence_rule, blind_rule, finding

from vamco.accounts.policy import PROGRAM
from vamco.alerts.acting import Deed, act
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.models import Alert, Incident
from vamco.alerts.muting import mute
from vamco.alerts.silences import end_silence, set_silence
from vamco.alerts.telling import tell_due
from vamco.deadlines.clocks import clocks_of
from vamco.vocabulary.severity import Severity

SOURCE = "health.notified_cases"  # what health.dengue_cases is made from
UNITS = [f"{27000 + n}@2025-07-01" for n in range(1_000)]


def blind(rule, units):
    return [finding(rule, unit=unit, verdict=Verdict.NO_DATA, value=None) for unit in units]


def test_alerts_are_grouped_as_the_rule_says(watch):
    by_unit, together = a_rule("trial.by_unit"), a_rule("trial.together", group_by=())
    watch.rules(by_unit, together)
    for rule in (by_unit, together):
        watch.found(rule, *[finding(rule, unit=unit) for unit in UNITS[:3]])
    assert Incident.objects.filter(rule="trial.by_unit").count() == 3
    assert Incident.objects.filter(rule="trial.together").count() == 1


def test_an_incident_closes_with_its_last_alert_and_its_clock_stops(watch):
    rule = a_rule(group_by=())
    watch.rules(rule)
    watch.found(rule, finding(rule), finding(rule, unit=UNITS[0]))
    incident = Incident.objects.get()
    assert incident.respond_by is not None
    watch.found(rule, finding(rule), finding(rule, unit=UNITS[0], verdict=Verdict.GOOD), at=T0 + MINUTE)
    assert Incident.objects.get().closed_at is None
    watch.found(rule, finding(rule, verdict=Verdict.GOOD), at=T0 + 2 * MINUTE)
    assert Incident.objects.get().closed_at == T0 + 2 * MINUTE
    assert [clock.state for clock in clocks_of([f"incident:{incident.pk}"])] == ["stopped"]
    assert list(incident.events.filter(alert=None).values_list("what", flat=True)) == ["opened", "closed"]


def test_a_flood_from_one_dead_source_is_one_notice_one_incident_and_all_the_records(watch):
    blinds, silent = blind_rule(), a_silence_rule()
    watch.rules(blinds, silent)
    for batch in range(10):
        found = blind(blinds, UNITS[: 100 * (batch + 1)])
        watch.found(blinds, *found, at=T0 + batch * timedelta(seconds=6))
    watch.found(silent, finding(silent, unit=SOURCE, value=9.0), at=T0 + MINUTE)
    for second in range(0, 600, 10):
        tell_due(T0 + MINUTE + timedelta(seconds=second))
    assert Alert.objects.count() == 1_001
    incident = Incident.objects.get()
    assert incident.alerts.count() == 1_001
    source = Alert.objects.get(rule="trial.silent")
    assert set(Alert.objects.exclude(pk=source.pk).values_list("muted_by", flat=True)) == {
        f"alert:{source.pk}"
    }
    assert [n.kind for n in incident.notifications] == ["raised"]


def test_a_dead_source_silences_exactly_its_dependants(watch):
    of_source, of_other = blind_rule(), blind_rule("trial.other", "education.pupils")
    seeing, silent = a_rule("trial.seeing"), a_silence_rule()
    watch.rules(of_source, of_other, seeing, silent)
    watch.found(of_source, *blind(of_source, UNITS[:1]))
    watch.found(of_other, *blind(of_other, UNITS[:1]))
    watch.found(seeing, finding(seeing))
    watch.found(silent, finding(silent, unit=SOURCE))
    muted = set(Alert.objects.exclude(muted_by="").values_list("rule", flat=True))
    assert muted == {"trial.many"}


def test_when_the_source_is_back_its_dependants_speak_again(watch):
    rule, silent = blind_rule(), a_silence_rule()
    watch.rules(rule, silent)
    watch.found(silent, finding(silent, unit=SOURCE))
    watch.found(rule, *blind(rule, UNITS[:2]))
    assert Alert.objects.exclude(muted_by="").count() == 2
    watch.found(silent, finding(silent, unit=SOURCE, verdict=Verdict.GOOD), at=T0 + MINUTE)
    assert not Alert.objects.exclude(muted_by="").exists()


def test_a_silence_mutes_what_it_matches_until_it_ends(watch):
    rule = a_rule()
    watch.rules(rule)
    silence = set_silence(PROGRAM, ['unit=~"27.*"'], T0, T0 + 60 * MINUTE, "bảo trì nguồn", at=T0)
    watch.found(rule, finding(rule), finding(rule, unit="28018@2025-07-01"))
    muted = Alert.objects.exclude(muted_by="").get()
    assert (muted.labels["unit"], muted.muted_by) == ("27694@2025-07-01", f"silence:{silence.pk}")
    assert tell_due(T0 + MINUTE) == 1
    mute(watch.packs, T0 + 60 * MINUTE)
    assert not Alert.objects.exclude(muted_by="").exists()


def test_a_silence_that_is_ended_early_keeps_its_reason(watch):
    silence = set_silence(PROGRAM, ["rule=trial.many"], T0, T0 + 60 * MINUTE, "thử", at=T0)
    ended = end_silence(PROGRAM, silence.pk, at=T0 + MINUTE)
    assert (ended.ends_at, ended.reason, ended.ended_by) == (T0 + MINUTE, "thử", PROGRAM.name)


def test_an_incident_is_as_bad_as_its_worst_alert(watch):
    mild, bad = (
        a_rule(name, severity=severity, group_by=("unit",))
        for name, severity in (("trial.mild", Severity.MODERATE), ("trial.bad", Severity.EXTREME))
    )
    watch.rules(mild, bad)
    watch.found(mild, finding(mild))
    first = Incident.objects.get()
    assert first.severity == "Moderate"
    Alert.objects.filter(rule="trial.mild").update(severity="Extreme")
    watch.found(bad)
    assert Incident.objects.get().severity == "Extreme"
    assert first.events.filter(what="regraded").get().details == {"before": "Moderate", "after": "Extreme"}


def test_what_somebody_acknowledged_is_not_repeated_but_what_changes_is_news(watch):
    rule = a_rule(group_by=())
    watch.rules(rule)
    watch.found(rule, finding(rule))
    tell_due(T0 + MINUTE)
    tell_due(T0 + 250 * MINUTE)
    act(PROGRAM, Incident.objects.get().pk, Deed.ACKNOWLEDGE, 1, at=T0 + 251 * MINUTE)
    tell_due(T0 + 600 * MINUTE)
    told = Incident.objects.get().events.filter(what="told")
    assert [event.details["kind"] for event in told] == ["raised", "repeated"]
    watch.found(rule, finding(rule), finding(rule, unit=UNITS[0]), at=T0 + 601 * MINUTE)
    tell_due(T0 + 610 * MINUTE)
    assert [event.details["kind"] for event in told.all()] == ["raised", "repeated", "changed"]
