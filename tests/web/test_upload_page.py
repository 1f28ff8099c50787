"""The upload page says how periods of the chosen dataset are written."""

import re

import pytest
from tests import cast

pytestmark = pytest.mark.django_db
HINT = re.compile(r'<span data-hint-of="([\w.-]+)" (hidden)?>([^<]*)</span>')


def test_the_hint_is_of_the_chosen_dataset_and_others_wait(client):
    client.force_login(cast.quan())
    shown = client.get("/deliveries/new/?contract=health.notified_cases").text
    hints = {name: (not hidden, words) for name, hidden, words in HINT.findall(shown)}
    assert [name for name, (is_shown, _) in hints.items() if is_shown] == ["health.notified_cases"]
    assert re.search(r"được cấp mỗi tuần\. Kỳ vừa qua là Tuần \d+/\d{4}, viết \d{4}-W\d\d", str(hints))
    assert "không có lịch cấp. Ghi kỳ như Tháng 10/2026" in hints["health.provincial_disease_counts"][1]


def test_without_a_choice_the_hint_is_of_the_first_dataset(client):
    client.force_login(cast.hoa())
    shown = client.get("/deliveries/new/").text
    first = re.search(r'<option value="([\w.-]+)"', shown)
    assert [name for name, hidden, _ in HINT.findall(shown) if not hidden] == [first[1]]
