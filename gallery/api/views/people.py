from __future__ import annotations

from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.permissions import IsAuthenticated

from accounts.models import User
from gallery.api.permissions import ByOwnerThemselves, current_user
from gallery.api.serializers import UserSerializer


class Me(RetrieveUpdateAPIView[User]):
    """Who you are, and how the site is to speak to you. An API key does not change it."""

    serializer_class = UserSerializer
    permission_classes = [IsAuthenticated, ByOwnerThemselves]
    http_method_names = ["get", "head", "options", "patch"]

    def get_object(self) -> User:
        return current_user(self.request)
