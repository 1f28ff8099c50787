"""What prompted a directive, frozen: exactly what was seen, from which vintages, sealed by its SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from vamco.indicators.passport import passport
from vamco.indicators.question import Question

Frozen = dict[str, Any]
"""`kind` (figure or alert), `frozen_at`, the facts of the kind, and `sha256` over all of it."""

_ESSENTIAL: Final = ("figure", "title", "agency", "unit", "sentence", "delivery_ids")


def freeze_figure(question: Question) -> Frozen:
    """The one figure that the question asks for, as its passport tells it now, small counts hidden.

    Who reads a directive is not who may see cells; the vintages find the hidden number again.
    """
    told = passport(question).as_dict()
    definition = told["definition"] or {}
    facts = {name: told[name] for name in _ESSENTIAL}
    return _sealed(
        "figure",
        {
            **facts,
            "definition": {name: definition.get(name) for name in ("version", "formula", "legal_basis")},
            "vintages": [vintage["id"] for vintage in told["vintages"]],
        },
    )


def freeze_alert(alert: Mapping[str, Any]) -> Frozen:
    """The alert as it stood: its id, rule, labels, value, bound and own evidence, whatever it carries.

    What the effect is judged by are the keys `indicator`, `unit_id`, `period` and `bound` (unless `is_bound_of_figure`
    denies that it is one of the figure's own measure).
    """
    return _sealed("alert", {"alert": dict(alert)})


def is_intact(frozen: Frozen) -> bool:
    """Whether nobody changed it since it was frozen."""
    facts = {name: value for name, value in frozen.items() if name != "sha256"}
    return frozen.get("sha256") == _fingerprint(facts)


def _sealed(kind: str, facts: Mapping[str, Any]) -> Frozen:
    told = {"kind": kind, "frozen_at": timezone.now().isoformat(), **facts}
    plain: Frozen = json.loads(json.dumps(told, ensure_ascii=False, default=str))
    return {**plain, "sha256": _fingerprint(plain)}


def _fingerprint(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
