"""Files of records from a desk: sent, looked at, and mended row by row.

Officers and leaders send them, each into the units of the account; what lies elsewhere is rejected.
"""

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.actors import require_role
from api.dependencies import InWords, get_engine, json_response, taking_turn
from api.documentation import answers, problems_of
from api.examples import examples
from geo import pipeline
from geo.errors import InputError
from geo.importers.report import ImportReport, ReportedRow, rejected_csv, rejected_workbook
from geo.importers.templates import template_workbook
from geo.records.fields import UploadedType
from geo.store import imports as store
from geo.store.actors import Actor
from geo.store.database import acting

router = APIRouter(prefix="/imports", tags=["imports"])
Sender = Annotated[Actor, Depends(require_role("officer", "leader"))]
# Support figures and prevention models come in by the forms and by the command line.
MOST_AT_ONCE, LONGEST_WAIT = 2, 20
BUSY = (
    "imports.busy",
    "Máy chủ đang nạp các tệp khác. Hãy thử lại sau nửa phút.",
    "The server is busy with other files. Try again in half a minute.",
)
MOST_ROWS = 1_000
MOST_CORRECTED = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "XLSX",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "corrections": {
                            "type": "string",
                            "description": "JSON: [{row_number, cells: {heading: text}}], in place"
                            " of the file's own cells",
                        },
                    },
                }
            }
        },
    }
}


class RowCorrection(BaseModel):
    """Cells of a row by heading, as they should have been written; null empties one."""

    row_number: int = Field(ge=1, le=2**31 - 1, examples=[14])
    cells: dict[str, Annotated[str, Field(max_length=20_000)] | None] = Field(
        max_length=200, examples=[{"Ngày": "28/02/2024"}]
    )


class RowCorrections(BaseModel):
    """Rows that were rejected, corrected."""

    rows: list[RowCorrection] = Field(min_length=1, max_length=MOST_CORRECTED)


CORRECTIONS = TypeAdapter(list[RowCorrection])


class SentFile(BaseModel, arbitrary_types_allowed=True):
    """What a form brought."""

    file: UploadFile
    corrections: dict[int, dict[str, str | None]]


async def sent_file(request: Request, _actor: Sender) -> SentFile:
    """The form; who may not send one is refused before it is read.

    Raises:
        InputError: it is no form with one file.
    """
    try:
        form = await request.form(max_files=1, max_fields=2, max_part_size=2**20)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise _no_form() from error
    file, corrections = form.get("file"), form.get("corrections")
    if not isinstance(file, UploadFile) or isinstance(corrections, UploadFile):
        raise _no_form()
    try:
        rows = CORRECTIONS.validate_json(corrections or "[]")
    except ValidationError as error:
        raise InputError(
            "upload.corrections",
            "Phần corrections không đúng dạng [{row_number, cells}]. Hãy tải lại trang.",
            "The part corrections is not [{row_number, cells}]. Load the page again.",
        ) from error
    return SentFile(file=file, corrections={row.row_number: row.cells for row in rows})


def _no_form() -> InputError:
    return InputError(
        "upload.form",
        "Hãy gửi biểu mẫu multipart/form-data với đúng một tệp trong phần “file”.",
        "Send a multipart/form-data form with exactly one file in the part “file”.",
    )


@router.post(
    "",
    summary="Send a file of records (CSV or XLSX), or only check it",
    responses=answers("import_made", 401, 403, 413, 415, 422, 429),
    openapi_extra=FORM,
)
def send(
    request: Request,
    actor: Sender,
    sent: Annotated[SentFile, Depends(sent_file)],
    record_type: UploadedType,
    dry_run: Annotated[bool, Query(description="Check all, write nothing")] = False,
) -> Response:
    """All good rows go in as one whole, the others are kept with their reasons.

    The answer comes when all is done. Sent again, also after a lost answer, it changes nothing.
    """
    settings = request.app.state.settings
    with (
        taking_turn(request.app.state.imports, LONGEST_WAIT, BUSY),
        tempfile.TemporaryDirectory(prefix="bienmap-upload-") as folder,
    ):
        # Never under the name that came along.
        path = Path(folder) / "upload"
        with path.open("wb") as target:
            shutil.copyfileobj(sent.file.file, target, 2**20)
        report = pipeline.import_records(
            get_engine(request),
            pipeline.RecordFile(
                path,
                record_type,
                pipeline.source_of(actor),
                actor,
                settings.upload_max_bytes,
                file_name_of(sent.file.filename),
                sent.corrections,
            ),
            dry_run=dry_run,
        )
    return json_response(_reported(report), Cache_Control="no-store")


def file_name_of(sent: str | None) -> str:
    """What to call the file: without folders, and without characters that nobody sees."""
    name = (sent or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = name.encode("utf-8", "ignore").decode()
    return "".join(sign for sign in name if sign.isprintable())[-200:] or "upload"


def _reported(report: ImportReport) -> dict[str, Any]:
    return {
        "id": None if report.dry_run else report.batch,
        "dry_run": report.dry_run,
        "rows_read": report.read,
        "rows_added": report.added,
        "rows_changed": report.changed,
        "rows_unchanged": report.unchanged,
        "rows_rejected": len(report.rejected),
        "rows_doubtful": sum(report.warnings.counts.values()),
        "rows_mended": report.mended,
        "days": report.days and {"first": report.days[0], "last": report.days[1]},
        "notes": [asdict(note) for note in report.notes],
        "warnings": [asdict(one) for one in report.warnings.listed],
        "rejected": [asdict(row) for row in report.rejected[:MOST_ROWS]],
    }


@router.get(
    "/templates/{record_type}.xlsx",
    summary="A workbook to fill in",
    response_class=Response,
    responses=problems_of(401, 403, 422) | WORKBOOK,
)
def template(_actor: Sender, record_type: UploadedType, language: InWords) -> Response:
    """With drop-down lists, explanations, and example rows that are passed over when it is sent."""
    return _download(template_workbook(record_type, language), XLSX, f"{record_type}.xlsx")


@router.get("", summary="Files that were sent", responses=answers("imports", 401, 403, 422))
def listing(
    request: Request,
    actor: Sender,
    after: Annotated[UUID | None, Query(description="Last of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Your own; as a leader also those of people whose units all lie in yours. Newest first."""
    with acting(get_engine(request), actor.account_id) as connection:
        found = store.list_batches(connection, after=after, limit=limit)
    return json_response({"imports": found}, Cache_Control="no-store")


@router.get(
    "/{identifier}",
    summary="A file that was sent, and its rows that wait to be mended",
    responses=answers("import", 401, 403, 404, 422),
)
def single(
    request: Request,
    actor: Sender,
    identifier: UUID,
    after_row: Annotated[int, Query(ge=0, le=2**31 - 1, description="Last row seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 200,
) -> Response:
    """Each row with its cells by heading, and each problem with column, value and remedy."""
    with acting(get_engine(request), actor.account_id) as connection:
        batch = store.get_batch(connection, identifier)
        rows = pipeline.rows_to_mend(connection, batch, after=after_row, limit=limit)
    content = batch | {"rejected": [asdict(row) for row in rows]}
    return json_response(content, Cache_Control="no-store")


@router.post(
    "/{identifier}/rows",
    summary="Mend rejected rows of a file that was sent",
    responses=answers("import_made", 400, 401, 403, 404, 422),
)
def mend(request: Request, actor: Sender, identifier: UUID, sent: RowCorrections) -> Response:
    """Rows that are good now go in; `rejected` are those that still are not. Of a network all rows
    are looked at again.
    """
    corrections = {row.row_number: row.cells for row in sent.rows}
    report = pipeline.mend_rows(get_engine(request), actor, identifier, corrections)
    return json_response(_reported(report), Cache_Control="no-store")


@router.get(
    "/{identifier}/rejected.csv",
    summary="Rows to mend, as CSV",
    response_class=Response,
    responses=problems_of(401, 403, 404, 422)
    | {
        200: {
            "description": "CSV",
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": examples()["rejected_csv"]}
            },
        }
    },
)
def as_csv(request: Request, actor: Sender, identifier: UUID, language: InWords) -> Response:
    """With a column of reasons that is passed over when the file is sent again."""
    content = rejected_csv(_rows_of(request, actor, identifier), language)
    return _download(content, "text/csv", f"{identifier}.csv")


@router.get(
    "/{identifier}/rejected.xlsx",
    summary="Rows to mend, as XLSX",
    response_class=Response,
    responses=problems_of(401, 403, 404, 422) | WORKBOOK,
)
def as_workbook(request: Request, actor: Sender, identifier: UUID, language: InWords) -> Response:
    """With a column of reasons that is passed over when the file is sent again."""
    content = rejected_workbook(_rows_of(request, actor, identifier), language)
    return _download(content, XLSX, f"{identifier}.xlsx")


def _rows_of(request: Request, actor: Actor, identifier: UUID) -> list[ReportedRow]:
    with acting(get_engine(request), actor.account_id) as connection:
        return pipeline.rows_to_mend(connection, store.get_batch(connection, identifier))


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
