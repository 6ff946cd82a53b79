"""The public gallery, for whoever comes. It is the same for everybody: who asks is not looked at."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny

from gallery import queries
from gallery.api.arranging_serializers import PhotoOrderFilterSerializer
from gallery.api.generics import GenericAPIView, ListAPIView, Record, RetrieveAPIView
from gallery.api.pagination import AlbumPhotosPagination, NewestPublishedPagination
from gallery.api.public_serializers import PublicAlbumSerializer, PublicPhotoSerializer
from gallery.api.views.albums import in_order
from gallery.api.views.photos import PhotoView
from gallery.models import Album, AlbumQuerySet, Photo, Viewer

EVERYBODY = AnonymousUser()


class PublicView(GenericAPIView[Record]):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class PublicAlbums(PublicView[Album], ListAPIView[Album]):
    """Published albums that have something in color, the last published first."""

    serializer_class = PublicAlbumSerializer
    pagination_class = NewestPublishedPagination

    def get_queryset(self) -> QuerySet[Album]:
        return queries.with_colored_count(queries.public_albums(), EVERYBODY)


class PublicAlbum(PublicView[Album], RetrieveAPIView[Album]):
    """A published album."""

    serializer_class = PublicAlbumSerializer

    def get_queryset(self) -> AlbumQuerySet:
        albums = queries.with_public_overview(Album.objects.visible_to(EVERYBODY))
        return queries.with_colored_count(albums, EVERYBODY).select_related("owner")


@extend_schema_view(get=extend_schema(parameters=[PhotoOrderFilterSerializer]))
class PublicAlbumPhotos(PublicView[Photo], PhotoView, ListAPIView[Photo]):
    """The photos of a published album with a few of their results, newest first or in another order."""

    serializer_class = PublicPhotoSerializer
    query_serializer = PhotoOrderFilterSerializer
    pagination_class = AlbumPhotosPagination

    def viewer(self) -> Viewer:
        return EVERYBODY

    def get_queryset(self) -> QuerySet[Photo]:
        album = get_object_or_404(Album.objects.visible_to(EVERYBODY), pk=self.kwargs["pk"])
        return self.shown(in_order(self.request, Photo.objects.visible_to(EVERYBODY), album))
