"""Colorizations: before and after, what made them, and how they are adjusted."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from colorizer.engine.adjustments import from_json
from colorizer.models import Adjustment, Colorization
from gallery import services as gallery
from gallery.play_times import play_time
from gallery.versions import changes_in_words
from moderation.admin import display
from moderation.admin.base import InTrashFilter
from moderation.admin.jobs import OfJobAdmin, link


@admin.register(Colorization)
class ColorizationAdmin(OfJobAdmin[Colorization]):
    list_display = (
        "before",
        "after",
        "photo",
        "owner_link",
        "variant",
        "badge",
        "in_trash",
        "created_at",
        "took",
    )
    list_display_links = ("before", "photo")
    list_filter = (
        "job__state",
        InTrashFilter,
        "variant",
        "weights_name",
        "job__error_code",
        "created_at",
    )
    search_fields = (
        "source__photo__title",
        "source__photo__original_name",
        "source__photo__album__title",
        "owner__email",
        "job__error_text",
        "=id",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "before_and_after",
                    "photo_link",
                    "owner_link",
                    "variant",
                    "render_factor",
                    "guided_by",
                )
            },
        ),
        ("Job", {"fields": ("badge", "job_link", "error", "created_at", "took")}),
        (
            "Result",
            {
                "fields": (
                    "size",
                    "used_render_factor",
                    "weights_name",
                    "weights_sha256",
                    "is_kept",
                    "rating",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Colorization]:
        colorizations: QuerySet[Colorization] = super().get_queryset(request)
        return colorizations.select_related("source__photo", "owner", "result")

    @admin.display(description="Before")
    def before(self, colorization: Colorization) -> SafeString | str:
        return display.thumbnail(colorization.source.photo)

    @admin.display(description="After", empty_value="")
    def after(self, colorization: Colorization) -> SafeString | str:
        return display.result_thumbnail(colorization)

    @admin.display(description="Before and after")
    def before_and_after(self, colorization: Colorization) -> SafeString:
        return display.before_and_after(colorization)

    @admin.display(description="Photo", ordering="source__photo__original_name")
    def photo(self, colorization: Colorization) -> str:
        return str(colorization.source.photo)

    @admin.display(description="Photo")
    def photo_link(self, colorization: Colorization) -> SafeString:
        return link("gallery_photo", colorization.source.photo, str(colorization.source.photo))

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, colorization: Colorization) -> SafeString:
        return display.link_to_user(colorization.owner)

    @admin.display(description="Trash", ordering="trashed_at", empty_value="")
    def in_trash(self, colorization: Colorization) -> SafeString | str:
        return display.trash_badge(colorization)

    @admin.display(description="Guided by")
    def guided_by(self, colorization: Colorization) -> str:
        guided = colorization.guided
        number = len(guided.hints) if guided else 0
        words = [f"{number} hint{'s'[: number > 1]}"] if number else []
        if guided and guided.has_reference:
            moment = guided.reference_seconds
            scene = "" if moment is None else f" for the scene at {play_time(moment)}"
            words.append(f"the colors of another photo{scene}")
        return " and ".join(words) or "Nothing"

    @admin.display(description="Size", ordering="result__bytes")
    def size(self, colorization: Colorization) -> str:
        return display.size(colorization.result)

    def delete_model(self, request: HttpRequest, obj: Colorization) -> None:
        gallery.delete_colorization(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Colorization]) -> None:
        gallery.delete_colorizations(
            Colorization.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        )


@admin.register(Adjustment)
class AdjustmentAdmin(OfJobAdmin[Adjustment]):
    list_display = ("version", "owner_link", "changes", "badge", "queued_at", "took")
    list_filter = ("job__state", "job__error_code", "job__queued_at")
    list_select_related = ("colorization__source__photo", "colorization__owner", "job")
    search_fields = (
        "colorization__source__photo__title",
        "colorization__source__photo__original_name",
        "colorization__owner__email",
        "job__error_text",
        "=colorization__id",
    )
    date_hierarchy = "job__queued_at"
    fieldsets = (
        (None, {"fields": ("version_link", "owner_link", "changes", "choices")}),
        ("Job", {"fields": ("badge", "job_link", "error", "queued_at", "took")}),
    )

    @admin.display(description="Version", ordering="colorization__source__photo__original_name")
    def version(self, adjustment: Adjustment) -> str:
        return f"{adjustment.colorization.source.photo}: {adjustment.colorization}"

    @admin.display(description="Version")
    def version_link(self, adjustment: Adjustment) -> SafeString:
        version = self.version(adjustment)
        return link("colorizer_colorization", adjustment.colorization, version)

    @admin.display(description="Owner", ordering="colorization__owner__email")
    def owner_link(self, adjustment: Adjustment) -> SafeString:
        return display.link_to_user(adjustment.colorization.owner)

    @admin.display(description="Changes", empty_value="")
    def changes(self, adjustment: Adjustment) -> str:
        return ", ".join(changes_in_words(from_json(adjustment.choices)))

    @admin.display(description="Saved", ordering="job__queued_at")
    def queued_at(self, adjustment: Adjustment) -> str:
        return display.to_the_second(adjustment.job.queued_at)

    def has_delete_permission(self, request: HttpRequest, obj: Adjustment | None = None) -> bool:
        """It goes with its version; its owner takes it back."""
        return False
