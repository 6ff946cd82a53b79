"""Who moderates by the API: the same people as on the staff pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.http import Http404
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import User
from gallery.api.permissions import IsMember, current_user


class IsStaff(IsMember):
    """For everybody else there is no such address; API keys have none of the permissions of staff."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not current_user(request).is_staff:
            raise Http404
        return True


class MayModerate(BasePermission):
    """Django's permissions: view (or change) of the view's `model` to look, change to decide."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return may_look(current_user(request), view.model)
        return _has(current_user(request), "change", view.model)


def may_look(staff: User, model: type[Model]) -> bool:
    """As Django's admin has it."""
    return _has(staff, "view", model) or _has(staff, "change", model)


def _has(staff: User, action: str, model: type[Model]) -> bool:
    options = model._meta  # noqa: SLF001  (documented)
    return staff.has_perm(f"{options.app_label}.{get_permission_codename(action, options)}")
