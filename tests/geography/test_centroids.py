"""The file of centres is read whole, or refused by file and line."""

import pytest

from vamco.geography.centroids import load_centroids
from vamco.vocabulary.errors import Misused, NotFound


@pytest.mark.parametrize(
    "row", ["25459,2025-07-01,106.1", "25459,hôm nay,106.1,11.3,x", "25459,2025-07-01,a,b,x"]
)
def test_a_bad_row_of_centroids_names_file_and_line(tmp_path, row):
    path = tmp_path / "centroids.csv"
    path.write_text(f"code,valid_from_on,lon,lat,source\n{row}\n", "utf-8")
    with pytest.raises(Misused, match="dòng 2"):
        load_centroids(path)


def test_missing_centroids_are_named(tmp_path):
    with pytest.raises(NotFound, match="boundary_no_centroids"):
        load_centroids(tmp_path / "centroids.csv")
