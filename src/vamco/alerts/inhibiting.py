"""Inhibition: an alert that explains others keeps them quiet; no alert inhibits itself.

By rule, as Alertmanager has it: a source and a target, with labels that must be equal. By lineage:
a dead source keeps quiet exactly what is computed from it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from vamco.alerts.matching import Matcher, accept

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """While an alert fulfils `source`, those that fulfil `target` and share the `equal` labels are quiet."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()

    def key(self, labels: Labels) -> tuple[str, ...]:
        """What must be equal on both sides; an absent label counts as empty."""
        return tuple(labels.get(name, "") for name in self.equal)


@dataclass(frozen=True)
class Inhibition:
    """Rules together with the raised alerts that may inhibit; build one for each evaluation."""

    rules: tuple[InhibitRule, ...]
    _sources: tuple[dict[tuple[str, ...], list["_Source"]], ...] = field(repr=False)

    @classmethod
    def of(cls, rules: Iterable[InhibitRule], raised: Mapping[str, Labels]) -> "Inhibition":
        """The inhibition by these raised alerts: fingerprint → labels."""
        kept = tuple(rules)
        return cls(kept, tuple(_sources(rule, raised) for rule in kept))

    def inhibitor(self, labels: Labels) -> str | None:
        """The fingerprint of an alert that keeps these labels quiet, if one does."""
        for rule, sources in zip(self.rules, self._sources, strict=True):
            if not accept(rule.target, labels):
                continue
            # two alerts that are each both source and target would silence one another for ever
            is_both = accept(rule.source, labels)
            for source in sources.get(rule.key(labels), ()):
                if not (is_both and source.is_target):
                    return source.fingerprint
        return None


@dataclass(frozen=True, slots=True)
class _Source:
    fingerprint: str
    is_target: bool


def _sources(rule: InhibitRule, raised: Mapping[str, Labels]) -> dict[tuple[str, ...], list[_Source]]:
    found: dict[tuple[str, ...], list[_Source]] = {}
    for fingerprint, labels in raised.items():
        if accept(rule.source, labels):
            source = _Source(fingerprint, accept(rule.target, labels))
            found.setdefault(rule.key(labels), []).append(source)
    return found


def upstream(node: str, feeds: Mapping[str, Collection[str]]) -> list[str]:
    """All that `node` is made from, nearest first, itself excluded. `feeds`: node → what it is made from."""
    reached = {node: None}
    ring = [node]
    while ring:
        ring = [above for each in ring for above in sorted(feeds.get(each, ())) if above not in reached]
        reached.update(dict.fromkeys(ring))
    return list(reached)[1:]


def dead_source(node: str, dead: Collection[str], feeds: Mapping[str, Collection[str]]) -> str | None:
    """The nearest dead node that `node` is made from: it is quiet because of that one.

    Of nodes made from one another in a circle none is explained by another, so one always speaks.
    """
    suspects = [above for above in upstream(node, feeds) if above in dead]
    return next((above for above in suspects if node not in upstream(above, feeds)), None)
