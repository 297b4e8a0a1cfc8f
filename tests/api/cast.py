"""People who have signed in, each of whom is made once for all tests of a module."""

from contextlib import ExitStack

from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import Settings
from geo.store.actors import Jurisdiction
from tests.people import as_server, make_account, signed_in


class Cast:
    """Clients by role, units, and number, where several of one kind are needed."""

    def __init__(self, engine: Engine, stack: ExitStack, *, two_persons: bool = False) -> None:
        self.owner, self.stack = engine, stack
        server = as_server(engine, pool_size=4)
        self.api = create_api(Settings(two_person_review=two_persons), server)
        self.known: dict[tuple[object, ...], TestClient] = {}

    def __call__(self, role: str, *units: Jurisdiction, number: int = 1) -> TestClient:
        """Who has this role in these units."""
        key = (role, units, number)
        if key not in self.known:
            client = self.stack.enter_context(TestClient(self.api))
            self.known[key] = signed_in(client, make_account(self.owner, role, *units))
        return self.known[key]
