"""Files, served as on the pages, for clients with a token; errors are problem details."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer.models import Colorization
from gallery.api.generics import ApiView
from gallery.api.permissions import IsMemberOrNobody
from gallery.api.problems import MEDIA_TYPE, NotSucceeded, ProblemCode, problem
from gallery.embedding import SIDECAR_CONTENT_TYPE
from gallery.models import Archive
from gallery.queries import visible_colorizations
from gallery.views import media
from jobs.models import Job


def file_responses(media_type: str) -> dict[object, object]:
    return {
        (200, media_type): OpenApiTypes.BINARY,
        (206, media_type): OpenApiResponse(OpenApiTypes.BINARY, "The bytes that Range names."),
        304: OpenApiResponse(description="You have it: If-None-Match names its ETag."),
    }


PICTURE = file_responses("image/*")
WITH_DETAILS = {**PICTURE, (200, SIDECAR_CONTENT_TYPE): OpenApiTypes.BINARY}
DETAILS = OpenApiParameter(
    "details",
    enum=["yes", "no", "xmp"],
    default="no",
    description="Write title, caption, date, place, people and tags into the file (XMP; JPEG, PNG, "
    "TIFF and WebP take them), or get nothing but them, as an XMP file. Such files are made for the "
    "request: they have no ETag and come whole, whatever Range says.",
)
ARCHIVE = file_responses("application/zip")
NO_FILE_YET = {"GET": (409,)}

REFUSALS = {
    412: (ProblemCode.PRECONDITION_FAILED, _("The file is not the one that the request names.")),
    416: (
        ProblemCode.RANGE_NOT_SATISFIABLE,
        _("The file is shorter than that: Content-Range tells its length."),
    ),
}


class IgnoreAccept(DefaultContentNegotiation):
    """`Accept: image/*` is no reason for 406: only problems are rendered, files are served."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


SMALL = OpenApiParameter("size", enum=["small"], description="360 pixels a side instead of 720.")


RANGE = OpenApiParameter(
    "Range",
    location=OpenApiParameter.HEADER,
    description="The bytes to send, such as `bytes=1000-`: 206. Several ranges are answered with the whole file.",
)
IF_RANGE = OpenApiParameter(
    "If-Range",
    location=OpenApiParameter.HEADER,
    description="The ETag of what you have a part of: when it is another by now, the whole file is sent.",
)


class FileView(ApiView):
    content_negotiation_class = IgnoreAccept

    def schema_parameters(self, method: str) -> Iterable[OpenApiParameter]:
        yield from super().schema_parameters(method)
        yield from (RANGE, IF_RANGE)

    def finalize_response(
        self, request: Request, response: Any, *args: object, **kwargs: object
    ) -> Response:
        """What `serve` refuses becomes problem details, too."""
        if response.status_code in REFUSALS:
            response = _as_problem(response)
        return super().finalize_response(request, response, *args, **kwargs)


class ShownFileView(FileView):
    """What everybody sees of a published album."""

    permission_classes = (IsMemberOrNobody,)


def _as_problem(response: HttpResponseBase) -> JsonResponse:
    code, detail = REFUSALS[response.status_code]
    body = problem(response.status_code, code, str(detail))
    headers = {name: response[name] for name in ("Content-Range", "ETag") if name in response}
    return JsonResponse(body, status=response.status_code, content_type=MEDIA_TYPE, headers=headers)


class PhotoOriginal(FileView):
    """The file as it was uploaded; for its owner."""

    query_parameters = ("details",)

    @extend_schema(parameters=[DETAILS], responses=WITH_DETAILS)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_original(request, pk)


class PhotoDisplay(ShownFileView):
    """The photo for a screen: upright, without metadata."""

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_display(request, pk)


class PhotoThumbnail(ShownFileView):
    """The photo as a thumbnail: upright, without metadata."""

    query_parameters = ("size",)

    @extend_schema(parameters=[SMALL], responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return media.photo_thumbnail(request, pk)


class ColorizationImage(FileView):
    """The result in full resolution; for its owner."""

    problems = NO_FILE_YET
    query_parameters = ("details",)

    @extend_schema(parameters=[DETAILS], responses=WITH_DETAILS)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        own = Colorization.objects.visible_to(request.user)
        require_success(get_object_or_404(own, pk=pk).job)
        return media.colorization_image(request, pk)


class ColorizationPreview(ShownFileView):
    """The result for a screen."""

    problems = NO_FILE_YET

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(get_object_or_404(visible_colorizations(request.user), pk=pk).job)
        return media.colorization_preview(request, pk)


class ColorizationThumbnail(ShownFileView):
    """The result for a list."""

    problems = NO_FILE_YET
    query_parameters = ("size",)

    @extend_schema(parameters=[SMALL], responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(get_object_or_404(visible_colorizations(request.user), pk=pk).job)
        return media.colorization_thumbnail(request, pk)


class ColorizationFilm(ShownFileView):
    """A film in color, to be played: parts of it by `Range`."""

    problems = NO_FILE_YET
    stability = "beta"

    @extend_schema(responses=file_responses("video/mp4"))
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        require_success(get_object_or_404(visible_colorizations(request.user), pk=pk).job)
        return media.colorization_film(request, pk)


class ArchiveFile(FileView):
    """A zip file, until it expires; for its owner. `part` is its number where there are several."""

    problems = NO_FILE_YET
    query_parameters = ("part",)

    @extend_schema(responses=ARCHIVE, parameters=[OpenApiParameter("part", int, default=1)])
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        archives = Archive.objects.visible_to(request.user).select_related("job")
        require_success(get_object_or_404(archives, pk=pk).job)
        return media.archive_file(request, pk)


def require_success(job: Job) -> None:
    """Say that there is no file yet, instead of 404, to whoever may see the record."""
    if job.state != Job.State.SUCCEEDED:
        raise NotSucceeded
