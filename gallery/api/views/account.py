"""API keys of an account, and what its storage is filled with."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey
from gallery import storage
from gallery.api.account_serializers import (
    ApiKeySerializer,
    NewApiKeySerializer,
    StorageSerializer,
)
from gallery.api.generics import ApiView, ListCreateAPIView, RetrieveDestroyAPIView
from gallery.api.permissions import InPerson, IsMember, current_user
from gallery.api.reauthentication import RecentPasswordToPost
from gallery.api.responses import created


class MyStorage(ApiView):
    """What your storage is filled with, and where to make room."""

    @extend_schema(responses=StorageSerializer)
    def get(self, request: Request) -> Response:
        overview = storage.overview(current_user(request))
        return Response(StorageSerializer(overview, context={"request": request}).data)


class ApiKeyList(ListCreateAPIView[ApiKey]):
    """The API keys that open your account. No API key itself lists or makes any."""

    permission_classes = [IsMember, InPerson, RecentPasswordToPost]
    throttle_scope = "api_key"
    keeps_answers = False

    def get_queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.editable_by(current_user(self.request))

    def get_serializer_class(self) -> type[ApiKeySerializer]:
        return NewApiKeySerializer if self.request.method == "POST" else ApiKeySerializer

    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Make a key, which is shown this once. Send the password to `/_allauth/app/v1/auth/reauthenticate` first."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return created(serializer)


class ApiKeyDetail(RetrieveDestroyAPIView[ApiKey]):
    """One API key. Deleted, it locks programs out that use it."""

    serializer_class = ApiKeySerializer
    permission_classes = [IsMember, InPerson]

    def get_queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.editable_by(current_user(self.request))
