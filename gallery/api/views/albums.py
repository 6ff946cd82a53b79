from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import queries, services
from gallery.api.album_serializers import AlbumSerializer
from gallery.api.arranging_serializers import ArrangementSerializer, PhotoOrderFilterSerializer
from gallery.api.generics import (
    GenericAPIView,
    ListAPIView,
    ListCreateAPIView,
    ReadAgain,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.pagination import AlbumPhotosPagination, KeysFirstPagination
from gallery.api.permissions import accessible, current_user
from gallery.api.views.photos import PhotoView
from gallery.models import Album, Photo, PhotoQuerySet

COUNTED: Final = ("cover", "cover_thumbnail_url", "photo_count", "colored_count")
"""Fields that take subqueries."""


class AlbumList(ReadAgain[Album], ListCreateAPIView[Album]):
    """Your albums, newest first."""

    serializer_class = AlbumSerializer
    pagination_class = KeysFirstPagination
    throttle_scope = "album"
    owner_path = "pk"

    def get_queryset(self) -> QuerySet[Album]:
        owner = current_user(self.request)
        if not self.wants(*COUNTED):
            return Album.objects.editable_by(owner)
        return queries.with_own_colored_count(queries.own_albums(owner))


class AlbumDetail(ReadAgain[Album], RetrieveUpdateDestroyAPIView[Album]):
    """One album: your own, or a published one."""

    serializer_class = AlbumSerializer
    owner_path = "owner_id"
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Album]:
        viewer = self.request.user
        albums = accessible(Album.objects.all(), self.request)
        if not self.wants(*COUNTED):
            return albums
        return queries.with_colored_count(queries.with_overview(albums, viewer), viewer)

    def perform_destroy(self, instance: Album) -> None:
        services.trash_album(instance)


@extend_schema_view(get=extend_schema(parameters=[PhotoOrderFilterSerializer]))
class AlbumPhotos(PhotoView, ListAPIView[Photo]):
    """The photos of an album with a few of their colorizations, newest first or in another order."""

    query_serializer = PhotoOrderFilterSerializer
    pagination_class = AlbumPhotosPagination
    owner_path = "owner_id"

    def get_queryset(self) -> QuerySet[Photo]:
        user = self.request.user
        self.about = get_object_or_404(Album.objects.visible_to(user), pk=self.kwargs["pk"])
        return self.shown(in_order(self.request, Photo.objects.visible_to(user), self.about))


def in_order(request: Request, photos: PhotoQuerySet, album: Album) -> PhotoQuerySet:
    """Those of the album, in the order that the request asks for."""
    choice = PhotoOrderFilterSerializer(data=request.query_params)
    choice.is_valid(raise_exception=True)
    return choice.of_album(photos, album)


class AlbumOrder(GenericAPIView[Album]):
    """Arrange photos of your album by hand. From then on its photo_order is `by_hand`."""

    serializer_class = ArrangementSerializer

    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.editable_by(self.request.user)

    @extend_schema(responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        order = self.get_serializer(self.get_object(), data=request.data)
        order.is_valid(raise_exception=True)
        order.save()
        return Response(status=status.HTTP_204_NO_CONTENT)
