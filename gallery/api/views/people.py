from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from gallery import closing
from gallery.api.generics import GenericAPIView, RetrieveUpdateAPIView
from gallery.api.permissions import ByOwnerThemselves, current_user
from gallery.api.problems import CannotClose
from gallery.api.reauthentication import require_password
from gallery.api.serializers import UserSerializer


class Me(RetrieveUpdateAPIView[User]):
    """Who you are, and how the site is to speak to you. An API key does not change it."""

    serializer_class = UserSerializer
    # Also of an account that is closed: it says until when it can be kept.
    permission_classes = [IsAuthenticated, ByOwnerThemselves]
    http_method_names = ["get", "head", "options", "patch"]

    def get_object(self) -> User:
        return current_user(self.request)


class MyDeletion(GenericAPIView[User]):
    """The end of your account."""

    serializer_class = UserSerializer
    permission_classes = [IsAuthenticated, ByOwnerThemselves]

    @extend_schema(request=None, operation_id="close_account")
    def post(self, request: Request) -> Response:
        """Close your account at once, and have it deleted in 7 days: see deletion_due_at.

        Send the password to `/_allauth/app/v1/auth/reauthenticate` first. All sessions and tokens end. Until
        the account is deleted, you can log in, and keep it.
        """
        require_password(request)
        user = current_user(request)
        try:
            closing.close(user)
        except closing.CannotCloseError as error:
            raise CannotClose(error.message) from error
        user.refresh_from_db()
        return Response(self.get_serializer(user).data)

    @extend_schema(operation_id="keep_account", responses={200: UserSerializer})
    def delete(self, request: Request) -> Response:
        """Keep an account that is closed."""
        user = current_user(request)
        closing.keep(user)
        user.refresh_from_db()
        return Response(self.get_serializer(user).data)
