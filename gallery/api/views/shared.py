"""What a link opens, for programs of whoever has it. Nobody is logged in here, whatever a request carries."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rates import TooManyRequestsError
from gallery import queries, share_access, shared_files
from gallery.api.generics import ApiView, ListAPIView
from gallery.api.pagination import AlbumPhotosPagination
from gallery.api.problems import ProblemCode
from gallery.api.shared_serializers import (
    SharedPhotoSerializer,
    SharedSerializer,
    UnlockedSerializer,
    UnlockSerializer,
)
from gallery.api.views.media import SMALL, FileView, file_responses
from gallery.models import Photo
from gallery.models.shares import Guest
from gallery.views.opening import guest_of, secluded

ACCESS: Final = OpenApiParameter(
    "Share-Access",
    location=OpenApiParameter.HEADER,
    description="What `shared/{token}/unlock/` gave, where the link has a password.",
)


class ShareLocked(APIException):
    status_code = HTTPStatus.FORBIDDEN
    default_code = ProblemCode.SHARE_LOCKED
    default_detail = _(
        "The link has a password: send it to unlock/ first, and what comes back as the header Share-Access."
    )


class WrongPassword(APIException):
    status_code = HTTPStatus.FORBIDDEN
    default_code = ProblemCode.WRONG_PASSWORD
    default_detail = _("This password is not correct.")


class SharedView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    stability = "beta"

    @cached_property
    def guest(self) -> Guest:
        """
        Raises:
            Http404: the link opens nothing, whyever.
        """
        return guest_of(self.kwargs["token"])

    def finalize_response(
        self, request: Request, response: Any, *args: object, **kwargs: object
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        secluded(final)
        return final


class OpenedView(SharedView):
    """Of a link without a password, or with the proof that it is known."""

    problems = {"GET": (HTTPStatus.FORBIDDEN,)}

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not share_access.is_open(self.guest.share, request.headers.get(ACCESS.name, "")):
            raise ShareLocked

    def schema_parameters(self, method: str) -> Any:
        yield from super().schema_parameters(method)
        yield ACCESS


class Shared(OpenedView):
    """What somebody shares by a link: an album, or a photo."""

    @extend_schema(responses=SharedSerializer)
    def get(self, request: Request, token: str) -> Response:
        share: Any = self.guest.share
        share.photo_count = Photo.objects.visible_to(self.guest).count()
        return Response(SharedSerializer(share, context={"request": request}).data)


class SharedUnlock(SharedView):
    """Send the password of a link that has one."""

    problems = {"POST": (HTTPStatus.FORBIDDEN,)}

    @extend_schema(request=UnlockSerializer, responses=UnlockedSerializer)
    def post(self, request: Request, token: str) -> Response:
        sent = UnlockSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        proof = self._proof(request, sent.validated_data["password"])
        if not proof:
            raise WrongPassword
        lasts = int(share_access.LASTS.total_seconds())
        return Response(UnlockedSerializer({"access": proof, "expires_in": lasts}).data)

    def _proof(self, request: Request, password: str) -> str:
        asked = request._request  # noqa: SLF001  (Django's own, which allauth knows)
        try:
            return share_access.proof_for(asked, self.guest.share, password)
        except TooManyRequestsError as error:
            raise Throttled(error.retry_after) from error


class SharedPhotos(OpenedView, ListAPIView[Photo]):
    """The photos of a link, in the order of its page."""

    serializer_class = SharedPhotoSerializer
    pagination_class = AlbumPhotosPagination

    def get_queryset(self) -> QuerySet[Photo]:
        photos, album = Photo.objects.visible_to(self.guest), self.guest.share.album
        ranked = queries.with_rank(photos, album, "") if album else photos
        return queries.with_details(queries.with_colorizations(ranked, self.guest))


class SharedFile(OpenedView, FileView):
    """A file of a photo. Only what the link opens is there."""

    query_parameters = ("size",)

    @extend_schema(
        parameters=[
            OpenApiParameter("name", location=OpenApiParameter.PATH, enum=list(shared_files.NAMES)),
            SMALL,
        ],
        responses={**file_responses("image/*"), **file_responses("video/mp4")},
    )
    def get(self, request: Request, token: str, pk: UUID, name: str) -> HttpResponseBase:
        return shared_files.serve_shared(request, self.guest, pk, name)
