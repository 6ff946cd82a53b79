"""Reading uses `visible_to`, changing uses `editable_by`: everything else is not found."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from accounts.models import ApiKey, User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.queries import visible_colorizations

T_co = TypeVar("T_co", covariant=True)


class Accessible(Protocol[T_co]):
    def visible_to(self, user: User | AnonymousUser) -> T_co: ...

    def editable_by(self, user: User | AnonymousUser) -> T_co: ...


class ByOwnerThemselves(BasePermission):
    """For what is about the account itself: a program with an API key only looks at it."""

    message = _("An API key can't change the account.")
    code = "insufficient_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or not isinstance(request.auth, ApiKey)


class InPerson(ByOwnerThemselves):
    """For what no program with an API key has to do with, not even to look at it."""

    message = _("An API key can't be used here. Log in.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return not isinstance(request.auth, ApiKey)


class IsMember(IsAuthenticated):
    """Logged in, to an account that is not closed."""

    message = _("You have closed your account. Keep it to go on: DELETE /api/v1/me/deletion/.")
    code = "account_closed"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if current_user(request).deletion_due_at is not None:
            raise PermissionDenied(self.message, self.code)
        return True


class IsMemberOrNobody(IsMember):
    """For what may be published: nobody needs to be logged in, and who is, is a member."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user.is_anonymous or super().has_permission(request, view)


def current_user(request: Request) -> User:
    """The user of a request, behind IsAuthenticated."""
    return cast("User", request.user)


def accessible(objects: Accessible[T_co], request: Request) -> T_co:
    if request.method in SAFE_METHODS:
        return objects.visible_to(request.user)
    return objects.editable_by(request.user)


def accessible_colorizations(request: Request) -> ColorizationQuerySet:
    """The same for colorizations: only the gallery knows which are published."""
    if request.method in SAFE_METHODS:
        return visible_colorizations(request.user)
    editable: ColorizationQuerySet = Colorization.objects.editable_by(request.user)
    return editable
