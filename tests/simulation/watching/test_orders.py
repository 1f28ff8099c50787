"""The courses that made-up agencies take are ones that the table of transitions allows, and show every outcome."""

import pytest

from vamco.directives.transitions import Status, Verb, transition_of
from vamco.simulation.watching.orders import DONE, NOT_DONE, courses


def end_of(course):
    status, before = Status.NEW, 0.0
    for part, verb, given in course:
        row = transition_of(verb)
        assert status in row.sources
        assert part > before
        assert all(getattr(given, field) for field in row.required)
        status, before = row.target or status, part
    return status


@pytest.mark.parametrize("course", DONE)
def test_what_is_carried_out_ends_confirmed_by_the_table(course):
    assert end_of(course) is Status.COMPLETED


def test_what_is_left_undone_is_begun_returned_or_not_even_answered():
    assert list(map(end_of, NOT_DONE)) == [Status.IN_PROGRESS, Status.RETURNED, Status.NEW]


def test_some_are_in_time_some_late_and_some_directives_are_wholly_done():
    handed_in = [next(part for part, verb, _ in course if verb is Verb.SUBMIT) for course in DONE]
    assert min(handed_in) < 1 < max(handed_in)
    is_done = [all(course in DONE for course in courses(number, 3)) for number in range(9)]
    assert is_done == [False, True, True] * 3
    assert {courses(number, 3)[-1] for number in (0, 3, 6)} == set(NOT_DONE)
