"""Pictures: the pages' own answers, for whoever holds a token."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from colorizer.models import Colorization, ColorizationQuerySet
from gallery.api.problems import NotSucceeded
from gallery.views import media


class IgnoreAccept(BaseContentNegotiation):
    """`Accept: image/*` is no reason for 406: only problems are rendered, pictures are served."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


PICTURE = {(200, "image/*"): OpenApiTypes.BINARY}


class PictureView(APIView):
    content_negotiation_class = IgnoreAccept


class PhotoOriginal(PictureView):
    """The file as it was uploaded; for its owner."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_original(request, pk)


class PhotoDisplay(PictureView):
    """The photo for a screen: upright, without metadata."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_display(request, pk)


class PhotoThumbnail(PictureView):
    """The photo in small: upright, without metadata."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_thumbnail(request, pk)


class ColorizationImage(PictureView):
    """The result in full resolution; for its owner."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(Colorization.objects.downloadable_by(request.user), pk)
        return media.colorization_image(request, pk)


class ColorizationPreview(PictureView):
    """The result for a screen."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(Colorization.objects.visible_to(request.user), pk)
        return media.colorization_preview(request, pk)


class ColorizationThumbnail(PictureView):
    """The result for a list."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(Colorization.objects.visible_to(request.user), pk)
        return media.colorization_thumbnail(request, pk)


def require_success(pairs: ColorizationQuerySet, pk: UUID) -> None:
    """Tell who may see the pair that there is no picture yet, instead of 404."""
    if get_object_or_404(pairs, pk=pk).state != Colorization.State.SUCCEEDED:
        raise NotSucceeded
