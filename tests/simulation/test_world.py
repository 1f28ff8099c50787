"""The made-up province: the same people on every map, and codes of the map of their day."""

from datetime import date

import pytest

from vamco.geography.unit import Level
from vamco.simulation.assets import ATTACK
from vamco.simulation.counters import SLUMPS, changes, returned
from vamco.simulation.epidemics import OUTBREAK, cases_begun, outbreak_pieces
from vamco.simulation.exchange import OUTAGE, SERVICES
from vamco.simulation.feeds.education import attendance
from vamco.simulation.feeds.information_security import endpoints
from vamco.simulation.feeds.sharing_platform import gateway_calls
from vamco.simulation.incidents import alerts
from vamco.vocabulary.period import Period

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_as_many_people_live_on_every_map(world):
    totals = {sum(world.people_by_code(day, 2025).values()) for day in world.maps}

    assert len(totals) == 1


@pytest.mark.parametrize(("on", "n_communes"), [(BEFORE, 280), (AFTER, 96)])
def test_each_piece_lies_in_a_commune_of_the_day(world, on, n_communes):
    known = {unit.code for unit in world.register.units_on(on, Level.COMMUNE)}
    told = {str(code) for code in world.codes(on)}

    assert told == known
    assert len(told) == n_communes


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_dossiers_carry_the_commune_of_the_day_they_were_received(world, on):
    for row in changes(world, on, on):
        if row["receiving_unit"]:
            codes = {str(code) for code in world.codes(row["received_at"].date())}
            assert row["receiving_unit"] in codes


def test_schools_and_machines_carry_the_commune_of_the_day(world):
    for rows, day in (
        (attendance(world, Period.parse("2025-W17")), "school_on"),
        (endpoints(world, Period.parse("2025-W30")), "counted_on"),
    ):
        assert rows
        for row in rows:
            assert row["unit"] is None or row["unit"] in {str(code) for code in world.codes(row[day])}


def test_dengue_is_far_above_its_season_where_the_outbreak_is(world):
    def cases(first_on: date, last_on: date) -> int:
        struck = outbreak_pieces(world)
        begun = cases_begun(world, first_on, last_on)
        return sum(struck[case.piece] for case in begun if case.disease.code == "A97")

    usual = cases(date(2025, 8, 25), date(2025, 9, 21))
    assert cases(date(2026, 8, 25), date(2026, 9, 21)) > 2.5 * usual
    assert OUTBREAK.begins_on.year == 2026


def test_the_attack_begins_with_letters_and_goes_on_with_connections(world):
    rows = alerts(world, Period.between(ATTACK.begins_on, ATTACK.ends_on))
    week = alerts(world, Period.between(date(2026, 9, 7), date(2026, 9, 13)))

    def called(of):
        return [row for row in of if row["alert_type"] == "kết nối máy chủ điều khiển"]

    assert len(called(rows)) > 30
    assert len(called(week)) < 5
    assert {row["agency"] for row in called(rows) if row["asset_code"] < "TS-0009"} >= {ATTACK.agency}
    first = min(row["detected_at"] for row in rows if row["alert_type"] == "lừa đảo")
    assert first.date() < ATTACK.calls_from_on


def test_communes_that_fell_behind_did_so_in_their_month(world):
    code, since_on = next(iter(SLUMPS.items()))

    def late(first_on: date, last_on: date) -> float:
        codes = world.codes(AFTER)
        here = [
            one
            for one in returned(world, first_on, last_on)
            if one.piece is not None and codes[one.piece] == code
        ]
        return sum(one.is_late for one in here) / len(here)

    assert late(date(2026, 1, 1), date(2026, 5, 31)) > late(date(2024, 9, 1), date(2025, 6, 15)) + 0.15
    assert since_on > AFTER
    assert set(SLUMPS) <= {str(code) for code in world.codes(AFTER)}


def test_the_merger_leaves_a_backlog(world):
    def late(first_on: date, last_on: date) -> float:
        told = [one.is_late for one in returned(world, first_on, last_on)]
        return sum(told) / len(told)

    assert late(date(2025, 7, 10), date(2025, 8, 10)) > 2 * late(date(2025, 3, 10), date(2025, 4, 10))


def test_counters_are_closed_at_weekends_and_over_tet(world):
    tet, sunday = date(2026, 2, 17), date(2026, 11, 15)
    for day in (tet, sunday):
        assert all(row["changed_at"].date() == day for row in changes(world, day, day))
        assert {row["channel"] for row in changes(world, day, day)} <= {"trực tuyến"}
        assert not list(returned(world, day, day))


def test_children_stay_away_beside_tet_and_nobody_is_called_to_school_on_it(world):
    assert attendance(world, Period.parse("2026-W08")) == []  # Tết Bính Ngọ is on 17 February 2026
    before = attendance(world, Period.parse("2026-W04"))
    after = attendance(world, Period.parse("2026-W09"))
    first_on = min(row["school_on"] for row in after)

    def share(rows):
        return sum(row["n_absent"] for row in rows) / sum(row["n_on_roll"] for row in rows)

    assert share([row for row in after if row["school_on"] == first_on]) > 1.5 * share(before)


def test_a_service_fails_on_its_day_and_one_is_never_called(world):
    rows = gateway_calls(world, Period.parse(OUTAGE.on.isoformat()))
    failed = [row for row in rows if row["service_code"] == OUTAGE.service]

    assert failed
    assert all(row["errors"] > row["calls"] / 5 for row in failed if row["calls"] > 50)
    assert {one.code for one in SERVICES} - {row["service_code"] for row in rows} == {"MP-DV-CONGDOAN"}
