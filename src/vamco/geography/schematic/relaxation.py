"""Places spread evenly: near ones part, far ones close up, and neighbours keep their directions.

Only elementwise sums, products, quotients and square roots are used, which IEEE 754 rounds the
same everywhere: a map drawn on one machine is the map drawn on another.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
"""Shape (n, m)."""

Points = npt.NDArray[np.float64]
"""Shape (n, 2): to the east and to the north on a plane."""

_N_NEAREST: Final = 3


def relaxed(points: Points) -> Points:
    """The points moved so that neighbours stand about 1 apart, or farther where a gap parts them.

    Each edge of the Gabriel graph asks for its own direction, and for its length as a multiple of
    the spacing around its ends; the answer is the least-squares one. Points must differ.
    """
    n = len(points)
    if n == 1:
        return np.zeros((1, 2))
    squares = _squared_distances(points)
    spacing = np.sqrt(np.sort(squares, axis=1)[:, 1 : _N_NEAREST + 1])
    local = [sum(row.tolist()) / len(row) for row in spacing]
    laplacian = np.zeros((n, n))
    wishes = np.zeros((n, 2))
    for i, j in gabriel_edges(points):
        wish = (points[j] - points[i]) * (2.0 / (local[i] + local[j]))
        laplacian[[i, j], [i, j]] += 1.0
        laplacian[[i, j], [j, i]] -= 1.0
        wishes[j] += wish
        wishes[i] -= wish
    laplacian[0, 0] += 1.0  # the first place stands still: only differences are asked for
    return _solve(laplacian, wishes)


def gabriel_edges(points: Points) -> Sequence[tuple[int, int]]:
    """Pairs with no third point inside the circle that has them as diameter; they connect all points."""
    squares = _squared_distances(points)
    edges = []
    for i, j in zip(*np.triu_indices(len(points), 1), strict=True):
        through = squares[i] + squares[j]
        through[[i, j]] = np.inf
        if (through >= squares[i, j]).all():
            edges.append((int(i), int(j)))
    return edges


def _squared_distances(points: Points) -> Matrix:
    east = points[:, None, 0] - points[None, :, 0]
    north = points[:, None, 1] - points[None, :, 1]
    return east * east + north * north


def _solve(matrix: Matrix, right: Matrix) -> Matrix:
    """Gaussian elimination, row by row; the matrix is positive definite and needs no pivots."""
    system = np.hstack((matrix, right))
    n = len(matrix)
    for k in range(n):
        system[k] /= system[k, k]
        others = np.arange(n) != k
        system[others] -= system[others, k : k + 1] * system[k]
    return system[:, n:]
