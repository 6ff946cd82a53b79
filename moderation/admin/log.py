"""Who decided what, and when. Kept: whoever stands in it can be suspended, not deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from moderation.admin.base import RecordAdmin


@admin.register(LogEntry)
class LogEntryAdmin(RecordAdmin[LogEntry]):
    list_display = ("action_time", "user", "content_type", "object_link", "message")
    list_display_links = None
    list_filter = ("action_time", "content_type", "action_flag")
    list_select_related = ("user", "content_type")
    search_fields = ("user__email", "object_repr", "change_message")
    date_hierarchy = "action_time"
    fields = ("action_time", "user", "content_type", "object_link", "message")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def actions_for(self, obj: LogEntry) -> list[str]:
        return []

    @admin.display(description="Object", ordering="object_repr")
    def object_link(self, entry: LogEntry) -> SafeString | str:
        url = None if entry.is_deletion() else entry.get_admin_url()
        return (
            format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr
        )

    @admin.display(description="What was done", ordering="change_message")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()
