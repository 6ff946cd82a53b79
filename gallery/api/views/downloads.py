"""A version in another format: asked for, followed like a colorization, fetched until it expires."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer.models import Colorization
from gallery import downloads
from gallery.api.download_serializers import DownloadSerializer, DownloadWishSerializer
from gallery.api.generics import GenericAPIView, RetrieveDestroyAPIView
from gallery.api.responses import accepted, pollable
from gallery.api.views.media import NO_FILE_YET, FileView, file_responses, require_success
from gallery.api.waiting import PREFER, when_changed
from gallery.models import Download
from gallery.views import downloads as pages


class ColorizationDownloads(GenericAPIView[Download]):
    """Make a file of one of your versions. While it is kept, you get the one that is there."""

    serializer_class = DownloadSerializer
    stability = "beta"
    throttle_scope = "job"
    problems = {"POST": (409,)}

    @extend_schema(request=DownloadWishSerializer, responses={202: DownloadSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        version = get_object_or_404(Colorization.objects.editable_by(request.user), pk=pk)
        require_success(version.job)
        wish = DownloadWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = downloads.request_download(version, downloads.Wish(**wish.validated_data))
        return accepted(self.get_serializer(made))


@extend_schema_view(get=extend_schema(parameters=[PREFER]))
class DownloadDetail(RetrieveDestroyAPIView[Download]):
    """One file to download. Ask again after Retry-After seconds while it is queued or running."""

    serializer_class = DownloadSerializer
    stability = "beta"

    def get_queryset(self) -> QuerySet[Download]:
        own = Download.objects.editable_by(self.request.user)
        return own.select_related("job", "file", "colorization")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()
        return when_changed(request, pollable(self.get_serializer(found)), found.job)

    def perform_destroy(self, instance: Download) -> None:
        downloads.delete_downloads(Download.objects.filter(pk=instance.pk))


class DownloadFile(FileView):
    """The file itself, until it expires."""

    problems = NO_FILE_YET
    stability = "beta"

    @extend_schema(responses={**file_responses("image/*"), **file_responses("video/mp4")})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        own = Download.objects.editable_by(request.user).select_related("job")
        require_success(get_object_or_404(own, pk=pk).job)
        return pages.file(request, pk)
