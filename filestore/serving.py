"""Files over HTTP: one way for pages and API. Who may have them was asked before."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.utils.translation import gettext as _
from werkzeug.http import parse_range_header

from filestore.models import StoredFile
from filestore.storages import Section, media_storage

logger = logging.getLogger(__name__)
CHUNK_BYTES: Final = 256 * 1024
# RFC 9110, 14.1.2: a range that no file can satisfy, which werkzeug takes for none.
LAST_ZERO_BYTES: Final = re.compile(r"bytes=[ \t]*-0+[ \t]*", re.IGNORECASE)


def serve(request: HttpRequest, file: StoredFile, download_as: str = "") -> HttpResponseBase:
    """The file, or the part of it that was asked for. `download_as` is the name a browser saves it by.

    Browsers keep it, but ask each time: permissions can end with any request.
    """
    modified = int(file.created_at.timestamp())
    headers = {
        "ETag": quote_etag(file.sha256),
        "Last-Modified": http_date(modified),
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    response: HttpResponseBase = get_conditional_response(
        request, etag=headers["ETag"], last_modified=modified
    ) or _respond(request, file, headers)
    for name, value in headers.items():
        response[name] = value
    if disposition := content_disposition_header(bool(download_as), download_as):
        response["Content-Disposition"] = disposition
    return response


def serve_part(
    request: HttpRequest, file: StoredFile, start: int, length: int, content_type: str
) -> HttpResponseBase:
    """A file inside of another that is not compressed. Kept and asked for again as with `serve`."""
    etag = quote_etag(f"{file.sha256}-{start}")
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or FileResponse(
        _section(file, start, start + length),
        content_type=content_type,
        headers={"Content-Length": str(length)},
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def serve_copy(path: Path, content_type: str, download_as: str) -> FileResponse:
    """A file that was made for this request. It may be deleted as soon as this has returned."""
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=download_as, content_type=content_type
    )
    response.block_size = CHUNK_BYTES
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _respond(
    request: HttpRequest, file: StoredFile, validators: dict[str, str]
) -> HttpResponseBase:
    if request.method == "HEAD":  # a range is a matter of GET
        return _head(file)
    asked = _asked_range(request, file, validators)
    if asked is None:
        return _content(file, 0, file.bytes)
    start, stop = asked
    if start >= file.bytes:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.bytes}"})
    response = _content(file, start, stop)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{stop - 1}/{file.bytes}"
    return response


def _asked_range(
    request: HttpRequest, file: StoredFile, validators: dict[str, str]
) -> tuple[int, int] | None:
    """From where to before where; None for the whole file, which is also what several ranges get."""
    current = (validators["ETag"], validators["Last-Modified"])
    if request.headers.get("If-Range", current[0]) not in current:
        return None  # the client has a part of another file
    asked = request.headers.get("Range", "")
    if LAST_ZERO_BYTES.fullmatch(asked):
        return file.bytes, file.bytes
    header = parse_range_header(asked)
    if header is None or header.units != "bytes" or len(header.ranges) != 1:
        return None
    start, stop = header.ranges[0]
    if start < 0:  # the last bytes, or all when there are not so many
        start = max(0, start + file.bytes)
    return start, min(stop or file.bytes, file.bytes)


def _head(file: StoredFile) -> HttpResponse:
    _section(file, 0, 1).close()  # tells more than whether it exists: the storage may be away
    headers = {"Content-Length": str(file.bytes)}
    return HttpResponse(content_type=file.content_type, headers=headers)


def _content(file: StoredFile, start: int, stop: int) -> FileResponse:
    """A web server that can sends the file by itself, and keeps no thread for a slow client."""
    headers = {"Content-Length": str(stop - start)}
    section = _section(file, start, stop)
    response = FileResponse(section, content_type=file.content_type, headers=headers)
    response.block_size = CHUNK_BYTES
    return response


def _section(file: StoredFile, start: int, stop: int) -> Section:
    try:
        return media_storage().open_section(str(file.name), start, stop)
    except FileNotFoundError as error:
        raise _missing(file) from error


def _missing(file: StoredFile) -> Http404:
    """Just deleted, as people do, or lost, which is for the operator to know."""
    if StoredFile.objects.filter(pk=file.pk).exists():
        logger.error("The stored file %s is lost: %s", file.pk, file.name)
    else:
        logger.info("The stored file %s was just deleted: %s", file.pk, file.name)
    return Http404(_("This file is not there anymore."))
