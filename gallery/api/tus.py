"""The headers of tus 1.0 (https://tus.io/protocols/resumable-upload)."""

from __future__ import annotations

import base64
from http import HTTPMethod
from typing import IO, Any, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from filestore.models import Upload
from filestore.uploads import Checksum
from gallery.api.generics import ApiView
from gallery.api.parsers import check_text
from gallery.api.problems import UnsupportedVersion


def _header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, "header", required=required, description=description)


VERSION: Final = "1.0.0"
EXTENSIONS: Final = ("creation", "creation-with-upload", "termination", "expiration", "checksum")
ALGORITHMS: Final = ("sha256", "sha1")
MEDIA_TYPE: Final = "application/offset+octet-stream"
SUGGESTED_PART_BYTES: Final = 4 * 1024 * 1024
"""What is lost at most when the line breaks behind a proxy that waits for whole requests."""
MAX_DIGITS: Final = 18
"""More than any length has, and no more than a database takes."""


RESPONSE_HEADERS: Final = ("Tus-Resumable", "Upload-Offset", "Upload-Expires")
HEADERS: Final = [_header("Tus-Resumable", "1.0.0", required=True)]
CREATION_HEADERS: Final = [
    *HEADERS,
    _header("Upload-Length", "Bytes of the whole file.", required=True),
    _header("Upload-Metadata", "What to do with it: names, each with a text in Base64."),
    _header("Upload-Checksum", "Of the bytes in the body: sha256 or sha1, and a digest in Base64."),
]
PART_HEADERS: Final = [
    *HEADERS,
    _header("Upload-Offset", "Where the bytes in the body begin.", required=True),
    CREATION_HEADERS[-1],
]


class OffsetParser(BaseParser):
    """The body as it comes: it goes to the disk, not to memory."""

    media_type = MEDIA_TYPE

    def parse(self, stream: IO[bytes], *args: Any, **kwargs: Any) -> Any:
        return stream


class TusView(ApiView):
    """Speaks one version of tus, and says so in each response. GET is no part of tus."""

    parser_classes = [OffsetParser]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Some proxies know no PATCH: the protocol has another name for it."""
        if request.method == "POST":
            meant = request.headers.get("X-HTTP-Method-Override", request.method)
            request.method = meant.upper()
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_free = request.method in (HTTPMethod.GET, HTTPMethod.OPTIONS)
        if not is_free and request.headers.get("Tus-Resumable") != VERSION:
            raise UnsupportedVersion

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Tus-Resumable"] = VERSION
        if final.status_code == UnsupportedVersion.status_code:
            final["Tus-Version"] = VERSION
        return final

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": ",".join(EXTENSIONS),
            "Tus-Max-Size": str(max(settings.MAX_UPLOAD_BYTES, settings.MAX_FILM_BYTES)),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=204, headers=headers)


def headers_of(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
    }


def number(request: Request, header: str) -> int:
    """
    Raises:
        ValidationError: there is no such header, or it is no number.
    """
    digits = request.headers.get(header, "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise _invalid(header, _("This header has to be a whole number of bytes."))
    return int(digits)


def body(request: Request) -> IO[bytes]:
    """
    Raises:
        UnsupportedMediaType: the body is no part of a file.
    """
    return cast("IO[bytes]", request.data)


def body_length(request: Request) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def metadata(request: Request) -> dict[str, str]:
    """Texts by name.

    Raises:
        ValidationError: they are not as tus has them, or no text.
    """
    entries = [entry.split(" ") for entry in _entries(request.headers.get("Upload-Metadata", ""))]
    try:
        found = {name: _decoded(*value) for name, *value in entries}
    except (TypeError, ValueError) as error:
        message = _("This header has to be names with texts in UTF-8, encoded in Base64.")
        raise _invalid("Upload-Metadata", message) from error
    if len(found) < len(entries) or "" in found:
        raise _invalid("Upload-Metadata", _("Each name in this header has to be there once."))
    return found


def _entries(header: str) -> list[str]:
    return [entry.strip() for entry in header.split(",")] if header.strip() else []


def _decoded(value: str = "") -> str:
    text = base64.b64decode(value, validate=True).decode()
    check_text(text)
    return text


def as_header(texts: dict[str, str]) -> str:
    """The metadata as the client sent it."""
    encoded = ((name, base64.b64encode(text.encode()).decode()) for name, text in texts.items())
    return ",".join(f"{name} {value}".rstrip() for name, value in encoded)


def checksum(request: Request) -> Checksum | None:
    """
    Raises:
        ValidationError: it is not as tus has it, or by an algorithm that is not offered.
    """
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, digest = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _invalid("Upload-Checksum", _("This checksum is of a kind that is not known here."))
    try:
        return Checksum(algorithm, base64.b64decode(digest, validate=True))
    except ValueError as error:
        raise _invalid("Upload-Checksum", _("The checksum has to be in Base64.")) from error


def _invalid(header: str, message: str) -> ValidationError:
    return ValidationError({header: [message]})
