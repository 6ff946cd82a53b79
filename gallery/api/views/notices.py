from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from gallery import notices
from gallery.api.generics import GenericAPIView, ListAPIView
from gallery.api.serializers import NoticeSerializer, NoticesReadSerializer
from gallery.models import Notice


class NoticeList(ListAPIView[Notice]):
    """What is done, newest first. They are kept for 90 days."""

    serializer_class = NoticeSerializer
    owner_path = "pk"

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.editable_by(self.request.user).select_related("album", "archive")


class NoticesRead(GenericAPIView[Notice]):
    """Mark notices as read."""

    serializer_class = NoticesReadSerializer

    def post(self, request: Request) -> Response:
        choice = self.get_serializer(data=request.data)
        choice.is_valid(raise_exception=True)
        own = Notice.objects.editable_by(request.user)
        chosen = own
        if "notices" in choice.validated_data:
            chosen = own.filter(pk__in=choice.validated_data["notices"])
        notices.mark_read(chosen)
        return Response({"unread": own.unread().count()})
