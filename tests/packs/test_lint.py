"""Each rule catches its breach, on the right line, and lets the template through."""

import shutil
from pathlib import Path

import pytest

from vamco.packs.contract import Dimension
from vamco.packs.contract_file import contract_from
from vamco.packs.document import read_document
from vamco.packs.lint.check import check_pack
from vamco.packs.lint.rulebook import all_rules

ROOT = Path(__file__).parents[2]
AGENCIES = {"so-xay-dung"}
CONTRACT = "contracts/records.odcs.yaml"
CASES, PEOPLE, PER_CASE = (f"indicators/{name}.yaml" for name in ("cases", "people", "people_per_case"))
ALERT = "alerts/many_cases.yaml"
QUERY = '  - {version: 1, valid_from: "2020-01-01", valid_to: "2020-12-31", legal_basis: [], query: {file: q.sql, numerator: n}}\n'
CLEAN = "samples/records.csv"
UNIT = "{namedBy: code, level: commune, mapColumn: happened_on}"
HOLDS = "holds: count(*) > 0"
OPEN = "value: {method: none}"
BEFORE = "  - {property: openData"
WEIGHTS = "  - {property: qualityWeights, value: {rules: {required: 2}"
LAW = 'validFrom: "2025-07-01", verified: false}]'
SLA = 'slaProperties:\n  - {property: frequency, value: 1, unit: month}\n  - {property: latency, value: 5, unit: working_day}\n  - {property: generalAvailability, value: "2026-11-22"}\n'

# rule, file, what stands there, what is written instead
PROCEDURE = """
title: {vi: X, en: X}
text: {vi: X, en: X}
rules: [trial.nothing]
assignments:
  - {agency: nobody, lead: true, text: {vi: X, en: X}, within: 1 working_days}
"""
BREACHES = [
    ("codes-have-a-date", CONTRACT, UNIT, "{namedBy: code, level: commune}"),
    ("codes-have-a-date", CONTRACT, UNIT, UNIT.replace("}", ', mapOn: "2025-07-01"}')),
    ("references-lead-somewhere", CONTRACT, UNIT, UNIT.replace("happened_on", "nowhere")),
    ("references-lead-somewhere", CONTRACT, UNIT, UNIT.replace("happened_on", "n_people")),
    ("references-lead-somewhere", CONTRACT, UNIT, UNIT.replace("}", ", parentColumn: district}")),
    ("references-lead-somewhere", CONTRACT, "value: happened_on}\n", "value: record_code}\n"),
    ("references-lead-somewhere", CONTRACT, BEFORE, f"{WEIGHTS}, fields: {{nowhere: 2}}}}}}\n{BEFORE}"),
    ("words-are-in-both-languages", CONTRACT, "businessName: Số người", 'businessName: " "'),
    ("words-are-in-both-languages", CONTRACT, "name: Vụ việc", 'name: ""'),
    (
        "words-are-in-both-languages",
        CONTRACT,
        "description: Lần cấp có ít nhất một dòng.",
        'description: ""',
    ),
    (
        "codes-are-text",
        CONTRACT,
        "businessName: Mã xã\n        logicalType: string",
        "businessName: Mã xã\n        logicalType: integer",
    ),
    ("rows-have-a-key", CONTRACT, "primaryKeyPosition: 1", "primaryKeyPosition: 2"),
    ("rows-have-a-key", CONTRACT, "        primaryKey: true\n        primaryKeyPosition: 1\n", ""),
    ("rows-have-a-key", CONTRACT, "        required: true\n        primaryKey", "        primaryKey"),
    ("identifiers-are-declared", CONTRACT, "          - {property: identifier, value: true}\n", ""),
    ("personal-columns-stay-closed", CONTRACT, OPEN, "value: {method: whole, licence: CC-BY-4.0}"),
    ("open-data-has-a-licence", CONTRACT, OPEN, "value: {method: whole}"),
    (
        "minimum-counts-have-a-source",
        CONTRACT,
        OPEN,
        "value: {method: threshold, minimumCount: 5, licence: X, source: Y}",
    ),
    ("rules-can-be-run", CONTRACT, HOLDS, "holds: count(nowhere) > 0"),
    ("rules-can-be-run", CONTRACT, HOLDS, "holds: n_people > 0"),
    (
        "checks-are-run",
        CONTRACT,
        "        type: custom\n        engine: vamco",
        "        type: custom\n        engine: soda",
    ),
    ("names-are-used-once", CONTRACT, "name: n_people", "name: unit"),
    ("headers-mean-one-column", CONTRACT, "synonyms: [{synonym: Ngày}]", "synonyms: [{synonym: số người}]"),
    (
        "headers-mean-one-column",
        CONTRACT,
        "{property: titleEn, value: People}",
        '{property: titleEn, value: People}\n          - {property: aliasPatterns, value: ["ma .*"]}',
    ),
    ("patterns-run-everywhere", CONTRACT, "{maxLength: 40}", '{pattern: "a(?=b)"}'),
    ("limits-fit-their-column", CONTRACT, "{minimum: 0}", "{minimum: 5, maximum: 4}"),
    ("limits-fit-their-column", CONTRACT, "{minimum: 0}", "{minimum: 0.5}"),
    ("deliveries-are-due", CONTRACT, SLA, ""),
    ("id-says-where-it-stands", CONTRACT, "id: trial.records", "id: other.records"),
    ("id-says-where-it-stands", CONTRACT, "  - name: records", "  - name: other"),
    ("law-is-dated", CONTRACT, LAW, LAW.replace("}]", ', validTo: "2025-06-30"}]')),
    ("maturity-is-whole", "pack.yaml", "  page: done\n", ""),
    ("maturity-is-whole", "pack.yaml", "  page: done\n", "  page: done\n  beauty: done\n"),
    ("maturity-is-honest", "pack.yaml", "verified: todo", "verified: done"),
    ("slug-is-the-folder", "pack.yaml", "slug: trial", "slug: another"),
    ("files-have-fixed-names", "contracts/notes.txt", "", "x"),
    ("files-have-fixed-names", "notes.txt", "", "x"),
    ("alerts-watch-what-is-there", ALERT, "trial.cases", "trial.nothing"),
    ("alerts-watch-what-is-there", ALERT, "level: commune}", "level: commune, breakdown: nothing=x}"),
    (
        "alerts-watch-what-is-there",
        ALERT,
        "{indicator: trial.cases, level: commune}",
        "{contracts: [trial.nothing]}",
    ),
    ("alert-kinds-fit-what-they-watch", ALERT, "kind: threshold", "kind: quality"),
    ("alert-kinds-fit-what-they-watch", ALERT, "kind: threshold", "kind: pace"),
    ("alert-kinds-fit-what-they-watch", ALERT, "{indicator: trial.cases, level: commune}", "{contracts: []}"),
    ("alert-bounds-are-indicators", ALERT, '"> 20"', '"> trial.nothing"'),
    ("alert-bounds-have-a-source", ALERT, ", source: Mức ban đầu do dự án đặt", ""),
    ("alerts-name-known-agencies", ALERT, "so-xay-dung", "so-bi-mat"),
    (
        "alerts-have-tests",
        "alerts/more.yaml",
        "",
        (ROOT / f"src/vamco/packs/template/{ALERT}")
        .read_text("utf-8")
        .replace("$slug", "trial")
        .replace("$agency", "so-xay-dung"),
    ),
    (
        "alerts-have-tests",
        "tests/alerts/more.yaml",
        "",
        'scenarios: [{it: x, from: 2026-05, figures: {"1": [1]}, expect: [{at: "2026-06-08 08:00", states: {"1": normal}}]}]',
    ),
    ("follows-the-alert-form", ALERT, "severity: attention", "severity: terrible"),
    ("follows-the-alert-test-form", f"tests/{ALERT}", "normal}", "calm}"),
    ("samples-say-they-are-made-up", CLEAN, "mô phỏng", "thật"),
    ("samples-say-they-are-made-up", "samples/README.md", "mô phỏng", "thật"),
    ("samples-belong-to-a-contract", "samples/nothing.csv", "", "Dữ liệu mô phỏng\n"),
    ("samples-have-the-right-header", CLEAN, "Mã vụ việc,", "Mã lạ,"),
    ("samples-have-the-right-header", CLEAN, "Số người", "Họ tên"),
    ("agencies-are-registered", "pack.yaml", "so-xay-dung", "so-bi-mat"),
    ("agencies-are-registered", CONTRACT, "so-xay-dung", "so-bi-mat"),
    ("agencies-are-registered", CASES, "so-xay-dung", "so-bi-mat"),
    ("follows-the-indicator-form", CASES, "direction: lower", "direction: down"),
    ("follows-the-page-form", "page.yaml", "show: series", "show: pie"),
    ("page-shows-own-indicators", "page.yaml", "trial.people]", "trial.nothing]"),
    ("datasets-are-known", CASES, "trial.records", "trial.nothing"),
    ("columns-are-in-the-contract", CASES, "time: happened_on", "time: nowhere"),
    ("columns-are-in-the-contract", PEOPLE, "column: n_people", "column: n_people + sum(n_people)"),
    ("columns-are-in-the-contract", PEOPLE, "column: n_people", "column: n_people\n      where: nowhere > 1"),
    (
        "breakdowns-are-columns",
        CASES,
        "rank: 10",
        "rank: 10\nbreakdowns: [{column: nothing, title: {vi: x, en: y}}]",
    ),
    ("units-are-of-the-level", CASES, "unit: unit, ", ""),
    ("units-are-of-the-level", CASES, "unit: unit, ", "unit: record_code, "),
    ("additivity-fits", CASES, "over_time: additive", "over_time: ratio"),
    ("additivity-fits", PER_CASE, "over_units: ratio", "over_units: additive"),
    ("formula-can-be-read", PER_CASE, "A / B", "A / (B"),
    ("formula-can-be-read", PER_CASE, "A / B", "A / B + C"),
    ("formula-can-be-read", PER_CASE, "A / B", "random() * A / B"),
    ("formula-can-be-read", PER_CASE, "trial.people", "trial.nobody"),
    (
        "versions-do-not-overlap",
        CASES,
        "definitions:\n",
        'definitions:\n  - {version: 1, valid_from: "2020-01-01", legal_basis: [], query: {file: q.sql, numerator: n}}\n',
    ),
    ("bounds-are-indicators", CASES, '"> 20"', '"> trial.nothing"'),
    ("procedures-answer-known-rules", "procedures/a.yaml", "", PROCEDURE),
    ("procedures-name-known-agencies", "procedures/a.yaml", "", PROCEDURE),
    (
        "follows-the-procedure-form",
        "procedures/a.yaml",
        "",
        PROCEDURE.replace("lead: true", "lead: yes, boss: no"),
    ),
    ("queries-are-there", CASES, "definitions:\n", f"definitions:\n{QUERY}"),
]


def rules_broken(pack):
    return {finding.rule for finding in check_pack(pack, AGENCIES)}


def test_the_template_breaks_no_rule(pack):
    assert check_pack(pack, AGENCIES) == []


@pytest.mark.parametrize(("rule", "file", "old", "new"), BREACHES)
def test_a_breach_is_found_in_its_file(pack, rule, file, old, new):
    path = pack / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text("utf-8") if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new) if old else new, "utf-8")
    found = [finding for finding in check_pack(pack, AGENCIES) if finding.rule == rule]
    assert found, f"nothing found by {rule}, only {rules_broken(pack)}"
    assert {finding.file for finding in found} == {path}


def test_every_rule_has_a_breach_that_it_catches():
    by_two_files = {"queries-give-what-is-named"}  # has a test of its own below
    caught = by_two_files | {rule for rule, *_ in BREACHES if not rule.startswith("follows-")}
    assert {rule.id for rule in all_rules()} == caught


def test_every_rule_says_itself_in_one_sentence():
    assert [rule.id for rule in all_rules() if not rule.says.endswith(".") or "\n" in rule.says] == []


def test_a_finding_names_the_line_and_speaks_two_languages(pack):
    path = pack / CONTRACT
    path.write_text(path.read_text("utf-8").replace(UNIT, "{namedBy: code, level: commune}"), "utf-8")
    (finding,) = check_pack(pack, AGENCIES)
    lines = path.read_text("utf-8").splitlines()
    assert "namedBy: code, level: commune}" in lines[finding.line - 1]
    assert "bản đồ" in finding.say("vi")
    assert finding.as_dict("en")["rule"] == "codes-have-a-date"


def test_findings_come_in_the_order_of_file_and_line(pack):
    path = pack / CONTRACT
    text = path.read_text("utf-8").replace("identifier, value: true", "identifier, value: false")
    path.write_text(text.replace(HOLDS, "holds: nowhere"), "utf-8")
    findings = check_pack(pack, AGENCIES)
    assert [f.line for f in findings] == sorted(f.line for f in findings)
    assert len(findings) == 3


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("kind: DataContract", "kind: Other", "follows-the-standard"),
        ("logicalType: integer", "logicalType: whole", "follows-the-standard"),
        (
            "        logicalType: date\n",
            "        logicalType: date\n        colour: red\n",
            "follows-the-standard",
        ),
        ("logicalType: date", "logicalType: time", "follows-the-profile"),
        ("{property: titleEn, value: Commune}", "{property: titleVn, value: Commune}", "follows-the-profile"),
        ("          - {property: kind, value: unit}\n", "", "follows-the-profile"),
        ("value: freeze", "value: thaw", "follows-the-profile"),
        ("unit: month", "unit: fortnight", "follows-the-profile"),
        ("unit: working_day", "unit: d", "follows-the-profile"),
        ("severity: warning", "severity: shouting", "follows-the-profile"),
        ("{scope: delivery, ", "{scope: galaxy, ", "follows-the-profile"),
        ("name: happened_on", "name: HappenedOn", "follows-the-profile"),
        ('validFrom: "2025-07-01"', 'validFrom: "1/7/2025"', "follows-the-profile"),
    ],
)
def test_a_contract_of_another_form_is_found_before_any_rule_is_tried(pack, old, new, rule):
    path = pack / CONTRACT
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    findings = check_pack(pack, AGENCIES)
    assert {finding.rule for finding in findings} == {rule}
    changed = next(
        n
        for n, pair in enumerate(
            zip(text.splitlines(), path.read_text("utf-8").splitlines(), strict=False), 1
        )
        if pair[0] != pair[1]
    )
    assert any(abs(finding.line - changed) <= 8 for finding in findings)
    assert all(finding.say("vi") and finding.say("en") for finding in findings)


def test_a_property_of_another_vendor_is_left_alone(pack):
    path = pack / CONTRACT
    text = path.read_text("utf-8").replace(
        "  - {property: drift, value: freeze}\n",
        "  - {property: drift, value: freeze}\n  - {property: colour, value: red, vendor: somebody}\n",
    )
    path.write_text(text, "utf-8")
    assert check_pack(pack, AGENCIES) == []


def test_a_pack_file_of_another_form_is_found(pack):
    path = pack / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("agency: so-xay-dung\n", ""), "utf-8")
    assert rules_broken(pack) == {"follows-the-pack-form"}


def test_what_is_no_yaml_is_one_finding(pack):
    (pack / CONTRACT).write_text("a: [", "utf-8")
    (finding,) = check_pack(pack, AGENCIES)
    assert (finding.rule, finding.file) == ("is-yaml", pack / CONTRACT)
    assert finding.say("vi")


def test_without_a_register_of_agencies_none_is_unknown(pack):
    assert check_pack(pack) == []


def test_a_contract_may_say_why_nothing_is_due(pack):
    path = pack / CONTRACT
    because = "  - {property: unscheduledBecause, value: {vi: Một lần, en: Once}}\n"
    text = path.read_text("utf-8").replace("slaProperties:", "").replace(SLA.partition("\n")[2], "")
    path.write_text(text.replace("  - {property: openData", because + "  - {property: openData"), "utf-8")
    assert check_pack(pack, AGENCIES) == []


def test_a_contract_may_weigh_rules_criteria_and_fields(pack):
    path = pack / CONTRACT
    weights = f"{WEIGHTS}, criteria: {{accuracy: 3}}, fields: {{record_code: 2, '': 0.5}}}}}}\n"
    path.write_text(path.read_text("utf-8").replace(BEFORE, weights + BEFORE), "utf-8")
    assert check_pack(pack, AGENCIES) == []
    read = contract_from(read_document(path)).weights
    assert (read.of_rule("required"), read.of_rule("other")) == (2, 1)
    assert (read.of_criterion(Dimension.CORRECT), read.of_criterion(Dimension.LIVE)) == (3, 1)
    assert (read.of_field("record_code"), read.of_field("")) == (2, 0.5)


@pytest.mark.parametrize("wrong", ["fields: {record_code: 0}", "criteria: {beauty: 2}"])
def test_a_weight_is_above_zero_and_of_a_criterion_that_exists(pack, wrong):
    path = pack / CONTRACT
    path.write_text(path.read_text("utf-8").replace(BEFORE, f"{WEIGHTS}, {wrong}}}}}\n{BEFORE}"), "utf-8")
    assert rules_broken(pack) == {"follows-the-profile"}


def test_samples_are_wanted_clean_and_dirty(pack):
    (pack / "samples" / "records.dirty.csv").unlink()
    assert rules_broken(pack) == {"maturity-is-honest"}


def test_a_pack_without_contracts_or_samples_can_still_be_checked(pack):
    shutil.rmtree(pack / "contracts")
    shutil.rmtree(pack / "samples")
    shutil.rmtree(pack / "indicators")
    shutil.rmtree(pack / "alerts")
    shutil.rmtree(pack / "tests" / "alerts")
    (pack / "page.yaml").unlink()
    assert rules_broken(pack) == {"maturity-is-honest"}


def test_a_query_file_gives_the_columns_that_are_named_and_those_that_place_its_rows(pack):
    cases, file = pack / CASES, pack / "indicators" / "q.sql"
    cases.write_text(cases.read_text("utf-8").replace("definitions:\n", f"definitions:\n{QUERY}"), "utf-8")

    def objected(sql):
        file.write_text(sql, "utf-8")
        found = check_pack(pack, AGENCIES)
        return [f.details["columns"] for f in found if f.rule == "queries-give-what-is-named"]

    keys = "SELECT 'a' AS unit, NULL AS map_on, DATE '2020-01-01' AS period_start_on"
    assert objected(f"{keys}, 1 AS n_rows, 1 AS n, 2 AS more") == []
    assert objected(f"{keys}, 1 AS n") == [["n_rows"]]
    assert objected(f"{keys}, 1 AS n_rows") == [["n"]]
    assert objected("SELECT FROM WHERE") == [["unit", "map_on", "period_start_on", "n_rows", "n"]]
