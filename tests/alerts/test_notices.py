from datetime import UTC, datetime

import pytest

from vamco.alerts.grouping import NoticeKind
from vamco.alerts.notices import Told, body_of, title_of
from vamco.vocabulary.messages import LANGUAGES
from vamco.vocabulary.severity import Severity

NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("kind", [*NoticeKind, "escalated"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_notice_has_words_in_both_languages(kind, language) -> None:
    assert "Sốt xuất huyết" in title_of(
        Told(kind, Severity.SEVERE, "Sốt xuất huyết", "Sở Y tế", NOON), language
    )


def test_a_notice_tells_how_many_since_when_who_acts_and_where_to_read_on() -> None:
    told = Told("raised", Severity.SEVERE, "x", "Sở Y tế", NOON, 3, 1, "http://localhost/watch/7")
    assert body_of(told, "vi").splitlines() == [
        "Đang báo động: 3. Đã hết: 1. Từ 12:00 05/01/2026. Cơ quan xử lý: Sở Y tế.",
        "http://localhost/watch/7",
    ]


def test_a_simulated_notice_says_so_first_and_no_title_outgrows_its_column() -> None:
    told = Told("raised", Severity.SEVERE, "x" * 400, "Sở Y tế", NOON, is_simulated=True)
    assert title_of(told, "vi").startswith("[MÔ PHỎNG] ")
    assert len(title_of(told, "vi")) == 300
