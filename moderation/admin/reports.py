from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from moderation import decisions
from moderation.admin import display
from moderation.admin.base import RecordAdmin, asks_for_reason, staff_member
from moderation.models import Report

DETAILS_IN_LIST = 200


class IsOpenFilter(admin.SimpleListFilter):
    title = "decision"
    parameter_name = "open"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("yes", "Open"), ("no", "Decided")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() == "yes")


@admin.register(Report)
class ReportAdmin(RecordAdmin[Report]):
    list_display = (
        "before",
        "after",
        "complaint",
        "owner",
        "created_at",
        "decision",
    )
    list_display_links = ("before", "after", "complaint")
    list_filter = (IsOpenFilter, "reason", "outcome", "created_at")
    list_select_related = (
        "colorization__source__photo",
        "colorization__source__owner",
        "reporter",
    )
    search_fields = (
        "details",
        "reporter__email",
        "colorization__source__photo__original_name",
        "colorization__source__owner__email",
    )
    date_hierarchy = "created_at"
    actions = ("hide_photo", "dismiss")
    fieldsets = (
        (None, {"fields": ("before_and_after", "colorization", "owner")}),
        ("Complaint", {"fields": ("reason", "details", "reported_by", "created_at")}),
        ("Decision", {"fields": ("decision", "resolved_by", "resolved_at")}),
    )

    @admin.display(description="Before")
    def before(self, report: Report) -> SafeString | str:
        return display.thumbnail(report.colorization.source.photo)

    @admin.display(description="After", empty_value="")
    def after(self, report: Report) -> SafeString | str:
        return display.result_thumbnail(report.colorization)

    @admin.display(description="Complaint", ordering="reason")
    def complaint(self, report: Report) -> SafeString:
        details = Truncator(report.details).chars(DETAILS_IN_LIST)
        return format_html("{} <p>{}</p>", report.get_reason_display(), details)

    @admin.display(description="Before and after")
    def before_and_after(self, report: Report) -> SafeString:
        return display.before_and_after(report.colorization)

    @admin.display(description="Owner", ordering="colorization__source__owner__email")
    def owner(self, report: Report) -> SafeString:
        return display.link_to_user(report.colorization.source.owner)

    @admin.display(description="Reported by", ordering="reporter__email")
    def reported_by(self, report: Report) -> str:
        return str(report.reporter or "a visitor")

    @admin.display(description="Decision", ordering="outcome")
    def decision(self, report: Report) -> SafeString | str:
        return report.get_outcome_display() or display.badge("Open", "busy")

    def actions_for(self, obj: Report) -> list[str]:
        return [] if obj.resolved_at else ["hide_photo", "dismiss"]

    @admin.action(description="Hide the photos of selected reports …", permissions=["moderate"])
    @asks_for_reason("Hide the reported photos from everybody but their owners and staff?")
    def hide_photo(self, request: HttpRequest, queryset: QuerySet[Report], reason: str) -> None:
        staff = staff_member(request)
        reports = queryset.select_related("colorization__source__photo")
        hidden = [each for each in reports if decisions.hide_reported(each, staff, reason)]
        self.message_user(request, f"{len(hidden)} resolved, photos hidden.", messages.SUCCESS)

    @admin.action(description="Dismiss selected reports", permissions=["moderate"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        staff = staff_member(request)
        dismissed = [each for each in queryset if decisions.dismiss(each, staff)]
        self.message_user(request, f"{len(dismissed)} dismissed.", messages.SUCCESS)
