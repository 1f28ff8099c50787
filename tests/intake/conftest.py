"""Small contracts, and a delivery of them from bytes to receipt."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vamco.accounts.policy import PROGRAM
from vamco.intake import contracts
from vamco.intake.models import Channel, Delivery
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one
from vamco.packs.contract import Column, Contract, Drift, Kind, OpenData, Rule
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.text import Text


def column(name: str, kind: Kind = Kind.TEXT, title: str = "", **facts: Any) -> Column:
    return Column(name, kind, Text(title or name, name), **facts)


def contract(*columns: Column, name: str = "cases", rules: tuple[Rule, ...] = (), **facts: Any) -> Contract:
    made = Contract(
        id=f"trial.{name}",
        version="1",
        title=Text("Thử", "Trial"),
        purpose=Text("Thử", "Trial"),
        agency="so-y-te",
        columns=columns,
        rules=rules,
        drift=Drift.DISCARD_VALUE,
        schedule=None,
        legal_basis=(),
        open_data=OpenData("none"),
        period_column=None,
        source=Path("trial"),
    )
    return replace(made, **facts)


@pytest.fixture
def contracts_in_use(monkeypatch) -> Callable[..., None]:
    """Make these the contracts of the installation."""

    def use(*made: Contract) -> None:
        text = Text("Thử", "Trial")
        packs = Packs((Pack("trial", text, "so-y-te", "1", (), (), made, Path("trial")),))
        monkeypatch.setattr(contracts, "_loaded", lambda _folder: packs)

    return use


Deliver = Callable[..., Delivery]


@pytest.fixture
def deliver(contracts_in_use) -> Deliver:
    """Deliver bytes or text under a contract, check them at once, and give the decided delivery."""

    def deliver(made: Contract, content: bytes | str, period: str = "2026-06", **more: Any) -> Delivery:
        contracts_in_use(made)
        data = content.encode() if isinstance(content, str) else content
        filename = more.pop("filename", "ca-benh.csv")
        received = receive(PROGRAM, made.id, period, io.BytesIO(data), filename, Channel.COMMAND_LINE, **more)
        return check_one(received.delivery, "test")

    return deliver
