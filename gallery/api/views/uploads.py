from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from colorizer.errors import UploadError
from colorizer.uploads import max_bytes_of, too_large
from filestore.models import Upload
from filestore.upload_handler import takes_files
from filestore.uploads import ChecksumError, UploadChangedError
from gallery import queries, uploads
from gallery.api import tus
from gallery.api.generics import GenericAPIView
from gallery.api.permissions import current_user
from gallery.api.photo_serializers import (
    FoundPhotoSerializer,
    PhotoLookupSerializer,
    PhotoSerializer,
)
from gallery.api.problems import RequestTooLarge, UploadIncomplete, WrongOffset
from gallery.api.serializers import UploadDetailSerializer, UploadMetadataSerializer
from gallery.models import Album, Photo


def own_upload(request: Request, pk: UUID) -> Upload:
    own = Upload.objects.editable_by(current_user(request)).select_related("owner")
    return get_object_or_404(own, pk=pk)


def receive(request: Request, upload: Upload, offset: int) -> Upload:
    """What the body has, put to the upload."""
    body = tus.body(request)
    if offset != upload.offset:
        raise WrongOffset
    length = tus.body_length(request)
    if length > upload.length - offset:
        raise RequestTooLarge(_("The request has more bytes than the upload lacks."))
    checksum = tus.checksum(request)
    try:
        return uploads.receive(upload, offset, body, checksum) if length else upload
    except ChecksumError as error:
        raise UploadError(
            "checksum_mismatch",
            "The bytes arrived damaged. Send them again.",
            uploads.CHECKSUM_MISMATCH,
        ) from error
    except UploadChangedError as error:
        own_upload(request, upload.pk)  # or it is gone
        raise WrongOffset from error


@takes_files(1)
class UploadList(tus.TusView):
    """Begin to send a file in parts (tus 1.0, creation): `Upload-Length`, and in `Upload-Metadata` what to do with it.

    The metadata may have `filename`, `sha256` (of the whole file, in hex), `album` (the id of an album of yours),
    `variant` and `render_factor` (with a variant its photos are colored at once) and `batch`: photos of one batch
    follow each other in the order in which they were made.
    """

    throttle_scope = "upload"
    problems = {"POST": (412, 460, 507)}
    response_headers = {"POST": tus.RESPONSE_HEADERS}

    def is_one_transaction(self, request: Request) -> bool:
        """Not while bytes come, however slowly."""
        return not tus.body_length(request)

    @extend_schema(
        parameters=tus.CREATION_HEADERS,
        request={tus.MEDIA_TYPE: OpenApiTypes.BINARY},
        responses={201: UploadDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        tus.body(request)
        metadata = self._metadata(request)
        length = self._length(request, max_bytes_of(metadata.get("filename", "")))
        if tus.body_length(request) > length:
            raise RequestTooLarge(_("The request has more bytes than the upload."))
        upload = uploads.start(current_user(request), length, metadata)
        try:
            if tus.body_length(request):
                upload = receive(request, upload, 0)
        except Exception:
            uploads.cancel(upload)  # nobody has heard of it
            raise
        # As a path: it is good under whatever name the site is reached.
        location = {"Location": reverse("api:upload-detail", args=[upload.pk])}
        body = UploadDetailSerializer(upload, context={"request": request}).data
        return Response(body, HTTPStatus.CREATED, headers=location | tus.headers_of(upload))

    def _length(self, request: Request, most: int) -> int:
        length = tus.number(request, "Upload-Length")
        if not length:
            raise UploadError("empty_file", "The file is empty.")
        if length > most:
            raise too_large(length, most)
        return length

    def _metadata(self, request: Request) -> dict[str, str]:
        metadata = tus.metadata(request)
        known = UploadMetadataSerializer(data=metadata)
        known.is_valid(raise_exception=True)
        if album := known.validated_data.get("album"):
            get_object_or_404(Album.objects.editable_by(request.user), pk=album)
        return metadata


@takes_files(1, in_parts=True)
class UploadDetail(tus.TusView, GenericAPIView[Upload]):
    """A file that you are sending in parts (tus 1.0)."""

    serializer_class = UploadDetailSerializer
    problems = {"PATCH": (409, 412, 460), "DELETE": (412,)}
    response_headers = {
        "GET": tus.RESPONSE_HEADERS[:1],
        "PATCH": tus.RESPONSE_HEADERS,
        "DELETE": tus.RESPONSE_HEADERS[:1],
    }

    def locked_etag(self, request: Request) -> str | None:
        """A part says where it begins; nothing is locked while it comes."""
        return None

    def get(self, request: Request, pk: UUID) -> Response:
        return Response(self.get_serializer(own_upload(request, pk)).data)

    def head(self, request: Request, pk: UUID) -> Response:
        """How much of it has come: to go on from there."""
        upload = own_upload(request, pk)
        headers = {"Upload-Length": str(upload.length), "Cache-Control": "no-store"}
        if upload.metadata:
            headers["Upload-Metadata"] = tus.as_header(upload.metadata)
        return Response(headers=headers | tus.headers_of(upload))

    @extend_schema(
        operation_id="send_upload",
        parameters=tus.PART_HEADERS,
        request={tus.MEDIA_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Send the next bytes, as many as you like: `Upload-Offset` says where they begin."""
        upload = receive(request, own_upload(request, pk), tus.number(request, "Upload-Offset"))
        return Response(status=HTTPStatus.NO_CONTENT, headers=tus.headers_of(upload))

    @extend_schema(parameters=tus.HEADERS, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Give it up. Photos that became of it stay."""
        uploads.cancel(own_upload(request, pk))
        return Response(status=HTTPStatus.NO_CONTENT)


@takes_files(1)
class UploadPhotos(GenericAPIView[Photo]):
    """Make photos of a file that has come whole: 201. Asked again, you get the same: 200.

    They are colored at once if the upload names a variant. A file that is refused is deleted, and asked again it is
    refused again. After 429 and 503 you may ask again: the upload stays as it is. After 507 it is gone: make room
    before you begin again.
    """

    serializer_class = PhotoSerializer
    pagination_class = None
    throttle_scope = "job"
    problems = {"POST": (413, 415, 460, 503, 507)}

    def is_one_transaction(self, request: Request) -> bool:
        """However often it is done, the photos are made once."""
        return False

    @extend_schema(
        request=None,
        responses={200: PhotoSerializer(many=True), 201: PhotoSerializer(many=True)},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        try:
            photos, is_new = uploads.add_upload(own_upload(request, pk))
        except uploads.UploadIncompleteError as error:
            raise UploadIncomplete from error
        shown = photos.select_related("original", "album")
        queries.add_few_colorizations(shown, current_user(request))
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(self.get_serializer(shown, many=True).data, status)


class PhotoLookup(GenericAPIView[Photo]):
    """Which files you have already: the newest photo of each of these checksums, unless it is in the trash.

    Of a document it is the first page."""

    serializer_class = PhotoLookupSerializer
    pagination_class = None

    @extend_schema(responses={200: FoundPhotoSerializer(many=True)})
    def post(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        digests = {digest.lower() for digest in asked.validated_data["sha256"]}
        photos = queries.photos_with_sha256(current_user(request), digests)
        context = self.get_serializer_context()
        return Response(FoundPhotoSerializer(photos, many=True, context=context).data)
