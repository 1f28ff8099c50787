"""The page about contracts and the guide to packs say all that the code knows."""

from pathlib import Path

import pytest
import yaml

from vamco.packs.contract_file import DIMENSIONS
from vamco.packs.lint.maturity_rules import MATURITY
from vamco.packs.lint.pack_rules import KNOWN_FILES
from vamco.packs.lint.rulebook import all_rules

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "contract-profile.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "how-to" / "viet-goi-giam-sat.md").read_text("utf-8")
PROFILE = yaml.safe_load((ROOT / "src/vamco/packs/schemas/profile.yaml").read_text("utf-8"))["$defs"]


@pytest.mark.parametrize("part", ["contract", "column", "rule", "implementation", "service_levels"])
def test_every_property_of_the_profile_is_on_the_page(part):
    assert [name for name in PROFILE[part]["properties"] if f"`{name}`" not in REFERENCE] == []


def test_every_key_of_a_unit_reference_is_on_the_page():
    keys = PROFILE["column"]["properties"]["unit"]["properties"].keys() - {"map"}
    assert [name for name in keys if f"`{name}`" not in REFERENCE] == []
    assert "`map: period`" in REFERENCE


def test_every_rule_stands_on_the_page_in_its_own_words():
    assert [rule.id for rule in all_rules() if f"| `{rule.id}` | {rule.says} |" not in REFERENCE] == []


def test_every_dimension_stands_on_the_page():
    assert [name for name in DIMENSIONS if f"`{name}`" not in REFERENCE] == []


def test_the_guide_names_every_file_and_every_rule_of_maturity():
    assert [name for name in KNOWN_FILES - {"README.md"} if name not in GUIDE] == []
    assert [name for name in MATURITY if f"`{name}`" not in GUIDE] == []


def test_every_key_of_an_indicator_and_of_a_page_is_on_its_page():
    form = (ROOT / "docs" / "reference" / "indicator-form.md").read_text("utf-8")
    keys = set()
    for name in ("indicator", "page"):
        schema = yaml.safe_load((ROOT / f"src/vamco/packs/schemas/{name}.yaml").read_text("utf-8"))
        parts = {k: v for k, v in schema["$defs"].items() if "properties" in v and k != "text"}
        keys |= {key for part in (schema, *parts.values()) for key in part["properties"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in form] == []


def test_every_key_of_an_alert_rule_and_of_its_tests_is_on_their_page():
    form = (ROOT / "docs" / "reference" / "alert-form.md").read_text("utf-8")
    files = [ROOT / f"src/vamco/packs/schemas/{name}.yaml" for name in ("alert", "alert_test")]
    named = {key for file in files for key in _keys(yaml.safe_load(file.read_text("utf-8")))}
    in_examples = {"repeat", "times", "vi", "en", "scenarios"}
    assert [key for key in sorted(named - in_examples) if f"`{key}`" not in form] == []


def _keys(node):
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for inner in node.values():
            yield from _keys(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _keys(inner)
