from __future__ import annotations

from rest_framework.generics import RetrieveAPIView

from accounts.models import User
from gallery.api.permissions import current_user
from gallery.api.serializers import UserSerializer


class Me(RetrieveAPIView[User]):
    """Who you are."""

    serializer_class = UserSerializer

    def get_object(self) -> User:
        return current_user(self.request)
