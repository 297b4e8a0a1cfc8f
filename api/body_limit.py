"""What a request may bring: so many bytes, and not packed; more is refused before it is kept."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import DETAILS, language_of, problem
from api.parameters import PREFIX

MOST_BYTES = 4 * 2**20
UPLOADS, RASTERS = f"{PREFIX}/imports", f"{PREFIX}/raster-layers"
# The form around a file, and corrections beside it.
AROUND_FILE = 2 * 2**20


class BodyLimit:
    """Refuses by what Content-Length says, and while reading where it lies or is missing."""

    def __init__(self, app: ASGIApp, upload_max_bytes: int, raster_max_bytes: int) -> None:
        self.app = app
        self.largest = {
            UPLOADS: upload_max_bytes + AROUND_FILE,
            RASTERS: raster_max_bytes + AROUND_FILE,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that ends, by an error, where the limit is reached."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limit = self.largest.get(scope["path"], MOST_BYTES)
        length = request.headers.get("content-length", "")
        status = None
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            status = 415
        elif length.isascii() and length.isdigit() and int(length[:20]) > limit:
            status = 413
        if status is not None:
            vi, en = DETAILS[status]
            detail = vi if language_of(request) == "vi" else en
            answer = problem(request, status, f"http.{status}", f"{detail}.")
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, limited, send)
