"""An alert becomes the evidence of an order: as it stood, and with nothing that readers may not see."""

from datetime import datetime

import pytest
from django.utils import timezone
from tests.directives.orders import COMMUNE

from vamco.alerts.models import Alert
from vamco.directives.effect import prompt_of
from vamco.directives.evidence import is_intact
from vamco.directives.from_alerts import frozen, proposal_of

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(datetime(2026, 11, 20, 8))
UNIT = f"{COMMUNE}@2025-07-01"


def alert(rule="health.dengue_above_threshold", indicator="health.dengue_cases_monthly", value=40.0, **facts):
    seen = {"indicator": indicator, "unit_id": UNIT, "numerator": value, "value": value, "vintages": [7]}
    known = {
        "rule": rule,
        "fingerprint": "f",
        "labels": {"rule": rule, "indicator": indicator, "unit": UNIT},
        "severity": "Severe",
        "state": "firing",
        "because": "bad",
        "last_seen": "bad",
        "since": NOW,
        "evaluated_at": NOW,
        "period": "2026-10",
        "value": value,
        "bound": 12.5,
        "evidence": {"seen": seen},
        **facts,
    }
    return Alert.objects.create(**known)


def test_an_alert_is_frozen_with_what_it_saw():
    made = alert()
    kept = frozen(made)
    assert (kept["alert"]["id"], kept["alert"]["evidence"]["seen"]["vintages"]) == (made.pk, [7])
    assert is_intact(kept)
    prompt = prompt_of(kept)
    assert (prompt.unit_id, str(prompt.period), prompt.bound) == (UNIT, "2026-10", 12.5)


def test_a_small_count_is_hidden():
    kept = frozen(alert(indicator="health.dengue_cases", value=1.0))["alert"]
    assert (kept["value"], kept["evidence"]["seen"]["value"], kept["evidence"]["seen"]["status"]) == (
        None,
        None,
        "suppressed",
    )


def test_a_bound_in_another_measure_judges_no_effect():
    kept = frozen(
        alert("public-administration.on_time_falling", "public-administration.on_time_returned", bound=-0.03)
    )
    assert prompt_of(kept).bound is None


def test_an_alert_of_a_silent_source_has_no_figure_but_can_prompt_an_order():
    made = alert(
        "operations.silent_source", labels={"contract": "health.notified_cases"}, period="", evidence={}
    )
    assert prompt_of(frozen(made)) is None
    assert proposal_of(made) is None


def test_the_procedure_of_the_rule_is_proposed_for_the_alerts_unit():
    assert "Phường Long An" in proposal_of(alert()).title
