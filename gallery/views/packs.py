"""Tiles of pictures and previews of styles, each out of its pack, for whoever may see the picture itself."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from colorizer import packs
from colorizer.models import PicturePack
from filestore.models import StoredFile
from filestore.serving import serve_part
from gallery.models import Photo
from gallery.queries import visible_colorizations
from jobs.models import Job

Content = PicturePack.Content
JPEG, WEBP = "image/jpeg", "image/webp"


@require_safe
def photo_tiles(request: HttpRequest, pk: UUID) -> JsonResponse:
    return tiles_of(_original(request, pk))


@require_safe
def colorization_tiles(request: HttpRequest, pk: UUID) -> JsonResponse:
    return tiles_of(_result(request, pk))


@require_safe
def photo_tile(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return member_of(request, _original(request, pk), Content.TILES, JPEG)


@require_safe
def colorization_tile(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return member_of(request, _result(request, pk), Content.TILES, JPEG)


@require_safe
def style(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Previews are for who may color the photo."""
    photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=pk)
    return member_of(request, photo.original, Content.STYLES, WEBP)


def _original(request: HttpRequest, pk: UUID) -> StoredFile:
    photos = Photo.objects.visible_to(request.user).select_related("original__owner")
    return get_object_or_404(photos, pk=pk).original


def _result(request: HttpRequest, pk: UUID) -> StoredFile:
    succeeded = visible_colorizations(request.user).succeeded().select_related("result__owner")
    return cast("StoredFile", get_object_or_404(succeeded, pk=pk).result)


def tiles_of(picture: StoredFile) -> JsonResponse:
    """How the tiles are made, or how far they are. Who asks first has them made."""
    pack = packs.request(picture, Content.TILES)
    answer: dict[str, Any] = {"state": pack.job.state}
    if pack.job.state == Job.State.SUCCEEDED:
        levels = [int(name.split("/")[0]) for name in pack.members]
        answer |= {
            "side": packs.TILE_SIDE,
            "overlap": packs.TILE_OVERLAP,
            "highest": max(levels),
        }
    return JsonResponse(answer)


def member_of(
    request: HttpRequest, picture: StoredFile, content: Content, content_type: str
) -> HttpResponseBase:
    """`?name=` says which: a tile by level, column and row ("12/3_4"), or a preview by its style."""
    name = request.GET.get("name", "")
    pack = PicturePack.objects.select_related("file").filter(picture=picture, content=content)
    found = pack.first()
    if found is None or found.file is None or name not in found.members:
        raise Http404(_("There is no such picture."))
    start, length = found.members[name]
    return serve_part(request, found.file, start, length, content_type)
