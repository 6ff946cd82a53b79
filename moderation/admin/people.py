"""People stand here and not in accounts: to delete a person is to delete their pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import services as account_services
from accounts.models import User
from gallery import services
from gallery.admin import badges
from gallery.admin.moderation import asks_for_reason
from gallery.admin.records import ModeratedAdmin, staff_member

PRIVILEGES = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class PersonAdmin(ModeratedAdmin[User], UserAdmin):  # type: ignore[type-arg]  # see records.py
    ordering = ("-date_joined",)
    list_display = ("email", "name", "standing", "photo_count", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "date_joined", "last_login", "groups")
    search_fields = ("email", "name")
    date_hierarchy = "date_joined"
    actions = ("suspend", "reinstate")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "photo_count")}),
        ("Activity", {"fields": ("date_joined", "last_login")}),
        (
            "Moderation",
            {"fields": ("is_active", "suspended_at", "suspended_by", "suspended_reason")},
        ),
        ("Privileges", {"fields": PRIVILEGES}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    readonly_fields = (
        "photo_count",
        "date_joined",
        "last_login",
        "is_active",
        "suspended_at",
        "suspended_by",
        "suspended_reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(photo_count=Count("albums__photos"))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return ()
        # The address is allauth's to change: it keeps which addresses were verified.
        fixed = ("email", *self.readonly_fields)
        return fixed if request.user.is_superuser else (*fixed, *PRIVILEGES)

    @admin.display(description="Photos", ordering="photo_count")
    def photo_count(self, user: Any) -> SafeString:
        url = reverse("admin:gallery_photo_changelist", query={"q": user.email})
        return format_html('<a href="{}">{}</a>', url, user.photo_count)

    @admin.display(description="Standing", ordering="is_active", empty_value="")
    def standing(self, user: User) -> SafeString | str:
        return badges.standing(user)

    # Staff who are not superusers manage customers, not each other.

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_manage(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return (
            super().has_delete_permission(request, obj)
            and obj != request.user
            and _may_manage(request.user, obj)
        )

    def actions_for(self, obj: User) -> list[str]:
        return ["suspend"] if obj.is_active else ["reinstate"]

    @admin.action(
        description="Suspend selected %(verbose_name_plural)s …", permissions=["moderate"]
    )
    @asks_for_reason("Shut out, and take published albums off the site?")
    def suspend(self, request: HttpRequest, queryset: QuerySet[User], reason: str) -> None:
        for user in self._manageable(request, queryset.filter(is_active=True)):
            account_services.suspend(user, reason, by=staff_member(request))
            self.log_change(request, user, f"Suspended: {reason}")
            self.message_user(request, f"{user} is suspended.", messages.SUCCESS)

    @admin.action(
        description="Reinstate selected %(verbose_name_plural)s", permissions=["moderate"]
    )
    def reinstate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self._manageable(request, queryset.filter(is_active=False)):
            account_services.reinstate(user)
            self.log_change(request, user, "Reinstated.")
            self.message_user(request, f"{user} may log in again.", messages.SUCCESS)

    def _manageable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        users = list(queryset)
        for user in users:
            if user == request.user or not _may_manage(request.user, user):
                self.message_user(
                    request,
                    f"{user} was left alone: nobody suspends themselves, and only superusers suspend staff.",
                    messages.WARNING,
                )
        return [u for u in users if u != request.user and _may_manage(request.user, u)]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        services.delete_person(obj)


def _may_manage(staff: Any, user: User | None) -> bool:
    is_customer = user is None or not (user.is_staff or user.is_superuser)
    return staff.is_superuser or is_customer
