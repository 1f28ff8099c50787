"""Datasets over HTTP."""

from typing import Any

from ninja import Router

from vamco.intake.contracts import contract_of, packs
from vamco.packs.contract import Contract
from vamco.web.api.schemas import DatasetDetailOut, DatasetOut
from vamco.web.callers import SignedRequest
from vamco.web.datasets.reading import Stock, stock_of, stocks

router = Router(tags=["datasets"])


@router.get("/datasets", response=list[DatasetOut], url_name="datasets")
def datasets(request: SignedRequest) -> list[dict[str, Any]]:  # noqa: ARG001  ninja's signature
    """Every dataset and what it holds now."""
    held = stocks()
    return [_dataset(contract, held.get(contract.id)) for contract in packs().contracts]


@router.get("/datasets/{contract_id}", response=DatasetDetailOut, url_name="dataset")
def dataset(request: SignedRequest, contract_id: str) -> dict[str, Any]:  # noqa: ARG001
    """One dataset with its columns."""
    contract = contract_of(contract_id)
    columns = [
        {
            "name": c.name,
            "kind": c.kind,
            "title_vi": c.title.vi,
            "title_en": c.title.en,
            "required": c.required,
            "sensitivity": c.sensitivity,
        }
        for c in contract.columns
    ]
    return {**_dataset(contract, stock_of(contract_id)), "columns": columns}


def _dataset(contract: Contract, stock: Stock | None) -> dict[str, Any]:
    newest = stock.newest if stock else None
    return {
        "id": contract.id,
        "version": contract.version,
        "title_vi": contract.title.vi,
        "title_en": contract.title.en,
        "agency": contract.agency,
        "n_rows": stock.n_rows if stock else 0,
        "newest_period": newest.period if newest else None,
        "newest_received_at": newest.received_at if newest else None,
        "score": stock.score if stock else None,
    }
