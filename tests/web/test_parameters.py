"""Days and moments as people write them, and the address that is worth passing on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import cast

from vamco.web.parameters import iso_of


@given(day=st.dates(min_value=date(1900, 1, 1)), mark=st.sampled_from("/.-"), pads=st.booleans())
def test_a_day_is_understood_however_it_is_marked(day, mark, pads):
    parts = [f"{n:02}" if pads else str(n) for n in (day.day, day.month)]
    assert iso_of(mark.join([*parts, str(day.year)])) == day.isoformat()
    assert iso_of(f"{day:%d%m}{day.year}") == day.isoformat()
    assert iso_of(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize("text", ["22/11/2026 9:05", "9:05 22/11/2026", "09:05\N{NO-BREAK SPACE}22/11/2026"])
def test_the_hour_may_stand_before_or_after_the_day(text):
    assert iso_of(text) == "2026-11-22T09:05"


@pytest.mark.parametrize(
    "text", ["1112026", "22/11/26", "22/11-2026", "31/02/2026", "00/01/2026", "hôm qua", ""]
)
def test_what_could_mean_several_days_or_none_is_not_guessed(text):
    assert iso_of(text) == text


@pytest.mark.parametrize(
    ("typed", "passed_on"),
    [
        ("/units/?q=&on=30%2F06%2F2025&level=commune", "/units/?q=&on=2025-06-30&level=commune"),
        ("/units/27694/?on=30.06.2025", "/units/27694/?on=2025-06-30"),
        ("/supply/?on=20112026", "/supply/?on=2026-11-20"),
        (
            "/datasets/health.notified_cases/?as_known_at=20/11/2026+14:05",
            "/datasets/health.notified_cases/?as_known_at=2026-11-20T14:05",
        ),
    ],
)
@pytest.mark.django_db
def test_a_day_typed_into_a_form_leads_to_the_address_in_iso(client, typed, passed_on):
    client.force_login(cast.lan())
    assert client.get(typed).headers["Location"] == passed_on
    assert client.get(passed_on).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/units/?on=31/02/2026",
        "/units/27694/?on=31/02/2026",
        "/supply/?on=31/02/2026",
        "/datasets/health.notified_cases/?as_known_at=31/02/2026",
    ],
)
@pytest.mark.django_db
def test_a_day_that_is_none_leaves_the_form_with_what_was_typed_and_what_to_write(client, address):
    client.force_login(cast.lan())
    answer = client.get(address, follow=True)
    assert answer.status_code == 400
    assert 'value="31/02/2026"' in answer.text
    assert "“31/02/2026” không phải" in answer.text
    assert "22/11/2026" in answer.text


@pytest.mark.django_db
def test_what_will_be_owed_years_from_now_is_not_reckoned(client):
    client.force_login(cast.lan())
    answer = client.get("/supply/?on=9999-12-31")
    assert answer.status_code == 400
    assert "còn quá xa" in answer.text
    assert 'name="on"' in answer.text


@pytest.mark.django_db
def test_no_field_leaves_its_words_to_the_browser(client):
    client.force_login(cast.quan())
    for address in (
        "/units/",
        "/units/27694/",
        "/supply/",
        "/deliveries/new/",
        "/datasets/health.notified_cases/",
    ):
        shown = client.get(address).text
        assert 'type="date' not in shown, address
        assert shown.count('type="file"') == shown.count("Chọn tệp"), address
