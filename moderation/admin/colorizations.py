from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString

from colorizer import services as colorizer_services
from colorizer.models import Colorization
from gallery import services
from gallery.admin import badges, pictures
from gallery.admin.records import RecordAdmin, link_to_person


@admin.register(Colorization)
class ColorizationAdmin(RecordAdmin[Colorization]):
    list_display = ("before", "after", "photo", "owner", "variant", "badge", "queued_at", "took")
    list_display_links = ("before", "photo")
    list_filter = ("state", "variant", "weights_name", "error_code", "queued_at")
    list_select_related = ("photo__album__owner",)
    search_fields = (
        "photo__original_name",
        "photo__album__title",
        "photo__album__owner__email",
        "error_text",
        "=id",
    )
    date_hierarchy = "queued_at"
    actions = ("retry", "cancel", "urgent")
    fieldsets = (
        (None, {"fields": ("pair", "photo", "owner", "variant", "render_factor")}),
        (
            "Job",
            {
                "fields": (
                    "state",
                    "progress",
                    "attempt",
                    "error_code",
                    "error_text",
                    "queued_at",
                    "started_at",
                    "finished_at",
                    "took",
                )
            },
        ),
        (
            "Result",
            {"fields": ("size", "used_render_factor", "weights_name", "weights_sha256")},
        ),
    )

    @admin.display(description="Before")
    def before(self, colorization: Colorization) -> SafeString:
        return pictures.thumbnail(colorization.photo)

    @admin.display(description="After", empty_value="")
    def after(self, colorization: Colorization) -> SafeString | str:
        return pictures.result_thumbnail(colorization)

    @admin.display(description="Before and after")
    def pair(self, colorization: Colorization) -> SafeString:
        return pictures.before_and_after(colorization)

    @admin.display(description="Owner", ordering="photo__album__owner__email")
    def owner(self, colorization: Colorization) -> SafeString:
        return link_to_person(colorization.photo.album.owner)

    @admin.display(description="State", ordering="state")
    def badge(self, colorization: Colorization) -> SafeString:
        return badges.state(colorization)

    @admin.display(description="Took", ordering="duration", empty_value="")
    def took(self, colorization: Colorization) -> str:
        duration = colorization.duration
        return f"{duration.total_seconds():.1f} s" if duration else ""

    @admin.display(description="Size", ordering="result_bytes")
    def size(self, colorization: Colorization) -> str:
        return filesizeformat(colorization.result_bytes) if colorization.result_bytes else ""

    def actions_for(self, obj: Colorization) -> list[str]:
        if obj.state == Colorization.State.QUEUED:
            return ["cancel", "urgent"]
        if not obj.is_finished:
            return ["cancel"]
        return [] if obj.state == Colorization.State.SUCCEEDED else ["retry"]

    @admin.action(
        description="Try selected %(verbose_name_plural)s again", permissions=["moderate"]
    )
    def retry(self, request: HttpRequest, queryset: QuerySet[Colorization]) -> None:
        self._apply(request, queryset, colorizer_services.retry, "queued again")

    @admin.action(description="Cancel selected %(verbose_name_plural)s", permissions=["moderate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Colorization]) -> None:
        self._apply(request, queryset, colorizer_services.cancel, "cancelled")

    @admin.action(
        description="Put selected %(verbose_name_plural)s first", permissions=["moderate"]
    )
    def urgent(self, request: HttpRequest, queryset: QuerySet[Colorization]) -> None:
        self._apply(request, queryset, colorizer_services.make_urgent, "put first")

    def _apply(
        self,
        request: HttpRequest,
        jobs: QuerySet[Colorization],
        change: Callable[[Colorization], bool],
        done: str,
    ) -> None:
        changed = [job for job in jobs if change(job)]
        for job in changed:
            self.log_change(request, job, f"{done.capitalize()}.")
        self.message_user(request, f"{len(changed)} {done}.", messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Colorization) -> None:
        services.delete_colorization(obj)
