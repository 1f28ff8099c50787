"""A register that contradicts itself is not loaded, and the fault is named with file and line."""

import pytest

from vamco.geography.loading import load_register, province_folders, read_folders
from vamco.vocabulary.errors import NotFound, Refused

TWO = """
VN,1976-07-02,,Việt Nam,country,
80,2000-01-01,,Tỉnh A,province,VN
"""
OLD_AND_NEW = (
    TWO
    + """
001,2000-01-01,2010-01-01,Xã B,rural_commune,80
002,2010-01-01,,Xã C,rural_commune,80
003,2010-01-01,,Xã D,rural_commune,80
"""
)


def lines(text):
    return "\n".join(line for line in text.splitlines() if line.strip())


def faults(place):
    return [
        (fault.key.removeprefix("geography.check_"), fault.line) for fault in read_folders([place]).findings()
    ]


def test_the_shipped_registers_are_consistent(register):
    assert "tay-ninh" in register.version


@pytest.mark.parametrize(
    ("units", "edges", "expected"),
    [
        ("80,2001-01-01,2001-01-01,Tỉnh E,province,VN", "", ("empty_life", 4)),
        ("80,2001-01-01,,Tỉnh E,province,VN", "", ("overlap", 4)),
        ("001,1999-01-01,,Xã B,rural_commune,80", "", ("orphan", 4)),
        ("001,2000-01-01,,Xã B,rural_commune,99", "", ("orphan", 4)),
        ("001,2000-01-01,,Xã B,ward,80", "", ("kind", 4)),
        ("", "80@2000-01-01,81@2001-01-01,whole,2001-01-01,,", ("dangling", 2)),
    ],
)
def test_a_bad_unit_is_found(folder, units, edges, expected):
    place = folder(lines(TWO + units), edges)
    assert expected in faults(place)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("001@2000-01-01,002@2010-01-01,whole,2009-01-01,,", ("wrong_date", 2)),
        ("80@2000-01-01,002@2010-01-01,whole,2010-01-01,,", ("wrong_level", 2)),
        ("001@2000-01-01,002@2010-01-01,part,2010-01-01,,unknown", ("lone_part", 2)),
        (
            "001@2000-01-01,002@2010-01-01,whole,2010-01-01,,\n"
            "001@2000-01-01,003@2010-01-01,part,2010-01-01,,unknown",
            ("not_whole", 2),
        ),
        (
            "001@2000-01-01,002@2010-01-01,part,2010-01-01,,unknown\n"
            "001@2000-01-01,002@2010-01-01,part,2010-01-01,,unknown",
            ("twice", 3),
        ),
        (
            "001@2000-01-01,002@2010-01-01,part,2010-01-01,0.4,area\n"
            "001@2000-01-01,003@2010-01-01,part,2010-01-01,0.5,area",
            ("weights", 2),
        ),
        (
            "001@2000-01-01,002@2010-01-01,part,2010-01-01,0.4,area\n"
            "001@2000-01-01,003@2010-01-01,part,2010-01-01,0.6,population",
            ("weights", 2),
        ),
        (
            "001@2000-01-01,002@2010-01-01,part,2010-01-01,0.4,area\n"
            "001@2000-01-01,003@2010-01-01,part,2010-01-01,,unknown",
            ("weights", 2),
        ),
        ("001@2000-01-01,002@2010-01-01,whole,2010-01-01,1,", ("weights", 2)),
        ("001@2000-01-01,002@2010-01-01,whole,2010-01-01,,area", ("weights", 2)),
    ],
)
def test_a_bad_edge_is_found(folder, edges, expected):
    assert expected in faults(folder(lines(OLD_AND_NEW), edges))


def test_a_good_small_register_has_no_faults(folder):
    place = folder(
        lines(OLD_AND_NEW),
        "001@2000-01-01,002@2010-01-01,part,2010-01-01,0.4,area\n"
        "001@2000-01-01,003@2010-01-01,part,2010-01-01,0.6,area",
    )
    assert faults(place) == []


def test_loading_refuses_with_file_and_line_in_words(folder):
    place = folder(lines(TWO + "80,2001-01-01,,Tỉnh E,province,VN"))
    with pytest.raises(Refused, match=r"units\.csv:4") as error:
        load_register([place])
    assert error.value.details["faults"][0]["line"] == 4
    assert "80@2001-01-01" in error.value.say("en")["what"]


def test_an_unreadable_cell_is_named_with_its_line(folder):
    with pytest.raises(Refused, match="unreadable_row") as error:
        load_register([folder("VN,1976-13-02,,Việt Nam,country,")])
    assert error.value.details["line"] == 2


def test_a_province_without_a_register_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="no_register"):
        province_folders(tmp_path, "ca-mau")
