"""What the lists have in common: records are looked at and moderated, never typed over."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts.models import User

M = TypeVar("M", bound=Model)


def staff_member(request: HttpRequest) -> User:
    """The user of a request to the admin site, which lets no anonymous user in."""
    return cast("User", request.user)


def link_to_person(user: User) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[user.pk]), user
    )


# Django's class cannot be subscripted at run time, its stubs want it to be.
class ModeratedAdmin(admin.ModelAdmin, Generic[M]):  # type: ignore[type-arg]
    """Actions stand in the list and, as buttons, on the page of each object."""

    list_per_page = 30
    show_full_result_count = False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever holds Django's change permission may run the moderation actions."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def actions_for(self, obj: M) -> list[str]:
        """Names of the actions that make sense for this object in its present state."""
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if original := context["original"]:
            allowed = self.get_actions(request)
            context["object_actions"] = [
                (name, name.replace("_", " ").capitalize())
                for name in self.actions_for(original)
                if name in allowed
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @transaction.atomic
    def response_action(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """An action is carried out and logged for all objects or for none."""
        return super().response_action(*args, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


class RecordAdmin(ModeratedAdmin[M]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False
