"""The answers of R's package `surveillance` 1.20.3, kept beside the program and not with it."""

import csv
from pathlib import Path

import numpy as np

WORDS = {"NA": np.nan, "TRUE": 1.0, "FALSE": 0.0}


class Reference:
    """Columns of one file of reference answers."""

    def __init__(self, folder: Path, name: str):
        with (folder / "epidemic" / "r_surveillance" / name).open() as file:
            self.rows = list(csv.DictReader(file))

    def __getitem__(self, column):
        return np.array([WORDS[v] if (v := row[column]) in WORDS else float(v) for row in self.rows])

    def text(self, column):
        return [row[column] for row in self.rows]


def assert_same(found, wanted, rtol=1e-12):
    """Equal where R gives an answer, and none where R gives none."""
    np.testing.assert_allclose(found, wanted, rtol=rtol, equal_nan=True)
