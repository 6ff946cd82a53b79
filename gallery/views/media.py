"""Files. Permissions are checked on every request; files of others are 404."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from colorizer.engine.imageio.formats import DISPLAY_SIDE
from colorizer.models import Colorization
from filestore.models import StoredFile
from filestore.serving import serve, serve_copy
from filestore.temporary import temporary_folder
from gallery import embedding
from gallery.file_names import archive_name, original_name, result_name
from gallery.models import Archive, Photo
from gallery.queries import visible_colorizations

Purpose = StoredFile.Purpose
SHOWN_BY_BROWSERS: Final = ("image/jpeg", "image/png", "image/webp")


@require_safe
def photo_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return serve(request, thumbnail_of(request, photo.original_id))


@require_safe
def photo_display(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return serve(request, _derivative(photo.original_id, Purpose.DISPLAY))


@require_safe
def photo_original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    photos = Photo.objects.downloadable_by(request.user).select_related("original")
    photo = get_object_or_404(photos, pk=pk)
    return _download(request, photo.original, photo, original_name(photo))


@require_safe
def colorization_preview(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return serve(request, _derivative(_result(request, pk), Purpose.PREVIEW))


@require_safe
def colorization_unadjusted(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What the network made, for whoever adjusts it: in full where a screen has room, else the preview."""
    own = Colorization.objects.editable_by(request.user).succeeded()
    version = get_object_or_404(own.select_related("result", "source__photo"), pk=pk)
    before = version.adjusted.unadjusted if version.adjusted else None
    file, photo = before or _present(version.result), version.source.photo
    is_shown = file.content_type in SHOWN_BY_BROWSERS
    if is_shown and max(photo.width, photo.height) <= DISPLAY_SIDE:
        return serve(request, file)
    return serve(request, _derivative(file.pk, Purpose.PREVIEW))


@require_safe
def colorization_thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return serve(request, thumbnail_of(request, _result(request, pk)))


@require_safe
def colorization_film(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """To be played; whoever may see a film may. The gray one is made of it on the page."""
    succeeded = visible_colorizations(request.user).succeeded()
    colorization = get_object_or_404(succeeded.select_related("result"), pk=pk)
    result = _present(colorization.result)
    if not result.content_type.startswith("video/"):
        raise Http404(_("This is no film."))
    return serve(request, result)


@require_safe
def colorization_image(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    succeeded = Colorization.objects.visible_to(request.user).succeeded()
    colorization = get_object_or_404(succeeded.select_related("result", "source__photo"), pk=pk)
    photo = colorization.source.photo
    name = result_name(photo, colorization)
    return _download(request, _present(colorization.result), photo, name)


def _download(request: HttpRequest, file: StoredFile, photo: Photo, name: str) -> HttpResponseBase:
    """As it is; with what is known of the photo inside (`?details=yes`); or only that, as XMP."""
    match request.GET.get("details", ""):
        case "" | "no" | "false":
            return serve(request, file, download_as=name)
        case "yes" | "true":
            return _with_details(request, file, photo, name)
        case "xmp":
            return _sidecar(photo, name)
        case _:
            raise BadRequest(_("“details” has to be yes, no or xmp."))


def _with_details(
    request: HttpRequest, file: StoredFile, photo: Photo, name: str
) -> HttpResponseBase:
    prefetch_related_objects([photo], "people", "tags")  # which are asked for twice
    if not embedding.has_details(file, photo):
        return serve(request, file, download_as=name)
    try:
        with temporary_folder() as folder:
            copy = embedding.with_details(file, photo, folder)
            return serve_copy(copy, file.content_type, name)
    except embedding.DetailsNotEmbeddedError as error:
        hint = _("%(reason)s Ask for details=xmp: they come in a file of their own.")
        raise BadRequest(hint % {"reason": error}) from error


def _sidecar(photo: Photo, name: str) -> HttpResponseBase:
    file_name = str(PurePosixPath(name).with_suffix(embedding.SIDECAR_SUFFIX))
    return FileResponse(
        BytesIO(embedding.sidecar(photo)),
        as_attachment=True,
        filename=file_name,
        content_type=embedding.SIDECAR_CONTENT_TYPE,
    )


@require_safe
def archive_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One of its parts; without `part` in the address the first, which most archives have alone."""
    finished = Archive.objects.visible_to(request.user).exclude(expires_at=None)
    archive = get_object_or_404(finished, pk=pk)
    parts = list(archive.parts.select_related("file"))
    asked = request.GET.get("part", "1")
    for part in parts:
        if str(part.number) == asked:
            name = archive_name(archive, part.number, len(parts))
            return serve(request, part.file, download_as=name)
    raise Http404(_("The archive has no such part."))


def _result(request: HttpRequest, pk: UUID) -> UUID:
    succeeded = visible_colorizations(request.user).succeeded()
    colorization = get_object_or_404(succeeded.select_related("result"), pk=pk)
    return _present(colorization.result).pk


def _present(file: StoredFile | None) -> StoredFile:
    if file is None:
        raise Http404(_("There is no file."))
    return file


def thumbnail_of(request: HttpRequest, derived_from: UUID) -> StoredFile:
    """`?size=small` is the small one, which pictures of earlier versions of the site do not have."""
    if request.GET.get("size") == "small":
        small = StoredFile.objects.filter(derived_from=derived_from, purpose=Purpose.SMALL).first()
        return small or _derivative(derived_from, Purpose.THUMBNAIL)
    return _derivative(derived_from, Purpose.THUMBNAIL)


def _derivative(derived_from: UUID, purpose: StoredFile.Purpose) -> StoredFile:
    return get_object_or_404(StoredFile, derived_from=derived_from, purpose=purpose)
