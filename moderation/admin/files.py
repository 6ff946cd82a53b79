"""Every file that is kept or on its way: looked at only. They come and go with what they belong to."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString

from filestore.models import StoredFile, Upload
from moderation.admin import display
from moderation.admin.base import RecordAdmin


@admin.register(StoredFile)
class StoredFileAdmin(RecordAdmin[StoredFile]):
    list_display = ("path", "purpose", "owner_link", "size", "content_type", "created_at")
    list_filter = ("purpose", "content_type", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email", "=id", "=sha256")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("path", "purpose", "owner_link", "derived_from", "created_at")}),
        ("Content", {"fields": ("size", "content_type", "sha256")}),
    )
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the bytes by purpose of all that the list shows, such as the files of one owner."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)  # none when a filter made no sense
        if context and "cl" in context:
            context["usage"] = _usage(context["cl"].queryset)
        return response

    def actions_for(self, obj: StoredFile) -> list[str]:
        return []

    @admin.display(description="Name", ordering="name")
    def path(self, file: StoredFile) -> str:
        return str(file)

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, file: StoredFile) -> SafeString:
        return display.link_to_user(file.owner)

    @admin.display(description="Size", ordering="bytes")
    def size(self, file: StoredFile) -> str:
        return display.size(file)

    def has_delete_permission(self, request: HttpRequest, obj: StoredFile | None = None) -> bool:
        return False


@admin.register(Upload)
class UploadAdmin(RecordAdmin[Upload]):
    list_display = ("owner_link", "state", "received", "size", "created_at", "expires_at")
    list_filter = ("state", "created_at")
    list_select_related = ("owner",)
    search_fields = ("owner__email", "=id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("owner_link", "state", "received", "size", "created_at", "expires_at")}),
        ("Said by the client", {"fields": ("metadata",)}),
        ("What became of it", {"fields": ("refusal",)}),
    )
    actions = None

    def actions_for(self, obj: Upload) -> list[str]:
        return []

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, upload: Upload) -> SafeString:
        return display.link_to_user(upload.owner)

    @admin.display(description="Received", ordering="offset")
    def received(self, upload: Upload) -> str:
        return filesizeformat(upload.offset)

    @admin.display(description="Size", ordering="length")
    def size(self, upload: Upload) -> str:
        return filesizeformat(upload.length)

    def has_delete_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        return False


def _usage(files: QuerySet[StoredFile]) -> dict[str, Any]:
    purposes = files.order_by().values("purpose").annotate(files=Count("pk"), bytes=Sum("bytes"))
    rows = [
        {**row, "label": StoredFile.Purpose(row["purpose"]).label}
        for row in cast("list[dict[str, Any]]", purposes.order_by("-bytes"))
    ]
    return {"rows": rows, "bytes": sum(row["bytes"] for row in rows)}
