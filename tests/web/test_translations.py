"""Vietnamese is written by hand inside translation tags, and everything has its English."""

import re

import polib
import pytest
import yaml
from tests import cast
from tests.web.wording import (
    WEB,
    loose_text,
    strings_of_code,
    strings_of_templates,
    templates,
    visible_text,
)

ENGLISH = polib.pofile(str(WEB / "locale/en/LC_MESSAGES/django.po"))
TRANSLATED = {entry.msgid for entry in ENGLISH if entry.translated()}
ALLOWED = {"km²", "emsp", "amp", "Vàm", "Cỏ"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w*)\}")
PAGES = ("/units/", "/units/27694/", "/datasets/", "/datasets/health.notified_cases/", "/deliveries/", "/deliveries/new/", "/account/", "/account/password/", "/", "/sign-in/", "/supply/", "/audit/")  # fmt: skip


def all_strings():
    return [*strings_of_templates(), *strings_of_code()]


def test_every_string_has_its_english():
    missing = {text for _, *texts in all_strings() for text in texts if text and text not in TRANSLATED}
    plurals = {entry.msgid_plural for entry in ENGLISH}
    assert sorted(missing - plurals) == []


def test_no_english_is_kept_for_words_that_nobody_says():
    said = {text for _, *texts in all_strings() for text in texts if text}
    assert sorted(TRANSLATED - said) == []


def test_both_languages_fill_the_same_places():
    uneven = [
        entry.msgid
        for entry in ENGLISH
        for english in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(english))
    ]
    assert uneven == []


@pytest.mark.parametrize("name", templates())
def test_no_template_says_a_word_outside_the_tags(name):
    words = re.findall(r"[^\W\d_]{2,}", loose_text(name).replace("&nbsp;", " "))
    assert [word for word in words if word not in ALLOWED] == []


def english_only_words() -> set[str]:
    """Words of four letters and more that our English uses and our Vietnamese never does."""
    entries = [
        entry
        for path in WEB.parent.rglob("messages.yaml")
        for entry in yaml.safe_load(path.read_text("utf-8")).values()
    ]
    vietnamese = " ".join([*(str(entry["vi"]) for entry in entries), *(entry.msgid for entry in ENGLISH)])
    english = " ".join([*(str(entry["en"]) for entry in entries), *(entry.msgstr for entry in ENGLISH)])
    words = re.compile(r"\b[a-z]{4,}\b")
    return set(words.findall(english.lower())) - set(words.findall(vietnamese.lower()))


@pytest.mark.django_db
def test_no_english_word_shows_on_a_vietnamese_page(client):
    client.force_login(cast.quan())
    english = english_only_words()
    assert len(english) > 100
    for page in PAGES:
        words = set(re.findall(r"\b[a-z]{4,}\b", visible_text(client.get(page).text)))
        assert sorted(words & english) == [], page


@pytest.mark.django_db
def test_the_english_pages_hold_no_vietnamese_of_ours(client):
    ours = {
        text for _, *texts in all_strings() for text in texts if text and "%" not in text and len(text) > 8
    }
    client.force_login(cast.quan())
    for page in PAGES:
        shown = client.get(f"{page}?lang=en").text
        assert [text for text in ours if f">{text}<" in shown] == [], page
