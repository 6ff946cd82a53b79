"""Many photos in one request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from gallery.api.bulk_serializers import (
    SERIALIZERS,
    ActionSerializer,
    OutcomeSerializer,
    PhotosSerializer,
)
from gallery.api.generics import GenericAPIView
from gallery.api.permissions import current_user
from gallery.api.throttles import count_jobs
from gallery.bulk import ACTIONS, Outcome
from gallery.models import Photo

ORDER = PolymorphicProxySerializer("BulkAction", {**SERIALIZERS}, "action")


class PhotosBulk(GenericAPIView[Photo]):
    """Do the same with up to 500 photos. Each has an outcome of its own, in the order in which they are named."""

    serializer_class = PhotosSerializer
    pagination_class = None
    response_headers = {"POST": ("Retry-After",)}

    def is_one_transaction(self, request: Request) -> bool:
        """Each photo has its own. Done again, what was done is `unchanged`."""
        return False

    @extend_schema(request=ORDER, responses=OutcomeSerializer(many=True))
    def post(self, request: Request) -> Response:
        choices = self._choices()
        action, keys = choices.pop("action"), list(dict.fromkeys(choices.pop("photos")))
        if action in ("color", "adjust"):
            count_jobs(request, len(keys))
        outcomes = ACTIONS[action](current_user(request), keys, **choices)
        rows = [self._row(key, outcomes[key]) for key in keys]
        headers = {"Retry-After": str(outcomes.retry_after)} if outcomes.retry_after else {}
        return Response(OutcomeSerializer(rows, many=True).data, headers=headers)

    def _choices(self) -> dict[str, Any]:
        action = ActionSerializer(data=self.request.data)
        action.is_valid(raise_exception=True)
        serializer = SERIALIZERS[action.validated_data["action"]]
        order = serializer(data=self.request.data, context=self.get_serializer_context())
        order.is_valid(raise_exception=True)
        return dict(order.validated_data)

    def _row(self, key: UUID, outcome: Outcome) -> dict[str, Any]:
        return {
            "id": key,
            "status": outcome.status,
            "code": outcome.code,
            "detail": outcome.detail,
            "colorization_url": self._link("api:colorization-detail", outcome.colorization),
            "copy_url": self._link("api:photo-detail", outcome.copy),
        }

    def _link(self, name: str, key: UUID | None) -> str | None:
        return reverse(name, args=[key], request=self.request) if key else None
