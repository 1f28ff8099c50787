"""Rules on the alerts of a pack: that what they watch is there, and that somebody can act on them."""

from collections.abc import Iterator

from vamco.packs.alert_rule import ON_SUPPLY, AlertRule, FigureWatch, Kind, SupplyWatch
from vamco.packs.alert_scenario import FOLDER, files_of_tests
from vamco.packs.document import Document
from vamco.packs.indicator import Indicator
from vamco.packs.lint.pack_rules import Place
from vamco.packs.lint.rulebook import PackInFiles, file_rule
from vamco.packs.procedure import COMMUNE


@file_rule
def alerts_watch_what_is_there(pack: PackInFiles) -> Iterator[Place]:
    """An alert watches an indicator at a level and by a breakdown that it has, or contracts that there are."""
    contracts = {contract.id for contract in pack.beside.contracts}
    for rule, document in _placed(pack):
        if isinstance(rule.watch, SupplyWatch):
            unknown = [name for name in rule.watch.contracts if name not in contracts]
        else:
            unknown = list(_unknown(rule.watch, _indicator(rule, pack)))
        for name in unknown:
            yield document.path, document.line("watch"), {"name": name}


@file_rule
def alert_kinds_fit_what_they_watch(pack: PackInFiles) -> Iterator[Place]:
    """Silence and quality are of contracts, all else of figures; bands and a pace need an indicator that has them."""
    for rule, document in _placed(pack):
        indicator, kind = _indicator(rule, pack), rule.when.kind
        is_of_supply = isinstance(rule.watch, SupplyWatch)
        lacks_bands = kind is Kind.BANDS and indicator is not None and not indicator.bands
        lacks_targets = kind is Kind.PACE and indicator is not None and not indicator.targets
        if is_of_supply != (kind in ON_SUPPLY) or lacks_bands or lacks_targets:
            yield document.path, document.line("when", "kind"), {"name": kind.value}


@file_rule
def alert_bounds_are_indicators(pack: PackInFiles) -> Iterator[Place]:
    """A threshold that is an indicator is one of the same level and period."""
    known = {indicator.id: indicator for indicator in pack.beside.indicators}
    for rule, document in _placed(pack):
        bound, watched = rule.when.bound, known.get(rule.indicator)
        if not isinstance(bound, str) or watched is None:
            continue
        other = known.get(bound)
        if other is None or (other.level, other.period_type) != (watched.level, watched.period_type):
            yield document.path, document.line("when", "is"), {"name": bound}


@file_rule
def alert_bounds_have_a_source(pack: PackInFiles) -> Iterator[Place]:
    """A threshold that is a number says who set it."""
    for rule, document in _placed(pack):
        has_number = "is" in document.value["when"] and not isinstance(rule.when.bound, str)
        if has_number and not rule.when.source.strip():
            yield document.path, document.line("when", "is"), {"name": str(rule.when.bound)}


@file_rule
def alerts_name_known_agencies(pack: PackInFiles) -> Iterator[Place]:
    """An alert is answered by an agency of the province, or by the commune."""
    for rule, document in _placed(pack):
        agency = rule.respond.agency
        if pack.agencies is not None and agency not in {*pack.agencies, COMMUNE}:
            yield document.path, document.line("respond", "agency"), {"agency": agency}


@file_rule
def alerts_have_tests(pack: PackInFiles) -> Iterator[Place]:
    """Every alert has tests of its name, and all tests are of an alert."""
    tests = {path.stem: path for path in files_of_tests(pack.folder)}
    rules = {document.path.stem: document for _, document in _placed(pack)}
    for name in sorted(rules.keys() - tests.keys()):
        yield rules[name].path, 1, {"name": f"{FOLDER}/{name}.yaml"}
    for name in sorted(tests.keys() - rules.keys()):
        yield tests[name], 1, {"name": f"alerts/{name}.yaml"}


def _placed(pack: PackInFiles) -> Iterator[tuple[AlertRule, Document]]:
    yield from zip(pack.pack.alert_rules, pack.files.alert_rules, strict=True)


def _indicator(rule: AlertRule, pack: PackInFiles) -> Indicator | None:
    return next((one for one in pack.beside.indicators if one.id == rule.indicator), None)


def _unknown(watch: FigureWatch, indicator: Indicator | None) -> Iterator[str]:
    if indicator is None:
        yield watch.indicator
        return
    if watch.level not in {indicator.level, "province"}:
        yield watch.level
    column = watch.breakdown.partition("=")[0]
    if column and column not in {breakdown.column for breakdown in indicator.breakdowns}:
        yield column
