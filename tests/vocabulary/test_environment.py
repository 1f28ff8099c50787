"""Settings are read with a type, and a bad one is refused by name."""

from pathlib import Path

import pytest

from vamco.vocabulary.environment import Setting
from vamco.vocabulary.errors import Misused

PORT = Setting("VAMCO_PORT", "8722", "Port.")
HTTPS = Setting("VAMCO_HTTPS", "no", "Whether the server stands behind HTTPS.")


def test_an_unset_or_empty_variable_has_its_default():
    assert PORT.text({}) == PORT.text({"VAMCO_PORT": ""}) == "8722"
    assert PORT.integer({}) == 8722


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("TRUE", True), ("0", False), ("No", False)])
def test_yes_and_no_are_read_in_several_spellings(written, meant):
    assert HTTPS.boolean({"VAMCO_HTTPS": written}) is meant


def test_a_bad_value_is_refused_with_the_form_wanted():
    with pytest.raises(Misused) as refusal:
        PORT.integer({"VAMCO_PORT": "eighty"})
    assert refusal.value.details["name"] == "VAMCO_PORT"
    with pytest.raises(Misused):
        HTTPS.boolean({"VAMCO_HTTPS": "perhaps"})


def test_a_path_is_absolute():
    home = Setting("VAMCO_HOME", "./var", "Home.")
    assert home.path({}) == Path.cwd() / "var"
    assert home.path({"VAMCO_HOME": "~/x"}) == Path.home().resolve() / "x"
