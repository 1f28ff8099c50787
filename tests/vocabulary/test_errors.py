"""One error shape: what happened, what was kept, what to do next."""

import pytest

from vamco.vocabulary import errors
from vamco.vocabulary.errors import Ambiguous, Forbidden, Misused, NotFound, Refused, Unreadable


@pytest.mark.parametrize(
    ("error", "exit_code", "http_status"),
    [
        (Refused, 1, 409),
        (NotFound, 1, 404),
        (Forbidden, 1, 403),
        (Unreadable, 1, 422),
        (Misused, 2, 400),
        (Ambiguous, 3, 300),
    ],
)
def test_every_error_knows_how_to_leave(error, exit_code, http_status):
    assert (error.exit_code, error.http_status) == (exit_code, http_status)
    assert issubclass(error, errors.VamcoError)


def test_an_error_says_the_same_thing_in_two_languages():
    error = Misused("vocabulary.bad_period", text="tháng 13")
    assert "tháng 13" in error.say("vi")["what"]
    assert "tháng 13" in error.say("en")["what"]
    assert error.say("vi") != error.say("en")
    assert error.say("vi")["kept"] == ""


def test_the_shape_for_programs_carries_id_words_and_details():
    shape = Misused("vocabulary.bad_period", text="x").as_dict("en")["error"]
    assert shape["id"] == "vocabulary.bad_period"
    assert shape["details"] == {"text": "x"}
    assert {"what", "kept", "next"} <= shape.keys()


def test_as_text_it_names_its_key_and_its_next_step():
    text = str(Misused("vocabulary.bad_period", text="x"))
    assert text.startswith("vocabulary.bad_period: ")
    assert "2026-11-22" in text
