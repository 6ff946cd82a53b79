from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from gallery import queries, services
from gallery.api.album_serializers import AlbumSerializer
from gallery.api.generics import (
    ListAPIView,
    ListCreateAPIView,
    ReadAgain,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.pagination import NewestPhotosPagination
from gallery.api.permissions import accessible, current_user
from gallery.api.photo_serializers import PhotoSerializer
from gallery.api.views.photos import shown
from gallery.models import Album, Photo

COUNTED: Final = ("cover_thumbnail_url", "photo_count", "colored_count")
"""Fields that take subqueries."""


class AlbumList(ReadAgain[Album], ListCreateAPIView[Album]):
    """Your albums, newest first."""

    serializer_class = AlbumSerializer
    throttle_scope = "album"

    def get_queryset(self) -> QuerySet[Album]:
        owner = current_user(self.request)
        if not self.wants(*COUNTED):
            return Album.objects.editable_by(owner)
        return queries.with_colored_count(queries.own_albums(owner), owner)


class AlbumDetail(ReadAgain[Album], RetrieveUpdateDestroyAPIView[Album]):
    """One album: your own, or a published one."""

    serializer_class = AlbumSerializer
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Album]:
        viewer = self.request.user
        albums = accessible(Album.objects.all(), self.request)
        if not self.wants(*COUNTED):
            return albums
        return queries.with_colored_count(queries.with_overview(albums, viewer), viewer)

    def perform_destroy(self, instance: Album) -> None:
        services.trash_album(instance)


class AlbumPhotos(ListAPIView[Photo]):
    """The photos of an album with a few of their colorizations, newest first."""

    serializer_class = PhotoSerializer
    pagination_class = NewestPhotosPagination

    def get_queryset(self) -> QuerySet[Photo]:
        user = self.request.user
        album = get_object_or_404(Album.objects.visible_to(user), pk=self.kwargs["pk"])
        photos = Photo.objects.visible_to(user).filter(album=album)
        return shown(self, queries.with_few_colorizations(photos, user))
