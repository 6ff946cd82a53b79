from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer.models import Colorization, ColorizationQuerySet
from colorizer.services import cancel_all
from gallery import services
from gallery.api.colorization_serializers import (
    CancelAllSerializer,
    ColorizationSerializer,
    WaitingColorizationSerializer,
)
from gallery.api.generics import GenericAPIView, RetrieveDestroyAPIView
from gallery.api.permissions import accessible_colorizations
from gallery.api.problems import AlreadyFinished
from gallery.api.responses import pollable
from gallery.api.waiting import PREFER, when_changed
from jobs.services import cancel


@extend_schema_view(get=extend_schema(parameters=[PREFER]))
class ColorizationDetail(RetrieveDestroyAPIView[Colorization]):
    """One colorization. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = WaitingColorizationSerializer

    def get_queryset(self) -> QuerySet[Colorization]:
        return accessible_colorizations(self.request).select_related("source__photo", "result")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        colorization = self.get_object()
        return when_changed(request, pollable(self.get_serializer(colorization)), colorization.job)

    def perform_destroy(self, instance: Colorization) -> None:
        services.trash_colorization(instance)


class ColorizationCancel(GenericAPIView[Colorization]):
    """Stop a colorization that is queued or running."""

    serializer_class = ColorizationSerializer
    problems = {"POST": (409,)}

    def get_queryset(self) -> QuerySet[Colorization]:
        return accessible_colorizations(self.request).select_related("source__photo", "result")

    @extend_schema(request=None)
    def post(self, request: Request, pk: str) -> Response:
        colorization = self.get_object()
        if not cancel(colorization.job):
            raise AlreadyFinished
        colorization.job.refresh_from_db()
        return Response(self.get_serializer(colorization).data)


class ColorizationsCancel(GenericAPIView[Colorization]):
    """Stop all your colorizations that are queued or running, or those of one album."""

    serializer_class = CancelAllSerializer

    def get_queryset(self) -> ColorizationQuerySet:
        return accessible_colorizations(self.request)

    def post(self, request: Request) -> Response:
        choice = self.get_serializer(data=request.data)
        choice.is_valid(raise_exception=True)
        colorizations = self.get_queryset()
        if album := choice.validated_data.get("album"):
            colorizations = colorizations.filter(source__photo__album=album)
        return Response({"cancelled": cancel_all(colorizations)})
