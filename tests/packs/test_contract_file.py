"""What the words of a contract file mean."""

from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest
from tests.packs.shipped import shipped_packs

from vamco.packs.contract import (
    Dimension,
    Drift,
    Kind,
    LegalBasis,
    Sensitivity,
    Strictness,
    UnitReference,
)
from vamco.packs.contract_file import contract_from
from vamco.packs.document import read_document
from vamco.vocabulary.observation import Nothing


@pytest.fixture
def packs():
    return shipped_packs()


def test_a_contract_says_who_owes_what_by_when(packs):
    contract = packs.contract("health.notified_cases")
    assert contract.agency == "trung-tam-kiem-soat-benh-tat"
    assert contract.pack == "health"
    assert contract.drift is Drift.FREEZE
    assert contract.period_column == "sent_on"
    assert contract.schedule.period_type == "week"
    assert contract.schedule.due_working_days == 1
    assert contract.schedule.starts_on == date(2024, 5, 1)
    assert contract.schedule.silent_after_days == 14
    assert contract.legal_basis[0] == LegalBasis("Thông tư 15/2026/TT-BYT", date(2026, 7, 1))
    assert contract.legal_basis[1].valid_to_on == date(2026, 6, 30)
    assert contract.open_data.method == "none"


def test_a_column_says_what_it_holds(packs):
    contract = packs.contract("health.notified_cases")
    case = contract.column("case_code")
    assert (case.kind, case.required, case.identifier, case.max_length) == (Kind.CODE, True, True, 40)
    assert case.sensitivity is Sensitivity.PERSONAL
    assert "Mã ca" in case.aliases
    assert contract.column("onset_on").minimum == "2000-01-01"
    assert contract.column("admitted_on").nothings["-"] is Nothing.NOT_APPLICABLE
    assert contract.column("reporting_class").choices == ("24 giờ", "48 giờ", "hằng tuần")
    assert contract.column("residence_unit").unit == UnitReference(
        named_by="code", level="commune", map_column="onset_on"
    )


def test_a_unit_named_by_name_may_be_blank_or_unknown(packs):
    contract = packs.contract("health.provincial_disease_counts")
    unit = contract.column("unit").unit
    assert (unit.named_by, unit.level, unit.when_blank) == ("name", "province", "VN")
    assert unit.on_unknown is Strictness.WARNING
    assert contract.column("disease_code").when_blank == "A97"
    assert contract.schedule is None
    assert contract.unscheduled_because is not None


def test_a_unit_without_a_day_of_its_own_is_judged_on_the_delivery_period(packs):
    unit = packs.contract("reference.provincial_budget").column("unit").unit
    assert (unit.map_on, unit.map_column) == (None, None)


def test_a_rule_says_what_must_hold(packs):
    rules = {rule.id: rule for rule in packs.contract("public-administration.dossiers").rules}
    assert rules["returned_after_received"].holds == "returned_at >= received_at"
    assert rules["returned_after_received"].strictness is Strictness.ERROR
    assert rules["pause_has_reason"].strictness is Strictness.WARNING
    assert rules["pause_has_reason"].dimension is Dimension.COMPLETE
    assert packs.contract("reference.population").rules[1].scope == "delivery"


def test_the_key_is_in_the_order_of_its_positions(packs):
    assert packs.contract("reference.population").key == ("unit", "map_on", "year", "measured_as")


def test_a_minimum_count_has_its_day_and_source(packs):
    open_data = packs.contract("public-administration.dossiers").open_data
    assert (open_data.method, open_data.minimum_count) == ("threshold", 5)
    assert open_data.valid_from_on == date(2026, 11, 22)
    assert open_data.source


def test_a_multiplier_is_exact(pack):
    path = pack / "contracts" / "records.odcs.yaml"
    text = path.read_text("utf-8").replace(
        "          - {property: unitOfMeasure, value: người}\n",
        '          - {property: unitOfMeasure, value: đồng}\n          - {property: multiplier, value: "0.1"}\n',
    )
    path.write_text(text, "utf-8")
    assert contract_from(read_document(path)).column("n_people").multiplier == Decimal("0.1")


def test_a_loaded_contract_cannot_be_changed(packs):
    with pytest.raises(FrozenInstanceError):
        packs.contract("health.notified_cases").version = "2"


def test_asking_for_a_column_that_is_not_there(packs):
    contract = packs.contract("health.notified_cases")
    assert not contract.has("patient_name")
    with pytest.raises(KeyError):
        contract.column("patient_name")
