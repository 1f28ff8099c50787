"""The codecs follow their standards; encodings are told by evidence or not at all."""

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.intake.reading.encodings import tcvn3, vni, windows1258
from vamco.intake.reading.encodings.detection import (
    declared_encoding,
    disguised_encoding,
    legacy_encoding,
    unicode_encoding,
)
from vamco.intake.reading.encodings.fonts import letters_of
from vamco.intake.reading.encodings.syllables import evidence, is_syllable
from vamco.vocabulary.errors import Misused, Unreadable

SENTENCE = (
    "Phản ánh: đường Nguyễn Huệ ngập nước, đề nghị xử lý. Ủy ban nhân dân phường Long An, Tây Ninh; "
    "giếng khoan, nghiêng, quýt, khuỷu tay, huyện Đức Huệ, thuở xưa"
)
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LOWER = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
UPPER = [letter.upper() for letter in LOWER]
ASCII = st.text(st.characters(max_codepoint=126, min_codepoint=32))


@given(st.lists(st.sampled_from(LOWER + list("bcdghklmnpqrstvx 0123456789,.;"))).map("".join))
def test_tcvn3_gives_back_every_lower_case_text(text):
    assert tcvn3.decode(tcvn3.encode(text)) == text


@given(st.lists(st.sampled_from(LOWER + UPPER + list("bcdBCD 019,.;"))).map("".join))
def test_windows_1258_gives_back_every_text(text):
    assert windows1258.decode(windows1258.encode(text)) == text


@given(st.lists(st.sampled_from(LOWER + UPPER + list("bcdBCD 019,.;"))).map("".join))
def test_vni_gives_back_every_text(text):
    assert vni.decode(vni.encode(text)) == text


@given(ASCII)
def test_plain_letters_are_the_same_in_all_encodings(text):
    assert {codec.decode(text.encode("ascii")) for codec in (tcvn3, vni, windows1258)} == {text}


def test_tcvn3_agrees_with_the_table_of_the_c_library():
    if shutil.which("iconv") is None:
        pytest.skip("needs iconv")
    letters = "".join(LOWER) + "ĂÂÊÔƠƯĐ"
    run = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"],
        input=tcvn3.encode(letters),
        capture_output=True,
        check=True,
    )
    assert unicodedata.normalize("NFC", run.stdout.decode()) == letters


def test_tcvn3_has_no_capitals_with_tones():
    with pytest.raises(UnicodeEncodeError):
        tcvn3.encode("Ủ")


def test_a_byte_that_tcvn3_leaves_undefined_is_refused():
    with pytest.raises(UnicodeDecodeError):
        tcvn3.decode(b"\xc0")


def test_vni_takes_the_case_from_the_base_letter():
    assert vni.decode("Phöôøng Taân An, THAØNH PHOÁ, Aù".encode("cp1252")) == "Phường Tân An, THÀNH PHỐ, Á"


@pytest.mark.parametrize(
    ("codec", "name"), [(tcvn3, "tcvn3"), (vni, "vni"), (windows1258, "windows-1258")], ids=str
)
def test_each_encoding_is_told_from_a_sentence(codec, name):
    assert legacy_encoding(codec.encode(SENTENCE.lower())) == name


@pytest.mark.parametrize("raw", ["caf\xe9, na\xefve".encode("latin-1"), bytes(range(0x80, 0x100)), b"a\xb5b"])
def test_bytes_that_prove_nothing_are_refused_rather_than_guessed(raw):
    with pytest.raises(Unreadable, match="read_unknown_encoding"):
        legacy_encoding(raw)


@pytest.mark.parametrize(("codec", "name"), [(tcvn3, "tcvn3"), (vni, "vni")], ids=str)
def test_legacy_bytes_saved_as_latin_letters_are_recognised(codec, name):
    assert disguised_encoding(codec.encode(SENTENCE.lower()).decode("latin-1")) == name


@pytest.mark.parametrize("text", [SENTENCE, unicodedata.normalize("NFD", SENTENCE), "Hà Nam, Hà Tây", "café"])
def test_unicode_text_is_never_taken_for_a_disguise(text):
    assert disguised_encoding(text) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_its_zeros_when_it_has_no_mark(encoding):
    assert unicode_encoding("ma,ten\n01,Long An\n".encode(encoding)) == encoding


def test_an_encoding_may_be_declared_under_its_other_names():
    assert [declared_encoding(name) for name in ("UTF8", "cp1258", "ABC", "VNI")] == [
        "utf-8",
        "windows-1258",
        "tcvn3",
        "vni",
    ]
    with pytest.raises(Misused):
        declared_encoding("klingon")


@pytest.mark.parametrize(
    "word", ["nghiêng", "quýt", "gì", "giếng", "quốc", "khuỷu", "thuở", "ươn", "uyên", "hoà", "hòa"]
)
def test_vietnamese_words_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["café", "ïve", "strö", "ếế", "bcđ"])
def test_other_words_are_not(word):
    assert not is_syllable(word)


def test_evidence_counts_each_marked_word_once():
    found = evidence("Tân Tân Tân An café")
    assert (found.n_syllables, found.n_marked) == (1, 2)


@pytest.mark.parametrize(
    ("font", "stored", "meant"),
    [
        (".VnTime", "QuyÕt to¸n", "Quyết toán"),
        (".VnArialH", "CÇn th¬", "CẦN THƠ"),
        (".VnArial NarrowH", "\xa0long an", "\xa0LONG AN"),
        ("VNI-Times", "Phöôøng Taân An", "Phường Tân An"),
        (".VnTime", "Sơn Hà", "Sơn Hà"),
        (".VnTimeH", "Tổng số", "Tổng số"),
        (".VnTime", "Tỉnh", "Tỉnh"),
        (".VnTime", tcvn3.encode("xây dựng chợ").decode("cp1258"), "xây dựng chợ"),
    ],
)
def test_a_font_tells_how_its_letters_are_meant(font, stored, meant):
    assert letters_of(font).read(stored) == meant


@pytest.mark.parametrize("font", ["Arial", "Times New Roman", "Verdana", "", "Vnu", "VNITimes"])
def test_other_fonts_are_left_alone(font):
    assert letters_of(font) is None
