"""The web console: the files that its build has made, and its page at every address that is none of the API's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.context import RequestContext, request_context
from gateway.edge.conditions import is_unchanged

PAGE = "/index.html"
NO_PAGES = frozenset(
    (".well-known", "assets", "asyncapi.json", "docs", "events", "health", "metrics", "openapi.json", "v1")
)
"""How the paths begin at which a browser, too, is told that there is nothing."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Styles may be inline: antd makes those of its components as they are shown."""

FOR_EVER = "public, max-age=31536000, immutable"
"""A name below ``/assets`` holds a digest of what is in the file."""
ASK_AGAIN = "no-cache"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class ConsoleError(Exception):
    """The folder that was named holds no console; the gateway must not start."""


@dataclass(frozen=True)
class File:
    """One file of the build, as it is and compressed."""

    media_type: str
    caching: str
    content: bytes
    compressed: bytes | None
    etag: str

    @classmethod
    def read(cls, path: Path, caching: str) -> File:
        """Return the file; its compressed twin, made by the build, stands beside it."""
        content, twin = path.read_bytes(), path.with_name(path.name + ".gz")
        return cls(
            media_type=MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
            caching=caching,
            content=content,
            compressed=twin.read_bytes() if twin.exists() else None,
            etag=hashlib.sha256(content).hexdigest()[:20],
        )


class Console:
    """Answers what no route of the application does.

    The files are read once, when the gateway starts: no request finds its way into a folder, and a build that is
    replaced meanwhile is served as the whole it was.

    Args:
        folder: what the build has made.
        otherwise: what answers where there is nothing of the console's either.

    Raises:
        ConsoleError: there is no console in the folder.
    """

    def __init__(self, folder: Path, otherwise: ASGIApp) -> None:
        self._otherwise = otherwise
        self._files = _files_in(folder)
        if PAGE not in self._files:
            raise ConsoleError(f"GATEWAY_CONSOLE_DIR names {folder}, where there is no index.html")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._path_of(scope)
        if path is None:
            await self._otherwise(scope, receive, send)
            return
        context = request_context(scope)
        context.route = "/assets/{file}" if path.startswith("/assets/") else path
        await _answer(self._files[path], context, send)

    def _path_of(self, scope: Scope) -> str | None:
        """Return which file answers a request, if one does."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path = str(scope["path"])
        if path in self._files:
            return path
        begins = path.split("/", 2)[1]
        wants_a_page = "text/html" in (request_context(scope).header(b"accept") or "")
        return PAGE if path == "/" or (wants_a_page and begins not in NO_PAGES) else None


def _files_in(folder: Path) -> dict[str, File]:
    """Return the files by their paths; those of folders that begin with a dot are notes of the build."""
    found = {}
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.is_file() and file.suffix != ".gz" and not any(part.startswith(".") for part in inside.parts):
            caching = FOR_EVER if inside.parts[0] == "assets" else ASK_AGAIN
            found[f"/{inside.as_posix()}"] = File.read(file, caching)
    return found


async def _answer(file: File, context: RequestContext, send: Send) -> None:
    """Send a file in the form that the client takes, or say that it has it already."""
    compressed = file.compressed is not None and takes_gzip(context.header(b"accept-encoding") or "")
    # Two forms are two representations, each with a tag of its own (RFC 9110, section 8.8.3.3).
    etag = f'"{file.etag}-gzip"' if compressed else f'"{file.etag}"'
    headers = {
        "cache-control": file.caching,
        "etag": etag,
        "vary": "Accept, Accept-Encoding" if file.media_type.startswith("text/html") else "Accept-Encoding",
        "content-security-policy": POLICY,
    }
    status, body = 304, b""
    if not is_unchanged(context, etag):
        status, body = 200, file.compressed if compressed and file.compressed else file.content
        headers |= {"content-type": file.media_type, "content-length": str(len(body))}
        if compressed:
            headers["content-encoding"] = "gzip"
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip: whether it names it and does not weigh it with nothing."""
    for offered in accept_encoding.lower().replace(" ", "").split(","):
        coding, _, weight = offered.partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False
