"""Sheets, scripts and fonts under names that change with what they hold: a browser keeps each for good, and asks once.

The name begins with a digest of all of them, so that what they say of each other (`../fonts/…`) holds as it is written.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=60"
"""A page of another release asked: what it gets is not what the name says."""

_PATH = re.compile(r"/static/([0-9a-f]{12})/(.+)")
_ZIPPED = re.compile(r"\bgzip\b")
_TEXTS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_TYPES = {**_TEXTS, ".woff2": "font/woff2", ".ttf": "font/ttf", ".txt": "text/plain", ".md": "text/plain"}

Respond = Callable[[HttpRequest], HttpResponse]


class NamedByContent(StaticFilesStorage):
    """Gives the address of a file."""

    def url(self, name: str | None) -> str:
        """Give the address of a file, with the digest of all of them in it."""
        return f"{self.base_url}{digest()}/{name or ''}"


class StaticFiles:
    """Answers for the files under their names; all else is passed on."""

    def __init__(self, get_response: Respond) -> None:
        """Stand before the pages."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the file."""
        asked = _PATH.fullmatch(request.path_info)
        path = _files().get(asked[2]) if asked and request.method in ("GET", "HEAD") else None
        if asked is None or path is None:
            return self.get_response(request)
        zipped = path.suffix in _TEXTS and _ZIPPED.search(request.headers.get("Accept-Encoding", "")) is not None
        answer = HttpResponse(_content(path, zipped), content_type=_TYPES.get(path.suffix, "application/octet-stream"))
        answer["Cache-Control"] = FOR_GOOD if asked[1] == digest() else FOR_A_WHILE
        patch_vary_headers(answer, ["Accept-Encoding"])
        if zipped:
            answer["Content-Encoding"] = "gzip"
        return answer


@lru_cache(maxsize=1)
def digest() -> str:
    """Digest the names and contents of all files: the same in every process of a release."""
    whole = hashlib.sha256()
    for name, path in sorted(_files().items()):
        whole.update(f"{name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """Find every file once: what is asked for is looked up here, and never opened by the name that was asked."""
    found = [(storage, path) for finder in finders.get_finders() for path, storage in finder.list([])]
    names = ((f"{prefix}/{path}" if (prefix := getattr(one, "prefix", "")) else path) for one, path in found)
    return {name: Path(one.path(path)) for name, (one, path) in zip(names, found, strict=True)}


@lru_cache(maxsize=256)
def _content(path: Path, zipped: bool) -> bytes:  # noqa: FBT001 - a part of what is kept
    content = path.read_bytes()
    return gzip.compress(content, mtime=0) if zipped else content
