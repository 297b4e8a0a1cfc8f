"""Whoever is shown restricted records leaves a trace: each answer that tells any says so here."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from geo.store.audit import note_reading

# Those that tell of victims and of suspects; outreach and clubs are no secret inside the units.
RESTRICTED = {"incident", "network"}


def noted(connection: Connection, response: Response, told: Iterable[tuple[str, Any]]) -> Response:
    """The response, once the audit says whom it tells of which records, by type and id.

    The transaction ends before the answer leaves. 304 shows nothing that its reader does not have.
    """
    if response.status_code == 200:
        read = defaultdict(list)
        for record_type, identifier in told:
            if record_type in RESTRICTED:
                read[record_type].append(identifier)
        for record_type, identifiers in read.items():
            note_reading(connection, record_type, identifiers)
    return response
