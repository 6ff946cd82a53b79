"""Links to albums and photos, for whoever shares them."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import sharing
from gallery.api.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from gallery.api.permissions import accessible, current_user
from gallery.api.responses import created
from gallery.api.share_serializers import ShareFilterSerializer, ShareSerializer
from gallery.models.shares import Share


@extend_schema_view(get=extend_schema(parameters=[ShareFilterSerializer]))
class ShareList(ListCreateAPIView[Share]):
    """Your links, newest first: also those that have expired, and could be given another end."""

    serializer_class = ShareSerializer
    query_serializer = ShareFilterSerializer
    throttle_scope = "share"
    stability = "beta"

    def get_queryset(self) -> QuerySet[Share]:
        chosen = ShareFilterSerializer(data=self.request.query_params)
        chosen.is_valid(raise_exception=True)
        own = Share.objects.visible_to(current_user(self.request))
        return own.filter(**chosen.validated_data).select_related("album", "photo")

    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Make a link to an album or a photo. Without `expires_at` it never expires."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return created(serializer)


class ShareDetail(RetrieveUpdateDestroyAPIView[Share]):
    """One link. Deleted, it opens nothing from the next request on."""

    serializer_class = ShareSerializer
    stability = "beta"
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Share]:
        return accessible(Share.objects.select_related("album", "photo"), self.request)

    def perform_destroy(self, instance: Share) -> None:
        sharing.revoke(instance)
