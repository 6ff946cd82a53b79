"""Email addresses of people, as allauth lists them. Whoever changes an address can take the account over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest

from moderation import decisions
from moderation.admin.base import staff_member


class AddressAdmin(EmailAddressAdmin):  # type: ignore[misc]  # allauth has no types
    """Registered in the place of allauth's (`colorsite.apps`)."""

    # Staff who are not superusers manage those of members, not of each other.

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if staff_member(request).is_superuser else ("user", "email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_add_permission(request) and staff_member(request).is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_change_permission(request, obj) and _may_manage(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj) and _may_manage(request, obj))

    def log_deletions(
        self, request: HttpRequest, queryset: Iterable[EmailAddress]
    ) -> list[LogEntry]:
        return [decisions.log_deletion(address, staff_member(request)) for address in queryset]

    @admin.action(description="Mark selected email addresses as verified", permissions=["change"])
    def make_verified(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        if not staff_member(request).is_superuser:
            queryset = queryset.filter(user__is_staff=False, user__is_superuser=False)
        super().make_verified(request, queryset)


def _may_manage(request: HttpRequest, address: Any) -> bool:
    return decisions.may_manage(staff_member(request), address.user if address else None)
