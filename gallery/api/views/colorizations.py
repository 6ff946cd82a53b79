from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import CreateAPIView, GenericAPIView, RetrieveDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from colorizer.models import Colorization, ColorizationQuerySet
from colorizer.services import cancel, cancel_all
from gallery import services
from gallery.api.answers import pollable
from gallery.api.problems import AlreadyFinished
from gallery.api.rights import member, permitted
from gallery.api.serializers import (
    CancelAllSerializer,
    ColorizationSerializer,
    ReportSerializer,
    WaitingColorizationSerializer,
)
from gallery.models import Report


class ColorizationDetail(RetrieveDestroyAPIView[Colorization]):
    """One colorization. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = WaitingColorizationSerializer

    def get_queryset(self) -> QuerySet[Colorization]:
        return permitted(Colorization.objects.all(), self.request)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return pollable(self.get_serializer(self.get_object()))

    def perform_destroy(self, instance: Colorization) -> None:
        services.delete_colorization(instance)


class ColorizationCancel(GenericAPIView[Colorization]):
    """Stop a colorization that is queued or running."""

    serializer_class = ColorizationSerializer

    def get_queryset(self) -> QuerySet[Colorization]:
        return Colorization.objects.editable_by(self.request.user)

    @extend_schema(request=None)
    def post(self, request: Request, pk: str) -> Response:
        colorization = self.get_object()
        if not cancel(colorization):
            raise AlreadyFinished
        colorization.refresh_from_db()
        return Response(self.get_serializer(colorization).data)


class ColorizationsCancel(GenericAPIView[Colorization]):
    """Stop all your colorizations that are queued or running, or those of one album."""

    serializer_class = CancelAllSerializer

    def get_queryset(self) -> ColorizationQuerySet:
        return Colorization.objects.editable_by(self.request.user)

    @extend_schema(operation_id="colorizations_cancel_all")
    def post(self, request: Request) -> Response:
        choice = self.get_serializer(data=request.data)
        choice.is_valid(raise_exception=True)
        pairs = self.get_queryset()
        if album := choice.validated_data.get("album"):
            pairs = pairs.filter(photo__album=album)
        return Response({"cancelled": cancel_all(pairs)})


class ColorizationReports(CreateAPIView[Report]):
    """Tell our staff about a pair that should not be public."""

    serializer_class = ReportSerializer
    throttle_scope = "report"

    def perform_create(self, serializer: BaseSerializer[Report]) -> None:
        published = Colorization.objects.visible_to(AnonymousUser()).succeeded()
        pair = get_object_or_404(published, pk=self.kwargs["pk"])
        reporter = member(self.request)
        serializer.instance = services.report(pair, reporter, **serializer.validated_data)
