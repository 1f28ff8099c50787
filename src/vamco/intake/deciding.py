"""A part of a delivery from its bytes to its decision: read, check, stage, receipt, accept in one transaction."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
from django.conf import settings

from vamco.geography.loading import province_register
from vamco.geography.resolver import Resolver
from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked, check
from vamco.intake.checking.fetching import fetch_texts
from vamco.intake.checking.returned import OPEN
from vamco.intake.checking.tables import ACCEPTED
from vamco.intake.checking.terms import Terms
from vamco.intake.checking.workspace import workspace
from vamco.intake.contracts import contract_of
from vamco.intake.findings import Kind, kinds_found, rule_scores
from vamco.intake.models import ACCEPTED_STATES, Delivery, Part, Receipt, State
from vamco.intake.reading.reader import read
from vamco.intake.reading.text_table import TextTable
from vamco.intake.rejects import REJECTS_FILE, keep_rejects, note_rejects, places_of
from vamco.intake.rejects_file import REASON_HEADER, ROW_NO_HEADER, Form, as_sent, write_rejects
from vamco.intake.report import build, numbers_proven
from vamco.intake.restating import restated_by, shrinking
from vamco.intake.scoring import RuleScore, Score, score_of
from vamco.intake.timeliness import was_on_time
from vamco.intake.whole import after_first_part, after_returned_rows, latest_readable
from vamco.packs.contract import Contract, Dimension
from vamco.packs.heading import written_names
from vamco.vocabulary.errors import Refused, Unreadable, VamcoError
from vamco.vocabulary.messages import LANGUAGES
from vamco.warehouse.local_storage import StagedFile
from vamco.warehouse.schema import Schema, declare
from vamco.warehouse.writing import stage

_FAULTS_OF_ROWS: Final = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
)


@dataclass(slots=True)
class Decision:
    """What will be written down about a part; `staged` files count once the ledger records them."""

    outcome: State
    check_seconds: float
    report: dict[str, Any]
    counts: dict[str, int] = field(default_factory=dict)
    kinds: Sequence[Kind] = ()
    score: Score | None = None
    staged: Sequence[StagedFile] = ()
    folder: str = ""
    rejects_file: str = ""
    n_open: int = 0


def decide(part: Part) -> Decision:
    """Check the part's bytes against the contract and stage what can be accepted; nothing is decided yet."""
    began = time.monotonic()
    delivery = part.delivery
    contract = contract_of(delivery.contract_id)
    with workspace(f"delivery-{delivery.pk}-{part.number}") as (connection, folder):
        try:
            table = _read(part, contract, folder)
            decision = _decide(connection, part, contract, table)
        except VamcoError as error:
            decision = unreadable(error)
        except _FAULTS_OF_ROWS as error:
            decision = unreadable(Unreadable("intake.rows_unreadable", reason=str(error).partition("\n")[0]))
    decision.check_seconds = time.monotonic() - began
    return decision


@cache
def resolver(provinces_dir: Path, province: str) -> Resolver:
    """Finds units by code and name over the province's register; indexed once in a process."""
    return Resolver(province_register(provinces_dir, province))


def _read(part: Part, contract: Contract, folder: Path) -> TextTable:
    known = {name for column in contract.columns for name in written_names(column)}
    options = part.delivery.options if part.number == 1 else {}
    table = read(
        part.raw_path,
        filename=part.filename,
        known_headers=known,
        sheet=options.get("sheet"),
        staging=folder,
        encoding=options.get("encoding"),
    )
    return as_sent(table) if part.number > 1 else table


def _decide(
    connection: duckdb.DuckDBPyConnection, part: Part, contract: Contract, table: TextTable
) -> Decision:
    """The rows are staged while the receipt is written, which leaves a core free."""
    checked = check(connection, table, _terms(connection, part, contract, table))
    if part.number == 1 and _outcome(checked) in ACCEPTED_STATES:
        checked = replace(checked, remarks=(*checked.remarks, *shrinking(part.delivery, checked.n_accepted)))
    n_accepted = checked.n_accepted if _outcome(checked) in ACCEPTED_STATES else 0
    since = part.delivery.received_at if part.delivery.is_simulated else None
    schema = declare(contract.id, checked.columns, _sort(contract), at=since) if n_accepted else None
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as beside:
        staging = beside.submit(_stage, cursor, part, schema, n_accepted) if schema else None
        decision = _receipted(connection, part, contract, table, checked)
        decision.staged = staging.result() if staging else ()
    return decision


def _receipted(
    connection: duckdb.DuckDBPyConnection, part: Part, contract: Contract, table: TextTable, checked: Checked
) -> Decision:
    kinds = kinds_found(connection, checked)
    rules = [*rule_scores(checked, kinds), *_punctuality(part.delivery, contract)]
    score = score_of(rules, contract)
    folder = _folder(part)
    target = Path(settings.HOME) / folder
    headers = _headers(part, table)
    is_returned = part.number > 1
    fetch_texts(connection, table, checked.reading, checked.faults)
    n_open = note_rejects(
        connection, table, checked, places_of(headers, table.columns), is_returned=is_returned
    )
    before = latest_readable(part.delivery) if is_returned else None
    whole = (
        after_first_part(connection, checked, rules, score, target)
        if before is None
        else after_returned_rows(connection, checked, contract, before, n_open, target)
    )
    score = score if whole.n_accepted else score.not_applicable()
    decision = Decision(
        outcome=_outcome(checked),
        check_seconds=0,
        report=build(connection, part, table, checked, kinds, score, whole, target),
        counts=_counts(checked, table),
        kinds=kinds,
        score=score,
        folder=folder,
        n_open=n_open,
    )
    if n_open:
        keep_rejects(connection, target)
        form = Form(headers, table.source_format, table.dialect.delimiter if table.dialect else None)
        decision.rejects_file = write_rejects(connection, form, target, Path(part.filename).stem, n_open)
    return decision


def _terms(connection: duckdb.DuckDBPyConnection, part: Part, contract: Contract, table: TextTable) -> Terms:
    delivery, map_on = part.delivery, part.delivery.options.get("map_on")
    row_no_place = None
    ignored: tuple[int, ...] = ()
    if part.number > 1:
        row_no_place, ignored = _our_columns(table)
        _load_open(connection, delivery)
    return Terms(
        contract=contract,
        period=delivery.covered,
        resolver=resolver(Path(settings.PROVINCES_DIR), settings.PROVINCE),
        map_on=date.fromisoformat(map_on) if map_on else None,
        supersedes=tuple(entry.delivery_id for entry in restated_by(delivery)) if part.number == 1 else (),
        own=delivery.pk if part.number > 1 else None,
        row_no_place=row_no_place,
        ignored_places=ignored,
        numbers=numbers_proven(_first_report(delivery)) if part.number > 1 else {},
    )


def _our_columns(table: TextTable) -> tuple[int, tuple[int, ...]]:
    """Where the row numbers are, and all places of columns that we had added to the rejects."""
    row_nos, reasons = ROW_NO_HEADER.values(), REASON_HEADER.values()
    row_no_place = next((place for place, header in enumerate(table.columns) if header in row_nos), None)
    if row_no_place is None:
        raise Unreadable("intake.no_row_numbers", column=ROW_NO_HEADER)
    ours = (place for place, header in enumerate(table.columns) if header in (*row_nos, *reasons))
    return row_no_place, tuple(ours)


def _load_open(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    file = open_rejects(delivery)
    if file is None:
        raise Refused("intake.nothing_to_correct", delivery=delivery.pk)
    connection.execute(sql.create_table(OPEN, f"FROM read_parquet({sql.literal(str(file))})"))


def open_rejects(delivery: Delivery) -> Path | None:
    """The rows of the delivery that are still refused, as the latest receipt left them; None when there are none."""
    latest = latest_readable(delivery)
    if latest is None or not latest.rejects_file:
        return None
    return Path(settings.HOME) / latest.folder / REJECTS_FILE


def _headers(part: Part, table: TextTable) -> Sequence[str]:
    """The columns of the delivery's first file."""
    if part.number == 1:
        return table.columns
    labels: list[str] = _first_report(part.delivery)["tasks"][0]["labels"]
    return labels


def _first_report(delivery: Delivery) -> dict[str, Any]:
    """What was said of the delivery's first file."""
    report: dict[str, Any] = (
        Receipt.objects.filter(part__delivery=delivery, part__number=1).latest("id").report
    )
    return report


def _folder(part: Part) -> str:
    """A folder of this check's own, relative to the home; a check that died left it for the next one."""
    folder = f"receipts/{part.delivery_id}/{part.number}-{part.receipts.count() + 1}"
    (Path(settings.HOME) / folder).mkdir(parents=True, exist_ok=True)
    return folder


def _punctuality(delivery: Delivery, contract: Contract) -> Sequence[RuleScore]:
    on_time = was_on_time(contract, delivery)
    return () if on_time is None else (RuleScore("", Dimension.LIVE, "on_time", 1, int(on_time)),)


def _outcome(checked: Checked) -> State:
    if checked.is_refused_whole or (checked.n_rejected and not checked.n_accepted):
        return State.REJECTED
    return State.PARTLY_ACCEPTED if checked.n_rejected else State.ACCEPTED


def _counts(checked: Checked, table: TextTable) -> dict[str, int]:
    return {
        "n_received": checked.n_received,
        "n_accepted": checked.n_accepted,
        "n_rejected": checked.n_rejected,
        "n_duplicates": checked.n_duplicates,
        "n_set_aside": len(table.set_aside),
    }


def _stage(
    connection: duckdb.DuckDBPyConnection, part: Part, schema: Schema, n_rows: int
) -> Sequence[StagedFile]:
    return stage(
        connection, ACCEPTED, schema, delivery_id=part.delivery_id, part=part.number - 1, n_rows=n_rows
    )


def _sort(contract: Contract) -> list[str]:
    """Files lie in the order in which they are asked: by unit, then by time."""
    units = [f"{column.name}__unit" for column in contract.columns if column.unit]
    return [*units[:1], *([contract.period_column] if contract.period_column else [])]


def undecidable() -> Decision:
    """The decision about a part on which the program itself fails again and again."""
    return unreadable(Unreadable("intake.check_failed"))


def unreadable(error: VamcoError) -> Decision:
    """The decision about a part that nothing can be taken from, with the reason."""
    said = {language: error.say(language) for language in LANGUAGES}
    report = {
        "valid": False,
        "stats": {"tasks": 1, "errors": 1, "warnings": 0},
        "warnings": [],
        "errors": [{"type": "source-error", "note": said["vi"]["what"], "reason": error.key, "said": said}],
        "tasks": [],
    }
    return Decision(State.UNREADABLE, 0, report)
