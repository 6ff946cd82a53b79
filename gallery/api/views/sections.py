"""Sections of albums."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.serializers import BaseSerializer

from gallery import arranging
from gallery.api.album_serializers import SectionSerializer
from gallery.api.generics import (
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.permissions import accessible
from gallery.models import Album, Section


class AlbumSections(ListCreateAPIView[Section]):
    """The sections of an album, in their order."""

    serializer_class = SectionSerializer
    pagination_class = None
    throttle_scope = "album"
    owner_path = "owner_id"

    def get_album(self) -> Album:
        return get_object_or_404(
            accessible(Album.objects.all(), self.request), pk=self.kwargs["pk"]
        )

    def get_queryset(self) -> QuerySet[Section]:
        self.about = self.get_album()
        sections: QuerySet[Section] = self.about.sections.all()
        return sections

    def perform_create(self, serializer: BaseSerializer[Section]) -> None:
        serializer.save(album=self.get_album())


class SectionDetail(RetrieveUpdateDestroyAPIView[Section]):
    """One section. What is deleted is the heading: its photos stay."""

    serializer_class = SectionSerializer
    owner_path = "album.owner_id"
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Section]:
        albums = accessible(Album.objects.all(), self.request)
        return Section.objects.filter(album__in=albums).select_related("album")

    def perform_destroy(self, instance: Section) -> None:
        arranging.delete_section(instance)
