"""The page about directives, made from the table that they follow."""

from collections.abc import Iterable
from typing import Final

from vamco.directives.file_store import ENDINGS, MOST_BYTES
from vamco.directives.transitions import TRANSITIONS, Guard, OnClock, Status, Transition, Verb
from vamco.directives.wording import words

_INTRO: Final = """# Directives

<!-- Made by `vamco reference --write`; edit the code, not this page. -->

A directive is one order of the province's leaders; each agency gets an assignment of its own. How far an assignment
is (its state) and whether it is in time (its timing) are two things: the state follows the table below, the timing is
worked out from the clock of its deadline and is typed by nobody. Whoever acts on an old view of an assignment is told
who did what in between, and nothing is recorded.

## What may be done with an assignment
"""
_STATES: Final = """
## States and timings

| State | Vietnamese |
|---|---|
"""
_REST: Final = f"""
Timing: not due; due soon (the last fifth of the time given); overdue; done early, on time or late. Of submitted work
the moment of submission counts, however long the office takes to confirm it; work that is sent back gets that time
back. Returned and cancelled assignments count nowhere. Work that is opened again has a new deadline.

Evidence is a link or a file of at most {MOST_BYTES // 1_000_000} MB ({", ".join(ENDINGS)}), kept under its SHA-256.

## A directive as a file

`vamco directives issue FILE --as PERSON` reads YAML or JSON:

```yaml
source: document          # or oral_conclusion
document_no: 1234/UBND-VX # of a document
issued_on: 2026-11-20
signer: Nguyễn Thị Lan
leader: lan               # a user name; may be left out
title: Dập dịch sốt xuất huyết tại phường Long An
text: Khoanh vùng và xử lý các ổ dịch, báo cáo trước thời hạn.
recurrence: weekly        # or monthly, quarterly; left out: once
assignments:
  - {{agency: so-y-te, lead: true, text: Xử lý mọi ổ dịch, within: 5 working_days}}
  - {{agency: "27694", text: Diệt lăng quăng từng hộ, within: 3 working_days}}  # a commune, by its code
```
"""
_HEADER: Final = (
    "| Verb | Vietnamese | From | To | Who | Needs | Only if | Clock |",
    "|---|---|---|---|---|---|---|---|",
)
_CONDITIONS: Final = {
    Guard.OF_THE_AGENCY: "a grant names the assigned agency or its commune",
    Guard.NOT_OF_THE_AGENCY: "the actor does not belong to the assigned agency",
    Guard.NOT_OWN_WORK: "somebody else submitted it",
    Guard.EXTENSION_ASKED: "more time was asked for",
    Guard.NO_EXTENSION_ASKED: "no request for time is open",
    Guard.EXPLANATION_ASKED: "an explanation was asked for",
    Guard.NO_EXPLANATION_ASKED: "no explanation is owed",
}


def directives_page() -> str:
    """The table of transitions with everything that one must know to use it."""
    states = (f"| `{status}` | {words(f'status_{status}')['vi']} |" for status in Status)
    return (
        "\n".join([_INTRO, *_HEADER, *map(_row, TRANSITIONS), _diagram()])
        + _STATES
        + "\n".join(states)
        + "\n"
        + _REST
    )


def _row(row: Transition) -> str:
    cells = (
        f"`{row.verb}`",
        words(f"verb_{row.verb}")["vi"],
        _listed(row.sources),
        f"`{row.target}`" if row.target else "the same",
        ", ".join(sorted(row.roles)),
        _listed(row.required),
        "; ".join(_CONDITIONS[guard] for guard in row.conditions),
        "" if row.clock is OnClock.NOTHING else row.clock.value,
    )
    return f"| {' | '.join(cells)} |"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _diagram() -> str:
    """The ways between states, for readers whose viewer draws Mermaid."""
    ways = [
        f"  {source} --> {row.target}: {row.verb}"
        for row in TRANSITIONS
        if row.target
        for source in row.sources
    ]
    return "\n".join(
        ("", "```mermaid", "stateDiagram-v2", "  [*] --> new: issue", *_without_loops(ways), "```")
    )


def _without_loops(ways: Iterable[str]) -> list[str]:
    loop = f"  {Status.IN_PROGRESS} --> {Status.IN_PROGRESS}: {Verb.REPORT}"
    return [way for way in ways if way != loop]
