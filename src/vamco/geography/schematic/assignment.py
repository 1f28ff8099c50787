"""The assignment of least total cost: shortest augmenting paths (Jonker and Volgenant 1987)."""

from typing import Final

import numpy as np
import numpy.typing as npt

Costs = npt.NDArray[np.int64]
"""Shape (n rows, m columns), m ≥ n; whole numbers, so that every machine finds the same answer."""

_INFINITE: Final = np.iinfo(np.int64).max // 4


def assign(costs: Costs) -> list[int]:
    """For each row a column of its own, such that the sum of costs is least."""
    n_rows, n_columns = costs.shape
    row_prices = np.zeros(n_rows, dtype=np.int64)
    column_prices = np.zeros(n_columns, dtype=np.int64)
    row_of = np.full(n_columns, -1)
    for row in range(n_rows):
        _augment(costs, row, row_prices, column_prices, row_of)
    columns = [-1] * n_rows
    for column, row in enumerate(row_of):
        if row >= 0:
            columns[row] = column
    return columns


def _augment(
    costs: Costs,
    new_row: int,
    row_prices: npt.NDArray[np.int64],
    column_prices: npt.NDArray[np.int64],
    row_of: npt.NDArray[np.int64],
) -> None:
    """Give one more row a column, along the shortest path of exchanges (Dijkstra over reduced costs)."""
    distances = np.full(len(row_of), _INFINITE)
    came_from = np.full(len(row_of), -1)
    done = np.zeros(len(row_of), dtype=bool)
    row, reached, column = new_row, np.int64(0), -1
    while row >= 0:
        through = reached + costs[row] - row_prices[row] - column_prices
        shorter = ~done & (through < distances)
        distances[shorter] = through[shorter]
        came_from[shorter] = column
        column = int(np.argmin(np.where(done, _INFINITE, distances)))
        reached = distances[column]
        done[column] = True
        row = int(row_of[column])
    _reprice(new_row, reached, distances, done, row_prices, column_prices, row_of)
    while column >= 0:
        before = int(came_from[column])
        row_of[column] = row_of[before] if before >= 0 else new_row
        column = before


def _reprice(
    new_row: int,
    reached: np.int64,
    distances: npt.NDArray[np.int64],
    done: npt.NDArray[np.bool_],
    row_prices: npt.NDArray[np.int64],
    column_prices: npt.NDArray[np.int64],
    row_of: npt.NDArray[np.int64],
) -> None:
    gained = reached - distances[done]
    row_prices[new_row] += reached
    matched = row_of[done] >= 0
    row_prices[row_of[done][matched]] += gained[matched]
    column_prices[done] -= gained
