"""Rules across cells: SQL expressions that a contract declares, checked to be nothing more than that."""

from collections.abc import Iterator
from typing import Final

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError

from vamco.intake.checking.fault import Fault
from vamco.packs.contract import Contract, Rule
from vamco.vocabulary.errors import Refused

_NOT_OURS: Final = (
    exp.Query,
    exp.Table,
    exp.Command,
    exp.DDL,
    exp.DML,
    exp.Placeholder,
    exp.Parameter,
    exp.Star,
)
_UNSAFE: Final = (
    "read_",
    "glob",
    "getenv",
    "current_setting",
    "query",
    "getvariable",
    "parquet_",
    "duckdb_",
    "sniff_",
)


def row_rule_faults(contract: Contract) -> list[Fault]:
    """A fault for each rule that must be true of every row; null counts as true."""
    return [
        _fault(rule, f"NOT COALESCE(({expression(rule, contract)}), TRUE)")
        for rule in contract.rules
        if rule.scope == "row"
    ]


def delivery_rules(contract: Contract) -> Iterator[tuple[Fault, str]]:
    """Each rule about a delivery as a whole: its fault, and SQL that is true where it holds."""
    for rule in contract.rules:
        if rule.scope == "delivery":
            yield _fault(rule, ""), f"COALESCE(({expression(rule, contract)}), TRUE)"


def expression(rule: Rule, contract: Contract) -> str:
    """The rule's expression, its columns quoted. Raises `Refused` when it is more than an expression."""
    try:
        tree = parse_one(rule.holds, dialect="duckdb")
    except ParseError as error:
        raise Refused("intake.bad_rule", contract=contract.id, rule=rule.id, reason=str(error)) from error
    stars = [star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    others = [node for node in tree.find_all(*_NOT_OURS) if not isinstance(node, exp.Star)]
    unknown = [column.name for column in tree.find_all(exp.Column) if not contract.has(column.name)]
    called = [call.name.lower() for call in tree.find_all(exp.Anonymous)]
    unsafe = [name for name in called if name.startswith(_UNSAFE)]
    if stars or others or unknown or unsafe:
        reason = ", ".join([*unknown, *unsafe, *(node.sql("duckdb") for node in (*stars, *others))])
        raise Refused("intake.bad_rule", contract=contract.id, rule=rule.id, reason=reason)
    for column in tree.find_all(exp.Column):
        column.replace(exp.column(column.name, quoted=True))
    return tree.sql("duckdb")


def _fault(rule: Rule, when: str) -> Fault:
    return Fault(
        "rule_broken",
        "row-constraint" if when else "table-constraint",
        header=rule.title.vi,
        when=when,
        strictness=rule.strictness,
        dimension=rule.dimension,
        details={"rule": rule.id, "title": rule.title.as_dict()},
    )
