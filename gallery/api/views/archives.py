"""Zip files: requested, followed like a colorization, fetched until they expire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import archives
from gallery.api.generics import GenericAPIView, ListAPIView, RetrieveDestroyAPIView
from gallery.api.permissions import accessible, current_user
from gallery.api.responses import accepted, pollable
from gallery.api.serializers import (
    ArchiveChoicesSerializer,
    ArchiveRequestSerializer,
    ArchiveSerializer,
)
from gallery.api.waiting import PREFER, WAITED, when_changed
from gallery.models import Album, Archive, Photo


class AlbumArchiveRequest(GenericAPIView[Archive]):
    """Make a zip file of your album, as it is now.

    While one is being made, you get that one; a finished one is replaced.
    """

    serializer_class = ArchiveSerializer
    throttle_scope = "job"
    problems = {"POST": (409,)}

    @extend_schema(request=ArchiveChoicesSerializer, responses={202: ArchiveSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
        choice = ArchiveChoicesSerializer(data=request.data)
        choice.is_valid(raise_exception=True)
        archive = archives.request_archive(album, archives.Choices(**choice.validated_data))
        return accepted(self.get_serializer(archive))


class ArchiveList(ListAPIView[Archive]):
    """Your zip files, newest first."""

    serializer_class = ArchiveSerializer
    throttle_scope = "job"
    problems = {"POST": (409,)}

    def get_queryset(self) -> QuerySet[Archive]:
        own = Archive.objects.editable_by(self.request.user)
        return own.select_related("job", "album").with_parts()

    @extend_schema(request=ArchiveRequestSerializer, responses={202: ArchiveSerializer})
    def post(self, request: Request) -> Response:
        """Make a zip file of some of your photos, or of everything that is kept for you."""
        choice = ArchiveRequestSerializer(data=request.data)
        choice.is_valid(raise_exception=True)
        return accepted(self.get_serializer(self._request(**choice.validated_data)))

    def _request(self, content: str, photos: list[UUID] | None = None, **choices: Any) -> Archive:
        owner = current_user(self.request)
        if content == Archive.Content.EVERYTHING:
            return archives.request_export(owner)
        own = Photo.objects.editable_by(owner).filter(pk__in=photos or [])
        found = list(own.select_related("album__owner"))
        if not found:
            raise Http404(_("None of these photos is there."))
        return archives.request_selection(found, archives.Choices(**choices))


@extend_schema_view(get=extend_schema(parameters=[PREFER]))
class ArchiveDetail(RetrieveDestroyAPIView[Archive]):
    """One zip file. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = ArchiveSerializer
    response_headers = WAITED

    def get_queryset(self) -> QuerySet[Archive]:
        found = accessible(Archive.objects.all(), self.request)
        return found.select_related("job", "album").with_parts()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        archive = self.get_object()
        return when_changed(request, pollable(self.get_serializer(archive)), archive.job)

    def perform_destroy(self, instance: Archive) -> None:
        archives.delete_archives(Archive.objects.filter(pk=instance.pk))
