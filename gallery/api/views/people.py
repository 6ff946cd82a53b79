from __future__ import annotations

from rest_framework.generics import RetrieveAPIView

from accounts.models import User
from gallery.api.rights import member
from gallery.api.serializers import UserSerializer


class Me(RetrieveAPIView[User]):
    """Who you are."""

    serializer_class = UserSerializer

    def get_object(self) -> User:
        return member(self.request)
