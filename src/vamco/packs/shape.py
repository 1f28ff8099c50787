"""Whether the files of a pack have the form that the standard and the profile give them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import jsonschema_rs
import yaml
from jsonschema import Draft201909Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from vamco.packs.document import Document, Way
from vamco.packs.finding import Finding

_QUOTED: Final = re.compile(r"'([^']*)'")
_PROFILE: Final = "follows-the-profile"
_FORMATS: Final = Draft202012Validator.FORMAT_CHECKER


def customs(node: dict[str, Any]) -> dict[str, Any]:
    """The custom properties of a node that are ours: those of no other vendor, name → value."""
    return {e["property"]: e["value"] for e in node.get("customProperties", ()) if _is_ours(e)}


def misshapen_contract(document: Document) -> Iterator[Finding]:
    """What the Open Data Contract Standard, then our profile of it, objects to in a contract."""
    standard = list(_findings(document, "follows-the-standard", _standard(), document.value, ()))
    yield from standard
    if not standard:
        yield from _outside_profile(document)


def misshapen_pack(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of a `pack.yaml`."""
    return _findings(document, "follows-the-pack-form", _schema("pack"), document.value, ())


def misshapen_indicator(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of an indicator's file."""
    return _findings(document, "follows-the-indicator-form", _schema("indicator"), document.value, ())


def misshapen_alert(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of an alert rule's file."""
    return _findings(document, "follows-the-alert-form", _schema("alert"), document.value, ())


def misshapen_alert_test(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of the tests of an alert rule."""
    return _findings(document, "follows-the-alert-test-form", _schema("alert_test"), document.value, ())


def misshapen_procedure(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of a procedure's file."""
    return _findings(document, "follows-the-procedure-form", _schema("procedure"), document.value, ())


def misshapen_page(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of a `page.yaml`."""
    return _findings(document, "follows-the-page-form", _schema("page"), document.value, ())


class _Form:
    """A schema twice: one validator answers at once whether anything is wrong, the other says what."""

    def __init__(self, quick: jsonschema_rs.Validator, wordy: Validator) -> None:
        self._quick, self._wordy = quick, wordy

    def errors(self, value: Any) -> Iterator[ValidationError]:
        """What is wrong with the value."""
        if not self._quick.is_valid(value):
            yield from self._wordy.iter_errors(value)


@cache
def _standard() -> _Form:
    source = resources.files("open_data_contract_standard").joinpath("schema.json")
    schema = json.loads(source.read_text("utf-8"))
    return _Form(jsonschema_rs.Draft201909Validator(schema), Draft201909Validator(schema))


@cache
def _schema(name: str, part: str | None = None) -> _Form:
    source = resources.files("vamco.packs").joinpath("schemas", f"{name}.yaml")
    schema = yaml.load(source.read_text("utf-8"), yaml.CSafeLoader)
    if part:
        schema["$ref"] = f"#/$defs/{part}"
    quick = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return _Form(quick, Draft202012Validator(schema, format_checker=_FORMATS))


def _outside_profile(document: Document) -> Iterator[Finding]:
    yield from _part_findings(document, "contract", document.value, ())
    for place, table in enumerate(document.value.get("schema", ())):
        way: Way = ("schema", place)
        for number, column in enumerate(table.get("properties", ())):
            yield from _part_findings(document, "column", column, (*way, "properties", number))
        for number, check in enumerate(table.get("quality", ())):
            if check.get("engine") == "vamco":
                yield from _part_findings(document, "rule", check, (*way, "quality", number))
    yield from _service_level_findings(document)


def _part_findings(document: Document, part: str, node: dict[str, Any], way: Way) -> Iterator[Finding]:
    yield from _findings(document, _PROFILE, _schema("profile", f"{part}_form"), node, way)
    yield from _customs_findings(document, part, node, way)


def _customs_findings(document: Document, part: str, node: dict[str, Any], way: Way) -> Iterator[Finding]:
    entries = node.get("customProperties", [])
    place_of = {entry["property"]: place for place, entry in enumerate(entries)}
    for error in _schema("profile", part).errors(customs(node)):
        inside = tuple(error.absolute_path)
        value_way = ("customProperties", place_of[inside[0]], "value", *inside[1:]) if inside else ()
        yield _shape_finding(document, _PROFILE, (*way, *value_way), error)


def _service_level_findings(document: Document) -> Iterator[Finding]:
    entries = document.value.get("slaProperties")
    if entries is None:
        return
    levels = {entry["property"]: entry for entry in entries}
    place_of = {entry["property"]: place for place, entry in enumerate(entries)}
    for error in _schema("profile", "service_levels").errors(levels):
        inside = tuple(error.absolute_path)
        way = ("slaProperties", place_of[inside[0]], *inside[1:]) if inside else ("slaProperties",)
        yield _shape_finding(document, _PROFILE, way, error)


def _findings(document: Document, rule: str, schema: _Form, value: Any, way: Way) -> Iterator[Finding]:
    for error in schema.errors(value):
        yield _shape_finding(document, rule, (*way, *error.absolute_path), error)


def _shape_finding(document: Document, rule: str, way: Way, error: ValidationError) -> Finding:
    where = ".".join(map(str, way)) or document.path.name
    key, named = _words(error)
    return _finding(document, rule, way, key, {"where": where, "named": named})


def _words(error: ValidationError) -> tuple[str, str]:
    if error.validator in {"required", "additionalProperties", "unevaluatedProperties"}:
        key = "packs.shape_missing" if error.validator == "required" else "packs.shape_unknown"
        return key, ", ".join(_QUOTED.findall(error.message))
    if error.validator in {"enum", "const", "type", "pattern", "format"}:
        return "packs.shape_wanted", _listed(error.validator_value)
    return "packs.shape_other", error.message


def _listed(wanted: Any) -> str:
    return ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)


def _finding(document: Document, rule: str, way: Way, key: str, details: dict[str, Any]) -> Finding:
    return Finding(document.path, document.line(*way), rule, key, details)


def _is_ours(entry: dict[str, Any]) -> bool:
    return bool(entry.get("vendor", "vamco") == "vamco")
