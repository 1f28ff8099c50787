"""A delivery as a whole, over all its parts: where every row of its first file stands now, and the score of that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
from django.conf import settings

from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked
from vamco.intake.checking.returned import OPEN
from vamco.intake.checking.tables import FINDINGS, ORIGINAL, ROWS
from vamco.intake.findings import delivery_rule_scores
from vamco.intake.models import Delivery, Receipt, State
from vamco.intake.scoring import RuleScore, Score, score_of
from vamco.packs.contract import Contract

_FILE: Final = "standing.parquet"  # what each rule finds in each row now
_STANDING: Final = "standing"
_RULES: Final = "_rules"


@dataclass(frozen=True, slots=True)
class Whole:
    """The rows of the first file by what became of them, and how well the rules are kept now.

    `n_received` = `n_accepted` + `n_rejected` + `n_duplicates`; the accepted ones are those of all parts.
    `n_dropped` of the rejected were dropped by their sender; the others wait to be corrected.
    """

    n_received: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    n_dropped: int
    score: Score
    rules: tuple[RuleScore, ...]

    @property
    def n_open(self) -> int:
        """Rows that wait to be corrected."""
        return self.n_rejected - self.n_dropped

    def as_dict(self) -> dict[str, Any]:
        """The whole as JSON can carry it."""
        return {
            "counts": {
                "received": self.n_received,
                "accepted": self.n_accepted,
                "rejected": self.n_rejected,
                "declared_duplicates": self.n_duplicates,
                "dropped": self.n_dropped,
            },
            "score": self.score.as_dict(),
            "rules": [rule.as_dict() for rule in self.rules],
        }


def whole_of(delivery: Delivery) -> Whole | None:
    """The delivery as its checked parts have left it; None before its first readable check."""
    receipt = latest_readable(delivery)
    return None if receipt is None else _whole(receipt)


def latest_readable(delivery: Delivery) -> Receipt | None:
    """The last receipt that says anything of the delivery's rows."""
    readable = Receipt.objects.filter(part__delivery=delivery).exclude(outcome=State.UNREADABLE)
    return readable.order_by("id").last()


def _whole(receipt: Receipt) -> Whole:
    told = receipt.report["whole"]
    return Whole(
        n_received=told["counts"]["received"],
        n_accepted=told["counts"]["accepted"],
        n_rejected=told["counts"]["rejected"],
        n_duplicates=told["counts"]["declared_duplicates"],
        n_dropped=told["counts"].get("dropped", 0),
        score=Score.from_dict(told["score"]),
        rules=tuple(map(RuleScore.from_dict, told["rules"])),
    )


def after_first_part(
    connection: duckdb.DuckDBPyConnection,
    checked: Checked,
    rules: Sequence[RuleScore],
    score: Score,
    folder: Path,
) -> Whole:
    """The whole as its first part alone makes it; what rows have against them is kept in the folder."""
    _write(connection, _found(connection, checked), folder)
    return Whole(
        n_received=checked.n_received,
        n_accepted=checked.n_accepted,
        n_rejected=checked.n_rejected,
        n_duplicates=checked.n_duplicates,
        n_dropped=0,
        score=score if checked.n_accepted else score.not_applicable(),
        rules=tuple(rules),
    )


def after_returned_rows(
    connection: duckdb.DuckDBPyConnection,
    checked: Checked,
    contract: Contract,
    receipt: Receipt,
    n_open: int,
    folder: Path,
) -> Whole:
    """The whole with the rows that came back; `receipt` is the one before, `n_open` what is refused still.

    Where the rules about the whole refuse the part, everything stays as it was.
    """
    before, was = _whole(receipt), Path(settings.HOME) / receipt.folder / _FILE
    standing = f"read_parquet({sql.literal(str(was))})"
    if checked.is_refused_whole:
        _write(connection, f"FROM {standing}", folder)
        return before
    _write(connection, _replaced(connection, checked, standing), folder)
    rules = _rules_now(before, checked, _n_bad(connection))
    score, n_accepted = score_of(rules, contract), before.n_accepted + checked.n_accepted
    return Whole(
        n_received=before.n_received,
        n_accepted=n_accepted,
        n_rejected=n_open + before.n_dropped + checked.n_dropped,
        n_duplicates=before.n_duplicates + checked.n_duplicates,
        n_dropped=before.n_dropped + checked.n_dropped,
        score=score if n_accepted else score.not_applicable(),
        rules=tuple(rules),
    )


def _found(connection: duckdb.DuckDBPyConnection, checked: Checked) -> str:
    """SELECT of what each scored rule found in each row of this part."""
    connection.execute(sql.create_empty(_RULES, "fault INTEGER, field VARCHAR, rule VARCHAR"))
    scored = [
        (number, fault.column, fault.rule)
        for number, fault in enumerate(checked.faults)
        if fault.dimension is not None
    ]
    sql.insert_rows(connection, _RULES, scored)
    return sql.select(["row_no", "field", "rule"], f"{FINDINGS} JOIN {_RULES} USING (fault)")


def _replaced(connection: duckdb.DuckDBPyConnection, checked: Checked, standing: str) -> str:
    """SELECT of the standing with rows that came back, once, judged by what they hold now."""
    back = sql.select(
        [f"{ORIGINAL} AS original", "min(row_no) AS row_no"],
        ROWS,
        f"{ORIGINAL} IN (FROM {OPEN} SELECT row_no)",
        group_by=ORIGINAL,
        having="count(*) = 1",
    )
    now = sql.select(
        ["b.original AS row_no", "field", "rule"],
        f"({_found(connection, checked)}) AS f JOIN ({back}) AS b USING (row_no)",
    )
    kept = sql.select(
        ["*"], standing, f"row_no NOT IN ({sql.select(['original'], sql.within(back, 'back'))})"
    )
    return f"{kept} UNION ALL {now}"


def _write(connection: duckdb.DuckDBPyConnection, query: str, folder: Path) -> None:
    connection.execute(sql.create_table(_STANDING, query))
    connection.execute(f"COPY {_STANDING} TO {sql.literal(str(folder / _FILE))} (FORMAT parquet)")


def _n_bad(connection: duckdb.DuckDBPyConnection) -> Counter[tuple[str, str]]:
    counted = sql.select(["field", "rule", "count(*)"], _STANDING, group_by="ALL")
    return Counter({(field, rule): n for field, rule, n in connection.execute(counted).fetchall()})


def _rules_now(before: Whole, checked: Checked, n_bad: Counter[tuple[str, str]]) -> list[RuleScore]:
    """Rules about rows by what stands against them, rules about the delivery by this check, others as they were."""
    of_delivery = list(delivery_rule_scores(checked))
    asked_again = {rule.rule for rule in of_delivery}
    return [
        *(
            replace(rule, n_conforming=max(0, rule.n_evaluated - n_bad[rule.field, rule.rule]))
            if rule.is_of_rows
            else rule
            for rule in before.rules
            if rule.rule not in asked_again
        ),
        *of_delivery,
    ]
