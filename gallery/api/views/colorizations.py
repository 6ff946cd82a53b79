from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer.models import Colorization, ColorizationQuerySet
from colorizer.services import cancel_all
from gallery import services
from gallery.api.colorization_filters import ColorizationFilterSerializer, wanted
from gallery.api.colorization_serializers import (
    CancelAllSerializer,
    ColorizationSerializer,
    WaitingColorizationSerializer,
)
from gallery.api.generics import GenericAPIView, ListAPIView, RetrieveUpdateDestroyAPIView
from gallery.api.pagination import NewestColorizationsPagination
from gallery.api.permissions import accessible_colorizations, current_user
from gallery.api.problems import AlreadyFinished, NotRetryable
from gallery.api.responses import accepted, pollable
from gallery.api.waiting import PREFER, WAITED, when_changed
from jobs.services import cancel, retry_own


@extend_schema_view(get=extend_schema(parameters=[ColorizationFilterSerializer]))
class ColorizationList(ListAPIView[Colorization]):
    """Your colorizations, newest first: all of them, or those that fit all parameters."""

    serializer_class = ColorizationSerializer
    query_serializer = ColorizationFilterSerializer
    pagination_class = NewestColorizationsPagination
    owner_path = "pk"

    def get_queryset(self) -> QuerySet[Colorization]:
        filters = ColorizationFilterSerializer(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        return wanted(current_user(self.request), filters.validated_data)


@extend_schema_view(get=extend_schema(parameters=[PREFER]))
class ColorizationDetail(RetrieveUpdateDestroyAPIView[Colorization]):
    """One colorization. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = WaitingColorizationSerializer
    problems = {"PATCH": (409,)}
    response_headers = WAITED
    owner_path = "owner_id"
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Colorization]:
        return accessible_colorizations(self.request).select_related("source__photo", "result")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        colorization = self.get_object()
        return when_changed(request, pollable(self.get_serializer(colorization)), colorization.job)

    def perform_destroy(self, instance: Colorization) -> None:
        services.trash_colorization(instance)


class ColorizationAction(GenericAPIView[Colorization]):
    """What is done with the job of one of your own."""

    serializer_class = ColorizationSerializer

    def get_queryset(self) -> QuerySet[Colorization]:
        found = accessible_colorizations(self.request)
        return found.select_related("source__photo", "result", "job__owner")


class ColorizationCancel(ColorizationAction):
    """Stop a colorization that is queued or running."""

    @extend_schema(request=None)
    def post(self, request: Request, pk: UUID) -> Response:
        colorization = self.get_object()
        if not cancel(colorization.job):
            raise AlreadyFinished
        colorization.job.refresh_from_db()
        return Response(self.get_serializer(colorization).data)


class ColorizationRetry(ColorizationAction):
    """Queue a colorization again that failed or was cancelled. It goes before your others."""

    serializer_class = WaitingColorizationSerializer
    throttle_scope = "job"

    @extend_schema(request=None, responses={202: WaitingColorizationSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        colorization = self.get_object()
        if not retry_own(colorization.job, goes_first=True):
            raise NotRetryable
        colorization.job.refresh_from_db()
        return accepted(self.get_serializer(colorization))


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
