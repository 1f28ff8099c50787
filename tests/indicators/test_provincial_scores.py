"""Real scores of both old provinces (PCI, PAPI, DTI), through intake: the merged province is given none."""

import csv
import io
from datetime import date

import pytest
from tests.indicators.ledger import LONG_AN, OLD_TAY_NINH, TAY_NINH, declare, definition, indicator

from vamco.accounts.policy import PROGRAM
from vamco.geography.unit import Level
from vamco.indicators.catching_up import catch_up
from vamco.indicators.comparing import Kind, compare
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.intake.models import Channel
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one
from vamco.packs.indicator import Absence, Additivity, Aggregation, Measure
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period, PeriodType

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TODAY = date(2026, 11, 22)
TABLES = {
    "pci": ("pci.csv", "prov", "year", "pci_weighted", (2015, 2016)),
    "papi": ("papi.csv", "prov", "year", "papi_unweighted", (2015, 2016)),
    "dti": ("bang_1.csv", "TinhThanh", "Nam", "DTI_Tong", (2023, 2024)),
}
OURS = {"Long An": LONG_AN, "Tay Ninh": OLD_TAY_NINH, "Tây Ninh": OLD_TAY_NINH}
PACK = """slug: trial
title: {vi: Thử, en: Trial}
summary: {vi: Thử, en: Trial}
agency: so-noi-vu
version: 0.1.0
legal_basis: []
maturity: {contracts: done}
"""
CONTRACT = """apiVersion: v3.2.0
kind: DataContract
id: trial.scores
name: Điểm
version: 0.1.0
status: active
domain: trial
description: {purpose: Thử}
customProperties:
  - {property: titleEn, value: Scores}
  - {property: purposeEn, value: Trial}
  - {property: agency, value: so-noi-vu}
  - {property: drift, value: freeze}
  - property: legalBasis
    value: [{document: Luật Thống kê 89/2015/QH13, validFrom: "2016-07-01", verified: false}]
  - {property: openData, value: {method: none}}
slaProperties:
  - {property: frequency, value: 1, unit: year}
  - {property: latency, value: 5, unit: working_day}
  - {property: generalAvailability, value: "2010-01-01"}
schema:
  - name: scores
    logicalType: object
    dataGranularityDescription: Một dòng là một tỉnh.
    properties:
      - name: unit
        businessName: Tỉnh
        logicalType: string
        required: true
        primaryKey: true
        primaryKeyPosition: 1
        customProperties:
          - {property: titleEn, value: Province}
          - {property: kind, value: unit}
          - {property: identifier, value: true}
          - {property: unit, value: {namedBy: name, level: province, map: period}}
      - name: score
        businessName: Điểm
        logicalType: number
        customProperties: [{property: titleEn, value: Score}]
"""
SCORE = Measure(
    "trial.scores",
    Aggregation.PERCENTILE,
    column="score",
    percentile=50,
    unit="unit",
    absent=Absence.MISSING,
)
SCORES = indicator(
    "score",
    level="province",
    period_type=PeriodType.YEAR,
    over_units=Additivity.NONE,
    over_time=Additivity.NONE,
    definitions=(definition(numerator=SCORE),),
)


def kept(score):
    """Numbers are kept with nine decimals."""
    return pytest.approx(score, abs=2e-9)


@pytest.fixture(params=TABLES)
def table(request, shared):
    """Year → unit → score, straight from the file."""
    name, place, year, score, years = TABLES[request.param]
    found = {number: {} for number in years}
    with (shared / "public_admin" / name).open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row[place] in OURS and int(row[year]) in found:
                found[int(row[year])][row[place]] = float(row[score])
    return found


@pytest.fixture
def years(table, tmp_path, settings, monkeypatch):
    """The years of the table, delivered one by one."""
    settings.PACKS_DIR = tmp_path / "packs"
    contracts = settings.PACKS_DIR / "trial" / "contracts"
    contracts.mkdir(parents=True)
    (contracts.parent / "pack.yaml").write_text(PACK, "utf-8")
    (contracts / "scores.odcs.yaml").write_text(CONTRACT, "utf-8")
    for year, scores in table.items():
        rows = "".join(f"{place},{score}\n" for place, score in scores.items())
        stream = io.BytesIO(f"Tỉnh,Điểm\n{rows}".encode())
        delivery = receive(
            PROGRAM, SCORE.dataset, str(year), stream, f"{year}.csv", Channel.COMMAND_LINE
        ).delivery
        check_one(delivery, "test")
    declare(monkeypatch, SCORES)
    catch_up()
    return [Period.parse(str(year)) for year in table]


def test_scores_of_two_provinces_make_no_score_of_the_merged_one(years, table):
    reported = figures(Question(SCORES, tuple(years), Level.PROVINCE))
    assert {(int(str(f.period)), f.unit_id): f.value for f in reported} == {
        (year, OURS[place]): kept(score) for year, of in table.items() for place, score in of.items()
    }
    for figure in figures(Question(SCORES, tuple(years), Level.PROVINCE, map_on=TODAY)):
        assert (figure.unit_id, figure.value, figure.low, figure.high) == (TAY_NINH, None, None, None)
        assert figure.status is ObservationStatus.NOT_APPLICABLE
        assert "Long An" in figure.reason.say("vi")
        assert "Tây Ninh" in figure.reason.say("vi")


def test_the_verdict_says_why_the_merged_province_is_not_compared(years, table):
    first, last = table.values()
    question = Question(SCORES, (years[-1],), Level.PROVINCE)
    changes = {c.figure.unit_id: c.absolute for c in compare(question, Kind.YEAR_ON_YEAR)}
    assert changes == {OURS[place]: kept(score - first[place]) for place, score in last.items()}
    merged = Question(SCORES, (years[-1],), Level.PROVINCE, map_on=TODAY)
    (refused,) = compare(merged, Kind.YEAR_ON_YEAR)
    assert (refused.base, refused.absolute, refused.relative) == (None, None, None)
    assert refused.verdict.reason == "indicators.reason_not_combinable_over_units"
