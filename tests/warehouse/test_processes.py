"""Several processes on one warehouse, some of them killed."""

import random
import time

import pytest
from tests.warehouse.crew import ROWS, Crew
from tests.warehouse.deliveries import CASES, COLUMNS, ask

from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.schema import declare
from vamco.warehouse.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crew(tmp_path):
    declare(CASES, COLUMNS, sort=["commune"])
    crew = Crew(tmp_path)
    yield crew
    crew.close()


def acknowledged(crew, *names):
    lines = [line.split()[0] for name in names for line in crew.log(name)]
    return [int(word) for word in lines if word.isdigit()]


def whole_deliveries():
    rows = ask(
        "SELECT delivery_id, count(*), sum(n) FROM health.cases GROUP BY delivery_id ORDER BY delivery_id"
    )
    assert all(row[1:] == (len(ROWS), 6) for row in rows)
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("n_writers", "n_deliveries"),
    [pytest.param(2, 6, id="few"), pytest.param(4, 60, id="many", marks=pytest.mark.slow)],
)
def test_writers_a_reader_and_a_compactor_disturb_each_other_in_nothing(
    crew, tmp_path, n_writers, n_deliveries
):
    stop = tmp_path / "stop"
    crew.start("read", "reader", until=str(stop))
    crew.start("compact", "compactor", until=str(stop))
    writers = [f"writer-{n}" for n in range(n_writers)]
    for n, name in enumerate(writers):
        crew.start("write", name, first=100 * (n + 1), n=n_deliveries)
    crew.start("write", "restater", first=1000, n=n_deliveries, restate=True)
    crew.wait(*writers, "restater")
    stop.touch()
    crew.wait("reader", "compactor")
    for name in (*writers, "restater", "reader", "compactor"):
        assert crew.log(name)[-1] == "done", crew.log(name)[-20:]
    assert not [line for line in crew.log("reader") if line.startswith("torn")]
    expected = [*sorted(acknowledged(crew, *writers)), 1000 + n_deliveries - 1]
    assert whole_deliveries() == expected
    assert len(expected) == n_writers * n_deliveries + 1
    report = verify()
    assert report.faults == ()
    assert report.n_entries == (n_writers + 1) * n_deliveries


@pytest.mark.parametrize(
    "n_kills", [pytest.param(6, id="few"), pytest.param(50, id="many", marks=pytest.mark.slow)]
)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(crew, n_kills):
    n_each = 30 * n_kills  # more than they can deliver before the last kill
    names = ("east", "west")
    first = {"east": 1, "west": 1 + n_each}

    def go_on(name):
        """Start where the log ends: the delivery that was under way is delivered again."""
        done = acknowledged(crew, name)
        crew.start("write", name, first=max(done, default=first[name] - 1) + 1, n=n_each - len(done))

    for name in names:
        go_on(name)
    for _ in range(n_kills):
        time.sleep(random.uniform(0.01, 0.12))
        name = random.choice(names)
        crew.kill(name)
        lost = set(acknowledged(crew, *names)) - set(
            LedgerEntry.objects.values_list("delivery_id", flat=True)
        )
        assert not lost
        go_on(name)
    for name in names:
        crew.kill(name)
    report = verify()
    assert report.faults == ()
    assert set(acknowledged(crew, *names)) <= set(whole_deliveries())
    assert not [line for name in names for line in crew.log(name) if line.startswith("failed")]
