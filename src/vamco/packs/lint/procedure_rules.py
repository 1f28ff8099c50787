"""Rules on the procedures of a pack."""

from collections.abc import Iterator

from vamco.packs.lint.pack_rules import Place
from vamco.packs.lint.rulebook import PackInFiles, file_rule
from vamco.packs.procedure import COMMUNE


@file_rule
def procedures_answer_known_rules(pack: PackInFiles) -> Iterator[Place]:
    """A procedure answers rules of alerts that there are."""
    known = {rule.id for rule in pack.beside.alert_rules}
    for procedure, document in zip(pack.pack.procedures, pack.files.procedures, strict=True):
        for place, rule in enumerate(procedure.rules):
            if rule not in known:
                yield document.path, document.line("rules", place), {"name": rule}


@file_rule
def procedures_name_known_agencies(pack: PackInFiles) -> Iterator[Place]:
    """A procedure assigns to agencies of the province, or to the commune."""
    if pack.agencies is None:
        return
    for procedure, document in zip(pack.pack.procedures, pack.files.procedures, strict=True):
        for place, one in enumerate(procedure.assignments):
            if one.agency not in {*pack.agencies, COMMUNE}:
                yield document.path, document.line("assignments", place, "agency"), {"agency": one.agency}
