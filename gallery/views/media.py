"""Pictures, asked for by way of the viewer's rights on every request; others' pictures are 404."""

from __future__ import annotations

from pathlib import PurePosixPath
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from colorizer.models import Colorization
from gallery.models import Photo

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".avif": "image/avif",
}


@require_safe
def photo_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return serve(request, photo.thumbnail)


@require_safe
def photo_display(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return serve(request, photo.display)


@require_safe
def photo_original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.downloadable_by(request.user), pk=pk)
    return serve(request, photo.original, download_as=original_name(photo))


@require_safe
def colorization_preview(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    pair = get_object_or_404(Colorization.objects.visible_to(request.user).succeeded(), pk=pk)
    return serve(request, pair.preview)


@require_safe
def colorization_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    pair = get_object_or_404(Colorization.objects.visible_to(request.user).succeeded(), pk=pk)
    return serve(request, pair.thumbnail)


@require_safe
def colorization_image(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    pairs = Colorization.objects.downloadable_by(request.user).succeeded()
    pair = get_object_or_404(pairs.select_related("photo"), pk=pk)
    return serve(request, pair.result, download_as=result_name(pair))


def original_name(photo: Photo) -> str:
    """The uploader's name for the file, with the suffix of what it really is."""
    return _named(photo.original_name, "", photo.original)


def result_name(pair: Colorization) -> str:
    return _named(pair.photo.original_name, f"-{pair.variant}", pair.result)


def _named(original_name: str, ending: str, file: FieldFile) -> str:
    return f"{PurePosixPath(original_name).stem}{ending}{_suffix(file)}"


def _suffix(file: FieldFile) -> str:
    return PurePosixPath(file.name or "").suffix


def serve(request: HttpRequest, file: FieldFile, download_as: str = "") -> HttpResponseBase:
    """A stored picture. Browsers keep it, but ask each time: rights can end with any request."""
    etag = quote_etag(PurePosixPath(file.name or "").name)  # files are never changed under a name
    response = get_conditional_response(request, etag=etag) or _file_response(file, download_as)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file_response(file: FieldFile, download_as: str) -> FileResponse:
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404("This picture was just deleted.") from error
    return FileResponse(
        content,
        as_attachment=bool(download_as),
        filename=download_as,
        content_type=CONTENT_TYPES[_suffix(file)],
    )
