"""Sections of albums, and photos that are moved and copied."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from gallery import arranging, copying, services
from gallery.api.album_serializers import SectionSerializer
from gallery.api.generics import (
    GenericAPIView,
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.permissions import accessible
from gallery.api.photo_serializers import PhotosToAlbumSerializer, PhotosToSectionSerializer
from gallery.models import Album, Photo, Section


class AlbumSections(ListCreateAPIView[Section]):
    """The sections of an album, in their order."""

    serializer_class = SectionSerializer
    pagination_class = None
    throttle_scope = "album"

    def get_album(self) -> Album:
        return get_object_or_404(
            accessible(Album.objects.all(), self.request), pk=self.kwargs["pk"]
        )

    def get_queryset(self) -> QuerySet[Section]:
        return self.get_album().sections.all()

    def perform_create(self, serializer: BaseSerializer[Section]) -> None:
        serializer.save(album=self.get_album())


class SectionDetail(RetrieveUpdateDestroyAPIView[Section]):
    """One section. What is deleted is the heading: its photos stay."""

    serializer_class = SectionSerializer
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Section]:
        albums = accessible(Album.objects.all(), self.request)
        return Section.objects.filter(album__in=albums).select_related("album")

    def perform_destroy(self, instance: Section) -> None:
        arranging.delete_section(instance)


class PhotosMove(GenericAPIView[Photo]):
    """Move photos into an album of yours; without a section they come before all sections."""

    serializer_class = PhotosToSectionSerializer

    @extend_schema(responses=PhotosToSectionSerializer)
    def post(self, request: Request) -> Response:
        order = self.get_serializer(data=request.data)
        order.is_valid(raise_exception=True)
        photos, album = order.validated_data["photos"], order.validated_data["album"]
        services.move_photos(photos, album)
        arranging.put_into_section(photos, album, order.validated_data.get("section"))
        return Response({"number": len(photos)})


class PhotosCopy(GenericAPIView[Photo]):
    """Copy photos into an album of yours, with their files and finished colorizations."""

    serializer_class = PhotosToAlbumSerializer
    problems = {"POST": (507,)}

    @extend_schema(responses=PhotosToAlbumSerializer)
    def post(self, request: Request) -> Response:
        order = self.get_serializer(data=request.data)
        order.is_valid(raise_exception=True)
        data: dict[str, Any] = order.validated_data
        return Response({"number": copying.copy_photos(data["photos"], data["album"])})
