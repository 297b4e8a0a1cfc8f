"""The page to send a file of records: a form that scripts check, correct and send."""

from geo.importers.tables import AS_WRITTEN
from web.assets import Assets
from web.i18n import messages
from web.maps import TEMPLATES, PageRequest

# Who may send files of records; the API holds to the same (api/imports.py).
SENDING_ROLES = ("officer", "leader")


def build_upload_page(
    request: PageRequest, assets: Assets, *, max_bytes: int, is_demo: bool
) -> str:
    """The page as HTML; whose role sends no files is told so. `max_bytes` is the most of a file."""
    may_send = request.account is not None and request.account.role in SENDING_ROLES
    text = messages(request.language)
    spoken = {key: said for key, said in text.items() if not key.startswith("page_")}
    configuration = {
        "language": request.language,
        "text": spoken,
        "codeLists": {},
        "maxBytes": max_bytes,
        # Under this heading stands a row as a whole, which only the file itself can mend.
        "asWritten": AS_WRITTEN,
    }
    return TEMPLATES.get_template("upload.html").render(
        page=request,
        assets=assets,
        is_demo=is_demo,
        may_send=may_send,
        max_megabytes=max_bytes // 2**20,
        modules=assets.modules("js/upload/start.js"),
        t=text,
        configuration=configuration if may_send else None,
    )
