"""The courses that made-up agencies take are ones that the table of transitions allows, and show every outcome."""

import pytest

from vamco.directives.transitions import Status, Verb, transition_of
from vamco.simulation.watching.orders import COURSES


@pytest.mark.parametrize("course", COURSES)
def test_a_course_goes_where_the_table_lets_it(course):
    status, before = Status.NEW, 0.0
    for part, verb, given in COURSES[course]:
        row = transition_of(verb)
        assert status in row.sources
        assert part > before
        assert all(getattr(given, field) for field in row.required)
        status, before = row.target or status, part


def test_courses_end_in_time_late_overdue_returned_and_unanswered():
    confirmed_at = {
        name: next((part for part, verb, _ in steps if verb is Verb.SUBMIT), None)
        for name, steps in COURSES.items()
    }
    assert any(part and part <= 1 for part in confirmed_at.values())
    assert any(part and part > 1 for part in confirmed_at.values())
    assert any(not steps for steps in COURSES.values())
    assert any(verb is Verb.RETURN for steps in COURSES.values() for _, verb, _ in steps)
