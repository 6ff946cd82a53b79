"""The accounts of people. They stand here, not in accounts: to delete a person is to delete their pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import second_factor, security_notices
from accounts.models import User
from filestore.models import StoredFile
from gallery import services as gallery
from gallery.models import Photo
from moderation import decisions
from moderation.admin import display
from moderation.admin.base import ModeratedAdmin, asks_for_reason, staff_member

PRIVILEGES = ("is_staff", "is_superuser", "groups", "user_permissions")


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # as above
    def save(self, commit: bool = True) -> User:
        """The owner is told, in case somebody else asked for it."""
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=["password"])
        security_notices.send(security_notices.PASSWORD_CHANGED, user)
        return user


@admin.register(User)
class UserAdmin(ModeratedAdmin[User], DjangoUserAdmin):  # type: ignore[type-arg]  # see base.py
    ordering = ("-date_joined",)
    list_display = (
        "email",
        "name",
        "account_status",
        "photo_count",
        "bytes_used",
        "date_joined",
        "last_login",
        "has_two_factor",
    )
    list_filter = ("is_active", "is_staff", "date_joined", "last_login", "groups")
    search_fields = ("email", "name")
    date_hierarchy = "date_joined"
    actions = ("suspend", "reinstate", "reset_two_factor")
    change_password_form = PasswordForm
    fieldsets = (
        (
            None,
            {"fields": ("email", "name", "password", "photo_count", "bytes_used", "quota_bytes")},
        ),
        ("Activity", {"fields": ("date_joined", "last_login")}),
        (
            "Account status",
            {
                "fields": (
                    "is_active",
                    "suspended_at",
                    "suspended_by",
                    "suspended_reason",
                    "has_two_factor",
                )
            },
        ),
        ("Privileges", {"fields": PRIVILEGES}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    readonly_fields = (
        "photo_count",
        "bytes_used",
        "date_joined",
        "last_login",
        "is_active",
        "suspended_at",
        "suspended_by",
        "suspended_reason",
        "has_two_factor",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        # As the quota counts: without zip files.
        counted = StoredFile.objects.exclude(purpose__in=StoredFile.SHORT_LIVED)
        files = counted.filter(owner=OuterRef("pk")).order_by().values("owner")
        used = Subquery(files.annotate(total=Sum("bytes")).values("total"))
        # Not joined: what is asked of a person would be asked again for each of the photos.
        photos = Photo.objects.filter(album__owner=OuterRef("pk")).order_by().values("album__owner")
        number = Subquery(photos.annotate(number=Count("pk")).values("number"))
        return people.annotate(
            photo_count=Coalesce(number, 0),
            bytes_used=Coalesce(used, 0),
            two_factor=Exists(second_factor.factors().filter(user=OuterRef("pk"))),
        )

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

    @admin.display(description="Storage", ordering="bytes_used")
    def bytes_used(self, user: Any) -> SafeString:
        url = reverse("admin:filestore_storedfile_changelist", query={"owner__id__exact": user.pk})
        return format_html('<a href="{}">{}</a>', url, filesizeformat(user.bytes_used))

    @admin.display(description="Two-factor", ordering="two_factor", boolean=True)
    def has_two_factor(self, user: Any) -> bool:
        return bool(user.two_factor)

    @admin.display(description="Account status", ordering="is_active", empty_value="")
    def account_status(self, user: User) -> SafeString | str:
        return display.account_status(user)

    # Staff who are not superusers manage customers, not each other.

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and decisions.may_manage(
            staff_member(request), obj
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return (
            super().has_delete_permission(request, obj)
            and obj != request.user
            and decisions.may_manage(staff_member(request), obj)
        )

    def actions_for(self, obj: User) -> list[str]:
        reset = ["reset_two_factor"] if second_factor.is_on(obj) else []
        return ["suspend" if obj.is_active else "reinstate", *reset]

    @admin.action(
        description="Suspend selected %(verbose_name_plural)s …", permissions=["moderate"]
    )
    @asks_for_reason("Lock out, and take published albums off the site?")
    def suspend(self, request: HttpRequest, queryset: QuerySet[User], reason: str) -> None:
        for user in self._manageable(request, queryset.filter(is_active=True)):
            decisions.suspend(user, staff_member(request), reason)
            self.message_user(request, f"{user} is suspended.", messages.SUCCESS)

    @admin.action(
        description="Reinstate selected %(verbose_name_plural)s", permissions=["moderate"]
    )
    def reinstate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self._manageable(request, queryset.filter(is_active=False)):
            decisions.reinstate(user, staff_member(request))
            self.message_user(request, f"{user} may log in again.", messages.SUCCESS)

    @admin.action(
        description="Reset two-factor authentication of selected %(verbose_name_plural)s …",
        permissions=["moderate"],
    )
    @asks_for_reason(
        "Remove passkeys, authenticator apps and recovery codes?",
        note="How you made sure who asked. It stands in the log, which only staff read.",
    )
    def reset_two_factor(self, request: HttpRequest, queryset: QuerySet[User], reason: str) -> None:
        """For somebody who has lost them all: the password alone opens the account then."""
        for user in self._manageable(request, queryset):
            decisions.reset_second_factor(user, staff_member(request), reason)
            message = f"{user} may log in with the password alone."
            self.message_user(request, message, messages.SUCCESS)

    def _manageable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        users, staff = list(queryset), staff_member(request)
        for user in users:
            if user == staff or not decisions.may_manage(staff, user):
                self.message_user(
                    request,
                    f"{user} was left alone: nobody does this to themselves, and only superusers to staff.",
                    messages.WARNING,
                )
        return [user for user in users if user != staff and decisions.may_manage(staff, user)]

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        """Only what was changed: the owner may choose a password, or a colleague suspend, at the same time."""
        names = {field.name for field in obj._meta.concrete_fields}  # noqa: SLF001  (documented)
        obj.save(update_fields=names.intersection(form.changed_data) if change else None)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        gallery.delete_person(obj)
