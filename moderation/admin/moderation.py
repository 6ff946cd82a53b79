"""Hiding, and the page that asks for the reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from gallery import services
from gallery.admin import badges
from gallery.admin.records import RecordAdmin, staff_member
from gallery.models import Album, Photo

H = TypeVar("H", Album, Photo)
A = TypeVar("A", bound="admin.ModelAdmin[Any]")
Action: TypeAlias = Callable[[A, HttpRequest, QuerySet[Any]], HttpResponse | None]
ReasonedAction: TypeAlias = Callable[[A, HttpRequest, QuerySet[Any], str], None]


HIDDEN = ("Hidden by staff", {"fields": ("hidden_at", "hidden_by", "hidden_reason")})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="One or two sentences. The owner reads them.",
    )


def asks_for_reason(title: str) -> Callable[[ReasonedAction[A]], Action[A]]:
    """An admin action that shows what is selected, asks why, and only then goes ahead."""

    def decorate(action: ReasonedAction[A]) -> Action[A]:
        @wraps(action)
        def ask(
            model_admin: A, request: HttpRequest, queryset: QuerySet[Any]
        ) -> HttpResponse | None:
            form = ReasonForm(request.POST if "reason" in request.POST else None)
            if form.is_valid():
                action(model_admin, request, queryset, form.cleaned_data["reason"])
                return None
            context = {
                **model_admin.admin_site.each_context(request),
                "title": title,
                "form": form,
                "objects": queryset,
                "action": action.__name__,
                "checkbox_name": ACTION_CHECKBOX_NAME,
                "opts": model_admin.opts,
            }
            return TemplateResponse(request, "admin/reason.html", context)

        return ask

    return decorate


class IsHiddenFilter(admin.SimpleListFilter):
    title = "moderation"
    parameter_name = "hidden"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("yes", "Hidden by staff"), ("no", "Not hidden")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(hidden_at__isnull=self.value() == "no")


class HideableAdmin(RecordAdmin[H]):
    actions = ("hide", "restore")

    def get_fieldsets(self, request: HttpRequest, obj: H | None = None) -> list[Any]:
        shown: list[Any] = [*super().get_fieldsets(request, obj)]
        return [*shown, HIDDEN] if obj and obj.is_hidden else shown

    def actions_for(self, obj: H) -> list[str]:
        return ["restore"] if obj.is_hidden else ["hide"]

    @admin.display(description="Hidden", ordering="hidden_at", empty_value="")
    def hidden(self, obj: H) -> SafeString | str:
        return badges.hidden(obj)

    @admin.action(description="Hide selected %(verbose_name_plural)s …", permissions=["moderate"])
    @asks_for_reason("Hide from everybody but the owner and staff?")
    def hide(self, request: HttpRequest, queryset: QuerySet[H], reason: str) -> None:
        visible = list(queryset.filter(hidden_at=None))
        for obj in visible:
            services.hide(obj, by=staff_member(request), reason=reason)
            self.log_change(request, obj, f"Hidden: {reason}")
        self.message_user(request, f"{len(visible)} hidden.", messages.SUCCESS)

    @admin.action(description="Restore selected %(verbose_name_plural)s", permissions=["moderate"])
    def restore(self, request: HttpRequest, queryset: QuerySet[H]) -> None:
        hidden = list(queryset.exclude(hidden_at=None))
        for obj in hidden:
            services.restore(obj)
            self.log_change(request, obj, "Restored.")
        self.message_user(request, f"{len(hidden)} restored.", messages.SUCCESS)
