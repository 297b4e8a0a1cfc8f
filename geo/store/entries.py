"""Single records on their way in: what is known of one, held against others until the end."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from geo.errors import ConflictError, NotFoundError
from geo.store.reading import MODELS, Recorded
from geo.store.tables import Network, SupportMeasure

ENTERED: dict[str, Recorded | type[Network] | type[SupportMeasure]] = {
    **MODELS,
    "network": Network,
    "support_measure": SupportMeasure,
}


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What says which record it is, and which version of it is the newest."""

    id: UUID
    source: str
    external_id: str
    content_hash: str
    version: int
    is_demo: bool
    batch: UUID | None
    deleted: bool


def find_known(connection: Connection, record_type: str, identifier: UUID) -> KnownRecord | None:
    """The record, deleted or not; nobody else can change it until the transaction ends."""
    model = ENTERED[record_type]
    row = connection.execute(
        select(
            model.id,
            model.source,
            model.external_id,
            model.content_hash,
            model.version,
            model.is_demo,
            model.import_batch_id,
            model.deleted_at.is_not(None),
        )
        .where(model.id == identifier)
        .with_for_update()
    ).first()
    return KnownRecord(*row) if row else None


def known_version(
    connection: Connection, record_type: str, identifier: UUID, version: int
) -> KnownRecord:
    """The record, provided that nobody has changed it since `version`.

    Raises:
        NotFoundError: there is none, or it was deleted.
        ConflictError: it has another version by now; the context has both.
    """
    known = find_known(connection, record_type, identifier)
    if known is None or known.deleted:
        raise NotFoundError(
            "record.unknown",
            f"Không có bản ghi {identifier}, hoặc đã bị xóa.",
            f"There is no record {identifier}, or it was deleted.",
        )
    if known.version != version:
        raise ConflictError(
            "record.changed",
            f"Bản ghi đã được sửa: bạn gửi phiên bản {version}, hiện có phiên bản {known.version}."
            " Hãy tải lại, xem thay đổi rồi sửa lại.",
            f"The record was changed: you sent version {version}, there is {known.version} now."
            " Load it again, look at the changes, then edit again.",
            sent_version=version,
            current_version=known.version,
        )
    return known


def other_of_name(
    connection: Connection, record_type: str, source: str, external_id: str
) -> UUID | None:
    """The id of the record that bears this external id in this source, if there is one."""
    model = ENTERED[record_type]
    identifier: UUID | None = connection.scalar(
        select(model.id).where(model.source == source, model.external_id == external_id)
    )
    return identifier
