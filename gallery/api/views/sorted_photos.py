"""One's photos by the date they were taken, and those that were uploaded more than once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import duplicates, queries, timeline
from gallery.api.generics import ApiView, ListAPIView
from gallery.api.label_serializers import (
    DuplicatesSerializer,
    GroupSerializer,
    KeptSerializer,
)
from gallery.api.pagination import NumberedPagination
from gallery.api.permissions import current_user
from gallery.models import Photo


class Timeline(ApiView):
    """How many of your photos were taken when: decades and years in their order, last those without a date."""

    owner_path = "pk"

    @extend_schema(responses=GroupSerializer(many=True))
    def get(self, request: Request) -> Response:
        owner = current_user(request)
        context = {"months": timeline.months(owner)}
        groups: Any = timeline.groups(owner)
        return Response(GroupSerializer(groups, many=True, context=context).data)


class Duplicates(ListAPIView[Any]):
    """Your photos that were uploaded more than once, by the checksum of their files."""

    serializer_class = DuplicatesSerializer
    pagination_class = NumberedPagination
    owner_path = "pk"

    def get_queryset(self) -> Any:
        return duplicates.checksums(current_user(self.request))

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        checksums: Sequence[str] = super().paginate_queryset(queryset) or []
        owner = current_user(self.request)
        groups = duplicates.groups(owner, checksums)
        photos = list(chain.from_iterable(groups))
        queries.add_few_colorizations(photos, owner)
        prefetch_related_objects(photos, "people", "tags")
        return [{"sha256": same[0].original.sha256, "photos": same} for same in groups]


class KeepOnly(ApiView):
    """Keep this one of the photos with the same bytes: the others go to the trash."""

    @extend_schema(request=None, responses=KeptSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        own = Photo.objects.editable_by(request.user).select_related("album__owner", "original")
        number, _moment = duplicates.keep_only(get_object_or_404(own, pk=pk))
        return Response({"number": number})
