"""The people, tags and places of one's photos: what there is, another name, and an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from gallery import label_lists, renaming
from gallery.api.generics import GenericAPIView, ListAPIView
from gallery.api.label_serializers import (
    PersonSerializer,
    PlaceSerializer,
    RenamePlaceSerializer,
    RenameSerializer,
    TagSerializer,
)
from gallery.api.pagination import NumberedPagination
from gallery.api.permissions import current_user
from gallery.api.problems import NameTaken
from gallery.label_lists import Entry


class Labels(GenericAPIView[Any]):
    """
    Attributes:
        labels: those of somebody.
        entries: with their numbers, for some of them.
    """

    pagination_class = NumberedPagination
    labels: ClassVar[Callable[[User], QuerySet[Any]]]
    entries: ClassVar[Callable[[User, Sequence[Any]], list[Entry]]]

    def get_queryset(self) -> QuerySet[Any]:
        return type(self).labels(current_user(self.request))


class LabelList(ListAPIView[Any], Labels):
    owner_path = "pk"

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        labels = super().paginate_queryset(queryset) or []
        return type(self).entries(current_user(self.request), labels)


class LabelDetail(Labels):
    problems = {"PATCH": (409,)}
    owner_path = "owner_id"

    def get(self, request: Request, pk: UUID) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=RenameSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Give it another name. Where another one has this name, `merge` lets the two become one, which is returned."""
        label = self.get_object()
        order = RenameSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        name = order.validated_data["name"]
        if renaming.namesake(label, name) and not order.validated_data["merge"]:
            raise NameTaken
        return self._shown(renaming.rename(label, name))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take it from all photos, which stay."""
        renaming.delete(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shown(self, label: Any) -> Response:
        entry = _only(type(self).entries(current_user(self.request), [label]))
        return Response(self.get_serializer(entry).data)


def _only(entries: list[Entry]) -> Entry:
    """None is there when its photos went to the trash at the same time."""
    if not entries:
        raise Http404
    return entries[0]


class People(Labels):
    serializer_class = PersonSerializer
    labels = label_lists.people
    entries = label_lists.people_entries


class Tags(Labels):
    serializer_class = TagSerializer
    labels = label_lists.tags
    entries = label_lists.tag_entries


class PersonList(People, LabelList):
    """Who is in your photos, by name."""


class PersonDetail(People, LabelDetail):
    """Somebody who is in photos of yours."""


class TagList(Tags, LabelList):
    """The tags of your photos, by name."""


class TagDetail(Tags, LabelDetail):
    """A tag of photos of yours."""


class PlaceList(ListAPIView[Any]):
    """Where your photos were taken, by name."""

    serializer_class = PlaceSerializer
    pagination_class = NumberedPagination
    owner_path = "pk"

    def get_queryset(self) -> QuerySet[Any, Any]:
        return label_lists.places(current_user(self.request))

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        places = super().paginate_queryset(queryset) or []
        return label_lists.place_entries(current_user(self.request), places)


class PlaceRename(GenericAPIView[Any]):
    """Another name for a place of your photos."""

    serializer_class = RenamePlaceSerializer

    @extend_schema(responses=PlaceSerializer)
    def post(self, request: Request) -> Response:
        order = self.get_serializer(data=request.data)
        order.is_valid(raise_exception=True)
        owner, names = current_user(request), order.validated_data
        place, name = names["place"], names["name"]
        known = set(label_lists.places(owner).filter(place__in=[place, name]))
        if place not in known:
            raise Http404
        if name in known - {place} and not names["merge"]:
            raise NameTaken
        renaming.rename_place(owner, place, name)
        entry = _only(label_lists.place_entries(owner, [name]))
        return Response(PlaceSerializer(entry, context=self.get_serializer_context()).data)
