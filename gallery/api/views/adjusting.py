"""Adjusting the colors of a version, without the network."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_202_ACCEPTED

from colorizer import adjusting
from colorizer.models import Colorization
from colorizer.services import require_photo
from gallery.api.adjustment_serializers import AdjustmentsSerializer, VersionAdjustmentsSerializer
from gallery.api.generics import GenericAPIView
from gallery.api.parsers import JSONParser
from gallery.api.responses import POLL_SECONDS
from gallery.api.views.media import NO_FILE_YET, PICTURE, FileView, require_success
from gallery.views import media


class ColorizationAdjustments(GenericAPIView[Colorization]):
    """How one of your versions is adjusted. Send If-Match when others may adjust it, too."""

    serializer_class = VersionAdjustmentsSerializer
    # A form has no strokes in it: described, generated clients would send one.
    parser_classes = [JSONParser]
    stability = "beta"
    throttle_scope = "job"
    problems = {"GET": (409,), "PUT": (409,), "DELETE": (409,)}
    response_headers = {"GET": ("Retry-After",), "PUT": ("Retry-After",)}
    http_method_names = ["get", "head", "options", "put", "delete"]
    owner_path = "owner_id"

    def get_queryset(self) -> QuerySet[Colorization]:
        return Colorization.objects.editable_by(self.request.user)

    def get_object(self) -> Colorization:
        version = super().get_object()
        require_success(version.job)
        require_photo(version.source_id)
        return version

    @extend_schema(responses=VersionAdjustmentsSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """As they were saved last, and how far the files are with them."""
        return self._described(self.get_object())

    @extend_schema(
        request=AdjustmentsSerializer,
        responses={200: VersionAdjustmentsSerializer, 202: VersionAdjustmentsSerializer},
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Save them: 202 while the full-size file is being made, 200 when there is nothing (left) to do."""
        choices = AdjustmentsSerializer(data=request.data)
        choices.is_valid(raise_exception=True)
        wanted = choices.validated_data["adjustments"]
        response = self._described(adjusting.save(self.get_object(), wanted))
        if "Retry-After" in response:
            response.status_code = HTTP_202_ACCEPTED
        return response

    @extend_schema(responses={200: VersionAdjustmentsSerializer})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Back to what the network made, at once and without loss."""
        return self._described(adjusting.save(self.get_object(), adjusting.NOTHING))

    def _described(self, version: Colorization) -> Response:
        response = Response(self.get_serializer(version).data)
        if version.adjusted and not version.adjusted.job.is_finished:
            response["Retry-After"] = str(POLL_SECONDS)
        return response


class ColorizationUnadjusted(FileView):
    """What the network made, for a screen: to try adjustments on. For its owner."""

    problems = NO_FILE_YET
    stability = "beta"

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        own = Colorization.objects.editable_by(request.user)
        require_success(get_object_or_404(own, pk=pk).job)
        return media.colorization_unadjusted(request, pk)
