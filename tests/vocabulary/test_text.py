"""Vietnamese text made comparable, never changed where it is stored."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from vamco.vocabulary.text import Text, fold, nfc, with_written_days


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_does_not_see_how_marks_are_encoded(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_marks_case_and_spaces_do_not_count():
    assert fold("  THỊ  XÃ\u00a0Kiến Tường ") == fold("thị xã kiến tường") == "thi xa kien tuong"
    assert fold("Đức Hòa") == fold("ĐỨC HOÀ") == "duc hoa"


def test_stored_text_is_composed():
    assert nfc("Hòa") == "Hòa"
    assert len(nfc("ệ")) == 1


def test_a_text_is_shown_in_vietnamese_unless_english_is_asked_for():
    text = Text("Tháng", "Month")
    assert (str(text), text.in_("vi"), text.in_("en")) == ("Tháng", "Tháng", "Month")


def test_days_are_written_as_readers_do_and_quotations_stay():
    said = "“2026-11-31” không phải ngày trong kỳ (2026-11-01 đến 2026-11-30); tệp SC-2026-11-022"
    shown = "“2026-11-31” không phải ngày trong kỳ (01/11/2026 đến 30/11/2026); tệp SC-2026-11-022"
    assert (with_written_days(said, "vi"), with_written_days(said, "en")) == (shown, said)
