"""The trash: what lies there, restoring it, deleting it for good."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.api.generics import ApiView, GenericAPIView, ListAPIView
from gallery.api.pagination import NumberedPagination
from gallery.api.permissions import current_user
from gallery.api.trash_serializers import (
    RestoredSerializer,
    RestoreSerializer,
    TrashedSerializer,
    TrashSizeSerializer,
)
from gallery.api.views.media import PICTURE, FileView
from gallery.trash import contents, purging, restoring
from gallery.trash.contents import Trash
from gallery.views import trash as pages
from gallery.views.requests import MemberRequest

NOTHING = _("None of this is in your trash.")


class TrashList(ListAPIView[Any]):
    """Your albums, photos and versions in the trash, the last deleted first.

    Photos that were deleted with their album are not listed: they come back with it.
    """

    serializer_class = TrashedSerializer
    pagination_class = NumberedPagination

    def get_queryset(self) -> QuerySet[Any, Any]:
        return Trash.of(current_user(self.request)).listed()

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return contents.fetch(super().paginate_queryset(queryset) or [])

    @extend_schema(operation_id="empty_trash", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Empty the trash: what was in it is deleted for good."""
        purging.empty_trash(current_user(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrashSize(GenericAPIView[Any]):
    """How much is in your trash, and how many bytes it gives back when it is emptied."""

    serializer_class = TrashSizeSerializer

    def get(self, request: Request) -> Response:
        trash = Trash.of(current_user(request))
        size = {**trash.counts(), "bytes": trash.total_bytes()}
        return Response(self.get_serializer(size).data)


class TrashRestore(GenericAPIView[Any]):
    """Bring things back: a photo with its versions, an album with its photos, as they were deleted.

    A photo whose album stays in the trash comes back in “My photos”.
    """

    serializer_class = RestoreSerializer

    @extend_schema(responses=RestoredSerializer)
    def post(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        owner = current_user(request)
        restored = restoring.restore(owner, _part(Trash.of(owner), asked.validated_data))
        if not restored:
            raise Http404(NOTHING)
        context = self.get_serializer_context()
        return Response(RestoredSerializer(restored, context=context).data)


def _part(trash: Trash, asked: dict[str, Any]) -> Trash:
    if asked["all"]:
        return trash
    return trash.only({kind: asked[f"{kind}s"] for kind in contents.KINDS})


class InTrash(ApiView):
    """A thing in your trash."""

    kind = ""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete it for good."""
        owner = current_user(request)
        found = Trash.of(owner).only({self.kind: [pk]})
        if not any(found.counts().values()):
            raise Http404(NOTHING)
        purging.delete_forever(owner, found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PhotoInTrashThumbnail(FileView):
    """A photo in your trash as a thumbnail."""

    query_parameters = ("size",)

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return pages.photo_thumbnail(cast("MemberRequest", request), pk)


class ColorizationInTrashThumbnail(FileView):
    """A version in your trash as a thumbnail."""

    query_parameters = ("size",)

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        return pages.colorization_thumbnail(cast("MemberRequest", request), pk)
