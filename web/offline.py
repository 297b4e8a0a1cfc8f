"""What works without a network: pages that are the same for everybody, and what keeps them.

The service worker keeps these pages and all static files of one release. A page of this kind knows
nobody: who works with it comes from the session, by its scripts, and nothing inline is in it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from geo.errors import Language
from geo.records.code_lists import code_lists
from geo.records.fields import RecordType, fields_of
from web.assets import Assets
from web.entry import entry_configuration
from web.i18n import messages, page_language
from web.maps import TEMPLATES
from web.security import DATA_POLICY, SHELL_POLICY

ENTRY = "/nhap"
OUTBOX = "/nhap/hang-doi"
# Pages that need the network; without it the outbox answers in their place.
ONLINE = ("/", "/sign-in")
WORKER = "js/offline/worker.js"
# A worker's own policy says what it may fetch.
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
SUFFIXES: dict[Language, str] = {"vi": "", "en": "?lang=en"}
RECORD_TYPES: tuple[RecordType, ...] = ("incident", "outreach_event", "network")


@dataclass(frozen=True, slots=True)
class Shell:
    """A page that is the same for everybody: its template, and what its scripts begin with."""

    template: str
    configuration: Callable[[Language, Assets], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that works offline, by address; `version` is a digest of it all."""

    version: str
    assets: Assets
    pages: Mapping[str, bytes]

    def worker(self) -> bytes:
        """The service worker's script: it changes when anything of the release does."""
        description = {
            "version": self.version,
            "assets": self.assets.version,
            "files": [self.assets.url(name) for name in sorted(self.assets.files)],
            "pages": sorted(self.pages),
            "online": ONLINE,
            "fallback": OUTBOX,
        }
        script = self.assets.files[WORKER].plain
        return f"const RELEASE = {json.dumps(description)};\n".encode() + script


def make_release(assets: Assets) -> Release:
    """Render the pages once: they are the same for everybody."""
    pages = {
        path + suffix: _page(path, language, assets)
        for path in SHELLS
        for language, suffix in SUFFIXES.items()
    }
    digest = hashlib.sha256(assets.version.encode())
    for path, content in sorted(pages.items()):
        digest.update(path.encode() + b"\0" + content)
    return Release(digest.hexdigest()[:16], assets, pages)


def _page(path: str, language: Language, assets: Assets) -> bytes:
    shell = SHELLS[path]
    page = TEMPLATES.get_template(shell.template).render(
        assets=assets,
        language=language,
        path=path,
        t=messages(language),
        configuration=shell.configuration(language, assets),
    )
    return page.encode()


def _outbox_configuration(language: Language, _assets: Assets) -> Mapping[str, Any]:
    return {
        "language": language,
        "text": {key: value for key, value in messages(language).items() if key[:5] != "page_"},
        "codeLists": {
            name: {code.code: code.label(language) for code in codes.values()}
            for name, codes in code_lists().items()
        },
        "fields": {
            record_type: {
                name: one.label_vi if language == "vi" else one.label_en
                for name, one in fields_of(record_type).items()
            }
            for record_type in RECORD_TYPES
        },
    }


SHELLS = {
    ENTRY: Shell("entry.html", entry_configuration),
    OUTBOX: Shell("outbox.html", _outbox_configuration),
}


def create_offline_pages(release: Release) -> APIRouter:
    """Routes of the pages, of the service worker, and of the manifest for installing."""
    router = APIRouter(include_in_schema=False)
    worker = release.worker()

    def page(request: Request) -> Response:
        content = release.pages[request.url.path + SUFFIXES[page_language(request)]]
        return _answer(request, release.version, content, "text/html", SHELL_POLICY)

    for path in SHELLS:
        router.add_api_route(path, page, response_class=HTMLResponse)

    @router.get("/service-worker.js")
    def service_worker(request: Request) -> Response:
        return _answer(request, release.version, worker, "text/javascript", WORKER_POLICY)

    @router.get("/manifest.webmanifest")
    def manifest(request: Request) -> Response:
        content = json.dumps(_manifest(page_language(request), release.assets), ensure_ascii=False)
        content_type = "application/manifest+json"
        return _answer(request, release.version, content.encode(), content_type, DATA_POLICY)

    return router


def _answer(
    request: Request, version: str, content: bytes, media_type: str, policy: str
) -> Response:
    """Asked for again each time, and sent only if it has changed."""
    # The policy comes with a 304 too: browsers put its headers in place of those that they kept.
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": "no-cache",
        "Content-Security-Policy": policy,
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _manifest(language: Language, assets: Assets) -> dict[str, Any]:
    text = messages(language)
    return {
        "id": ENTRY,
        "name": text["page_app_name"],
        "short_name": "Bienmap",
        "lang": language,
        "start_url": ENTRY + SUFFIXES[language],
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f4",
        "theme_color": "#14304f",
        "icons": [
            {"src": assets.url(name), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
            for name, purpose in (("icon.svg", "any"), ("icon-maskable.svg", "maskable"))
        ],
    }
