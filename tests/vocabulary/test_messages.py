"""Words are kept as data beside the code that speaks."""

import pytest

from vamco.vocabulary.messages import message, say


def test_a_message_has_three_parts_and_those_without_words_are_empty():
    parts = message("vocabulary.bad_setting", "en", {"name": "A", "value": "b", "wanted": "c"})
    assert list(parts) == ["what", "kept", "next"]
    assert parts["kept"] == ""


def test_a_message_of_one_text_is_all_what():
    assert message("packs.n_findings", "en", {"n": 3}) == {"what": "3 findings.", "kept": "", "next": ""}


def test_lists_are_shown_joined():
    assert "a, b" in say("vocabulary.bad_period", "en", text=["a", "b"])


@pytest.mark.parametrize("key", ["vocabulary.nobody_wrote_this", "vocabulary."])
def test_words_that_nobody_wrote_are_a_fault(key):
    with pytest.raises(KeyError):
        message(key, "vi", {})


def test_a_detail_that_is_missing_is_a_fault():
    with pytest.raises(KeyError):
        message("vocabulary.bad_period", "vi", {})
