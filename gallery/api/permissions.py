"""Reading uses `visible_to`, changing uses `editable_by`: everything else is not found."""

from __future__ import annotations

from typing import Protocol, TypeVar, cast

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.models import Viewer
from gallery.queries import visible_colorizations

T_co = TypeVar("T_co", covariant=True)


class Accessible(Protocol[T_co]):
    def visible_to(self, user: Viewer) -> T_co: ...

    def editable_by(self, user: Viewer) -> T_co: ...


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
