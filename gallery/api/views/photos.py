from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from colorizer.models import Colorization
from filestore.upload_handler import takes_files
from gallery import queries, services
from gallery.api.colorization_serializers import (
    ColorizationSerializer,
    PhotoColorizationOptionsSerializer,
    WaitingColorizationSerializer,
)
from gallery.api.generics import (
    GenericAPIView,
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.pagination import NewestPhotosPagination
from gallery.api.parsers import MultiPartParser
from gallery.api.permissions import accessible, current_user
from gallery.api.photo_filters import PhotoFilterSerializer, wanted
from gallery.api.photo_serializers import PhotoSerializer
from gallery.api.responses import accepted, created
from gallery.api.serializers import ColorizeSerializer, UploadSerializer
from gallery.models import Photo, PhotoQuerySet, Viewer

ACCEPTED = {200: WaitingColorizationSerializer, 202: WaitingColorizationSerializer}


class PhotoView(GenericAPIView[Photo]):
    """Photos with their colorizations and details, as far as anybody wants to see them."""

    serializer_class = PhotoSerializer
    pagination_class = NewestPhotosPagination

    def viewer(self) -> Viewer:
        return self.request.user

    def shown(self, photos: PhotoQuerySet) -> PhotoQuerySet:
        photos = photos.select_related("original", "album")
        if self.wants("film"):
            photos = photos.select_related("original__film")
        return queries.with_details(photos) if self.wants("people", "tags") else photos

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        page: list[Photo] = super().paginate_queryset(queryset) or []
        return self.with_versions(page)

    def get_object(self) -> Photo:
        return self.with_versions([super().get_object()])[0]

    def with_versions(self, photos: list[Photo]) -> list[Photo]:
        if self.wants("colorizations", "colorization_count"):
            queries.add_few_colorizations(photos, self.viewer())
        return photos


@extend_schema_view(
    get=extend_schema(parameters=[PhotoFilterSerializer]),
    post=extend_schema(
        description="Upload a photo. Without an album it goes to “My photos”.",
        request=UploadSerializer,
        responses={201: PhotoSerializer},
    ),
)
@takes_files(1)
class PhotoList(PhotoView, ListCreateAPIView[Photo]):
    """Your photos with a few of their colorizations, newest first: all of them, or those that fit all parameters."""

    query_serializer = PhotoFilterSerializer
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"
    owner_path = "pk"

    def get_queryset(self) -> QuerySet[Photo]:
        return self.shown(wanted(self.request).of(current_user(self.request)))

    def is_one_transaction(self, request: Request) -> bool:
        return False

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        upload = UploadSerializer(data=request.data, context=self.get_serializer_context())
        upload.is_valid(raise_exception=True)
        album = upload.validated_data.get("album") or services.default_album(current_user(request))
        with services.new_photos(album, upload.validated_data["image"], most=1) as [photo]:
            added = get_object_or_404(self.shown(Photo.objects.all()), pk=photo.pk)
            response = created(self.get_serializer(*self.with_versions([added])))
            self.keep(response)
        return response


class PhotoDetail(PhotoView, RetrieveUpdateDestroyAPIView[Photo]):
    """One photo with a few of its colorizations: your own, or a published one."""

    owner_path = "album.owner_id"
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Photo]:
        return self.shown(accessible(Photo.objects.all(), self.request))

    def perform_update(self, serializer: BaseSerializer[Photo]) -> None:
        serializer.save()
        serializer.instance = self.get_object()

    def perform_destroy(self, instance: Photo) -> None:
        services.trash_photos([instance])


@extend_schema_view(
    post=extend_schema(
        description="Colorize the photo or film, or try some seconds of a film: 202 and a new one, "
        "200 when the same was made already.",
        request=PhotoColorizationOptionsSerializer,
        responses=ACCEPTED,
    )
)
class PhotoColorizations(ListCreateAPIView[Colorization]):
    """The colorizations of a photo, newest first."""

    serializer_class = ColorizationSerializer
    throttle_scope = "job"
    owner_path = "album.owner_id"

    def get_photo(self) -> Photo:
        photos = Photo.objects.select_related("original__owner", "album")
        return get_object_or_404(accessible(photos, self.request), pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[Colorization]:
        self.about = self.get_photo()
        found = queries.photo_colorizations(self.about, self.request.user)
        return found.select_related("source__photo", "result")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        photo = self.get_photo()
        context = self.get_serializer_context()
        options = PhotoColorizationOptionsSerializer(
            data=request.data, context={**context, "photo": photo}
        )
        options.is_valid(raise_exception=True)
        colorization = services.colorize_photo(photo, **options.validated_data, goes_first=True)
        return accepted(WaitingColorizationSerializer(colorization, context=context))


@takes_files(1)
class Colorize(GenericAPIView[Photo]):
    """Upload a photo and colorize it, in one request."""

    serializer_class = ColorizeSerializer
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    def is_one_transaction(self, request: Request) -> bool:
        return False

    @extend_schema(responses={202: WaitingColorizationSerializer})
    def post(self, request: Request) -> Response:
        order = self.get_serializer(data=request.data)
        order.is_valid(raise_exception=True)
        image = order.validated_data.pop("image")
        own = order.validated_data.pop("album", None)
        album = own or services.default_album(current_user(request))
        context = self.get_serializer_context()
        with services.new_colorization(album, image, **order.validated_data) as colorization:
            response = accepted(WaitingColorizationSerializer(colorization, context=context))
            self.keep(response)
        return response
