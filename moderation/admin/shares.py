"""Links that people share: staff see what they open, and end them. The link itself stays its owner's."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.models.shares import Share
from moderation.admin import display
from moderation.admin.base import RecordAdmin

SHOWN_CHARACTERS = 4
"""Enough to tell links apart, and to find one that somebody reports."""


@admin.register(Share)
class ShareAdmin(RecordAdmin[Share]):
    view_on_site = False  # the address has the secret
    list_display = (
        "name",
        "of",
        "owner_link",
        "beginning",
        "protected",
        "allows_downloads",
        "view_count",
        "created_at",
        "expires_at",
    )
    list_filter = ("allows_downloads", "shows_details", "created_at", "expires_at")
    list_select_related = ("owner", "album", "photo")
    search_fields = (
        "title",
        "message",
        "album__title",
        "photo__title",
        "owner__email",
        "=id",
        "token__startswith",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("title", "message", "of", "owner_link", "beginning")}),
        (
            "What it opens",
            {"fields": ("shows_originals", "shows_details", "allows_downloads", "protected")},
        ),
        ("Visits", {"fields": ("view_count", "created_at", "expires_at")}),
    )

    def actions_for(self, obj: Share) -> list[str]:
        return []

    @admin.display(description="Link", ordering="title")
    def name(self, share: Share) -> str:
        return str(share)

    @admin.display(description="Opens")
    def of(self, share: Share) -> SafeString:
        kind, key = ("album", share.album_id) if share.album_id else ("photo", share.photo_id)
        address = reverse(f"admin:gallery_{kind}_change", args=[key])
        return format_html('<a href="{}">{}: {}</a>', address, kind, share.album or share.photo)

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, share: Share) -> SafeString:
        return display.link_to_user(share.owner)

    @admin.display(description="Begins with")
    def beginning(self, share: Share) -> str:
        return f"{share.token[:SHOWN_CHARACTERS]}…"

    @admin.display(description="Password", boolean=True)
    def protected(self, share: Share) -> bool:
        return share.has_password
