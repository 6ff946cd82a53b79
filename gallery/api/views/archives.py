"""Zip files of whole albums: requested, followed like a colorization, fetched until they expire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, RetrieveDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import archives
from gallery.api.permissions import accessible
from gallery.api.responses import accepted, pollable
from gallery.api.serializers import ArchiveSerializer
from gallery.models import Album, AlbumArchive


class AlbumArchiveRequest(GenericAPIView[AlbumArchive]):
    """Make a zip file of your album: its originals and results, as they are now.

    While one is being made, you get that one; a finished one is replaced.
    """

    serializer_class = ArchiveSerializer
    throttle_scope = "job"

    @extend_schema(request=None, responses={202: ArchiveSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
        return accepted(self.get_serializer(archives.request_archive(album)))


class ArchiveDetail(RetrieveDestroyAPIView[AlbumArchive]):
    """One zip file. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = ArchiveSerializer

    def get_queryset(self) -> QuerySet[AlbumArchive]:
        return accessible(AlbumArchive.objects.all(), self.request).select_related("job", "file")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return pollable(self.get_serializer(self.get_object()))

    def perform_destroy(self, instance: AlbumArchive) -> None:
        archives.delete_archives(AlbumArchive.objects.filter(pk=instance.pk))
