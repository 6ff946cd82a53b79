from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from gallery import queries, services
from gallery.api.album_serializers import AlbumSerializer
from gallery.api.generics import ListAPIView, ListCreateAPIView, RetrieveUpdateDestroyAPIView
from gallery.api.permissions import accessible
from gallery.api.photo_serializers import PhotoSerializer
from gallery.api.views.photos import shown
from gallery.models import Album, Photo


class AlbumList(ListCreateAPIView[Album]):
    """Your albums, newest first."""

    serializer_class = AlbumSerializer
    throttle_scope = "album"

    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.editable_by(self.request.user)


class AlbumDetail(RetrieveUpdateDestroyAPIView[Album]):
    """One album: your own, or a published one."""

    serializer_class = AlbumSerializer
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Album]:
        return accessible(Album.objects.all(), self.request)

    def perform_destroy(self, instance: Album) -> None:
        services.trash_album(instance)


class AlbumPhotos(ListAPIView[Photo]):
    """The photos of an album with their colorizations, newest first."""

    serializer_class = PhotoSerializer

    def get_queryset(self) -> QuerySet[Photo]:
        user = self.request.user
        album = get_object_or_404(Album.objects.visible_to(user), pk=self.kwargs["pk"])
        return shown(self, queries.album_photos_with_latest(album, user))
