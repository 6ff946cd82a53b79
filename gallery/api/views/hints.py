"""Trying hints on a photo before they are kept with a version: previews, colors for a place, references."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer import guided_previews
from colorizer.guided_previews import Picture
from colorizer.models import Colorization
from colorizer.services import require_photo
from filestore.models import StoredFile
from filestore.upload_handler import takes_files
from gallery.api import conditional
from gallery.api.generics import ApiView, GenericAPIView
from gallery.api.hint_preview_serializers import (
    HintPlaceSerializer,
    HintPreviewSerializer,
    PlausibleColorsSerializer,
    ReferencePhotoSerializer,
    ReferenceSerializer,
    ReferenceSourceSerializer,
)
from gallery.api.hint_serializers import refused_as_reference
from gallery.api.parsers import JSONParser, MultiPartParser
from gallery.api.views.media import IgnoreAccept
from gallery.models import Photo
from gallery.versions import shown_of


class HintsView(GenericAPIView[Photo]):
    """For the owner of a photo. Nothing is kept, so that a request may be sent again without a key."""

    stability = "beta"
    throttle_scope = "preview"
    keeps_answers = False
    problems = {"POST": (409,)}

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.editable_by(self.request.user).select_related("original")

    def wanted(self, photo: Photo) -> dict[str, Any]:
        """What the functions of `guided_previews` take."""
        context = {**self.get_serializer_context(), "photo": photo}
        options = self.get_serializer(data=self.request.data, context=context)
        options.is_valid(raise_exception=True)
        seconds = options.validated_data.pop("seconds", None)
        picture = Picture(photo.original, (photo.width, photo.height), seconds)
        return {"picture": picture, **options.validated_data}


class HintsPreview(HintsView):
    """What hints and a reference photo would make of your photo, for a screen: at once, and not kept.

    Of a film, what they would make of one frame. Hints that are followed to it from other frames are not among them.
    """

    serializer_class = HintPreviewSerializer
    content_negotiation_class = IgnoreAccept

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        wanted = self.wanted(self.get_object())
        with refused_as_reference():
            return HttpResponse(guided_previews.preview(**wanted), content_type="image/jpeg")


class HintsColors(HintsView):
    """Colors that would be plausible at a place of your photo, or of a frame, to choose one for a hint."""

    serializer_class = HintPlaceSerializer

    @extend_schema(operation_id="get_photo_hint_colors", responses={200: PlausibleColorsSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        wanted = self.wanted(self.get_object())
        place = (wanted.pop("x"), wanted.pop("y"))
        with refused_as_reference():
            colors = guided_previews.plausible_colors(**wanted, place=place)
        return Response(PlausibleColorsSerializer({"colors": colors}).data)


@takes_files(1)
class HintsReference(HintsView):
    """A photo whose colors your photo is to take, made so small that it can be sent with hints. It is not kept."""

    serializer_class = ReferenceSourceSerializer
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="create_photo_hint_reference",
        request={
            "application/json": ReferencePhotoSerializer,
            "multipart/form-data": ReferenceSourceSerializer,
        },
        responses={200: ReferenceSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        self.get_object()
        source = self.get_serializer(data=request.data)
        source.is_valid(raise_exception=True)
        reference = _reference_of(**source.validated_data)
        return Response({"reference": base64.b64encode(reference).decode()})


def _reference_of(image: Any = None, photo: Photo | None = None) -> bytes:
    if photo is None:
        return guided_previews.reference_of_upload(image)
    require_photo(photo.original_id)
    return guided_previews.reference_of_file(_picture_of(photo))


def _picture_of(photo: Photo) -> StoredFile:
    """In color, as far as there is anything in color."""
    version = shown_of(Colorization.objects.kept().succeeded().filter(source=photo.original_id))
    shown = (
        {"derived_from": version.result_id, "purpose": StoredFile.Purpose.PREVIEW}
        if version
        else {"derived_from": photo.original_id, "purpose": StoredFile.Purpose.DISPLAY}
    )
    return get_object_or_404(StoredFile, **shown)


class ColorizationReference(ApiView):
    """The photo whose colors one of your versions has, as small as it was kept; 404 without one."""

    stability = "beta"
    content_negotiation_class = IgnoreAccept

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        own = Colorization.objects.editable_by(request.user)
        guided = get_object_or_404(own, pk=pk).guided
        if guided is None or not guided.has_reference:
            raise Http404(_("This version was made without a reference photo."))
        picture = HttpResponse(bytes(guided.reference), content_type="image/png")
        return conditional.compared(request, picture)
