import duckdb
import pytest
from tests.warehouse.deliveries import Deliveries


@pytest.fixture
def deliveries():
    """Deliveries of two columns, as the tests of this folder make them."""
    with duckdb.connect(config={"threads": 1}) as connection:
        yield Deliveries(connection)
