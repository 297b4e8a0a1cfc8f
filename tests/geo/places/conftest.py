"""The names of places, as the store with the embedded boundaries has them."""

import pytest
from sqlalchemy import Engine

from geo.places.gazetteer import Gazetteer
from geo.store.database import transaction
from geo.store.gazetteer import read_gazetteer


@pytest.fixture(scope="module")
def gazetteer(module_boundaries_engine: Engine) -> Gazetteer:
    """All names of both editions."""
    with transaction(module_boundaries_engine) as connection:
        return read_gazetteer(connection)
