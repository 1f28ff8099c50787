"""Made-up time runs forward and ends."""

from datetime import UTC, datetime, timedelta

from vamco.simulation.watching.timeline import Timeline

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_deeds_are_done_in_order_also_those_that_deeds_bring_and_none_after_the_end():
    timeline, done, turns = Timeline(START + 3 * HOUR), [], []

    def deed(name, *, brings=None):
        def do(at):
            done.append((name, at - START))
            if brings:
                timeline.at(at + HOUR, deed(brings))

        return do

    timeline.at(START + 2 * HOUR, deed("second", brings="too late by an hour"))
    timeline.at(START + 2 * HOUR, deed("third"))
    timeline.at(START, deed("first", brings="between"))
    timeline.at(START + 4 * HOUR, deed("never"))
    timeline.run(lambda: turns.append(1))
    assert [name for name, _ in done] == ["first", "between", "second", "third", "too late by an hour"]
    assert [at for _, at in done] == sorted(at for _, at in done)
    assert len(turns) == len(done)
