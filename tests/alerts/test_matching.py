import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.alerts.matching import Matcher, Operator, accept, read_matcher
from vamco.vocabulary.errors import Misused

LABELS = {"alertname": "InstanceDown", "zone": "aa", "unit": "28001"}


@pytest.mark.parametrize(
    ("written", "is_accepted"),
    [
        ('zone="aa"', True),
        ("zone=aa", True),
        ("zone = ab", False),
        ("zone!=ab", True),
        ('alertname=~"Instance.*"', True),
        ("alertname=~Instance", False),  # a pattern fits the whole value
        ("alertname!~Instance", True),
        ("alertname!~.+", False),
        ("missing=", True),  # an absent label counts as empty
        ("missing!=x", True),
        ("missing=~.+", False),
        ("missing!~.+", True),
    ],
)
def test_matchers_mean_what_prometheus_means_by_them(written: str, is_accepted: bool) -> None:
    assert read_matcher(written).accepts(LABELS) is is_accepted


@pytest.mark.parametrize("written", ["", "zone", "=aa", "zone==", "1zone=a b=c", 'zone="aa', 'zone="a"b"'])
def test_what_is_no_matcher_is_refused_with_its_text(written: str) -> None:
    if written == "zone==":  # the value is a lone equals sign: odd, but readable
        assert read_matcher(written).value == "="
        return
    with pytest.raises(Misused, match="bad_matcher"):
        read_matcher(written)


@pytest.mark.parametrize("pattern", ["(", "a" * 501])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(Misused, match="bad_pattern"):
        Matcher("zone", Operator.MATCHES, pattern)


@given(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text())
def test_a_matcher_reads_back_as_it_is_written(name: str, value: str) -> None:
    matcher = Matcher(name, Operator.EQUAL, value)
    assert read_matcher(str(matcher)) == matcher


def test_every_matcher_must_agree() -> None:
    both = [read_matcher("zone=aa"), read_matcher("unit=28002")]
    assert accept(both[:1], LABELS)
    assert not accept(both, LABELS)
