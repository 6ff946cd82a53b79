"""Jobs of every kind, with their attempts and events, and the records that jobs are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from colorizer.models import Colorization
from gallery import archives
from gallery import services as gallery
from gallery.models import AlbumArchive, Photo
from jobs import kinds, services
from jobs.models import Attempt, Job, JobEvent, JobQuerySet
from moderation.admin import display
from moderation.admin.base import HistoryInline, M, RecordAdmin
from moderation.subjects import describe, subject_of, with_subject


def _link(route: str, obj: Colorization | AlbumArchive | Photo | Job, text: str) -> SafeString:
    url = reverse(f"admin:{route}_change", args=[obj.pk])
    return format_html('<a href="{}">{}</a>', url, text)


def _link_to_subject(job: Job) -> SafeString | str:
    subject = subject_of(job)
    if subject is None:
        return ""
    is_colorization = isinstance(subject, Colorization)
    route = "colorizer_colorization" if is_colorization else "gallery_albumarchive"
    return _link(route, subject, describe(job))


class JobActions(RecordAdmin[M]):
    """Retry, cancel, urgent: for jobs, and for records that have a job."""

    actions = ("retry", "cancel", "urgent")

    def job_of(self, obj: Any) -> Job:
        job: Job = obj.job
        return job

    def actions_for(self, obj: M) -> list[str]:
        job = self.job_of(obj)
        if job.state == Job.State.QUEUED:
            return ["cancel", "urgent"]
        if not job.is_finished:
            return ["cancel"]
        return [] if job.state == Job.State.SUCCEEDED else ["retry"]

    @admin.action(description="Retry selected %(verbose_name_plural)s", permissions=["moderate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        self._apply(request, queryset, services.retry, "queued again")

    @admin.action(description="Cancel selected %(verbose_name_plural)s", permissions=["moderate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        self._apply(request, queryset, services.cancel, "cancelled")

    @admin.action(
        description="Put selected %(verbose_name_plural)s first", permissions=["moderate"]
    )
    def urgent(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        self._apply(request, queryset, services.make_urgent, "put first")

    def _apply(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        change: Callable[[Job], bool],
        done: str,
    ) -> None:
        # All lock jobs in the same order: colleagues who do the same never wait for each other in a ring.
        objects = sorted(queryset, key=lambda obj: self.job_of(obj).pk)
        changed = [obj for obj in objects if change(self.job_of(obj))]
        for obj in changed:
            self.log_change(request, obj, f"{done.capitalize()}.")
        self.message_user(request, f"{len(changed)} {done}.", messages.SUCCESS)


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [(kind.name, kind.label) for kind in kinds.all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AttemptInline(HistoryInline):
    model = Attempt
    fields = readonly_fields = (
        "number",
        "worker",
        "started_at",
        "finished_at",
        "outcome",
        "error_code",
        "error_text",
    )


class JobEventInline(HistoryInline):
    model = JobEvent
    verbose_name_plural = "events"
    fields = readonly_fields = ("created_at", "state", "attempt")


@admin.register(Job)
class JobAdmin(JobActions[Job]):
    list_display = (
        "label",
        "subject",
        "owner_link",
        "badge",
        "queue",
        "priority",
        "attempts_made",
        "error_code",
        "queued_at",
        "took",
    )
    list_filter = ("state", KindFilter, "queue", "priority", "error_code", "queued_at")
    search_fields = (
        "owner__email",
        "colorization__source__photo__original_name",
        "album_archive__album__title",
        "error_text",
        "=id",
    )
    date_hierarchy = "queued_at"
    inlines = (AttemptInline, JobEventInline)
    fieldsets = (
        (None, {"fields": ("label", "subject", "owner_link", "id")}),
        ("State", {"fields": ("state", "progress", "error_code", "error_text")}),
        (
            "Work",
            {
                "fields": (
                    "queue",
                    "priority",
                    "attempts_made",
                    "cluster",
                    "queued_at",
                    "started_at",
                    "finished_at",
                    "took",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> JobQuerySet:
        return with_subject(cast("JobQuerySet", super().get_queryset(request)))

    def job_of(self, obj: Job) -> Job:
        return obj

    @admin.display(description="Kind", ordering="kind")
    def label(self, job: Job) -> str:
        return job.label

    @admin.display(description="About", empty_value="")
    def subject(self, job: Job) -> SafeString | str:
        return _link_to_subject(job)

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, job: Job) -> SafeString:
        return display.link_to_user(job.owner)

    @admin.display(description="State", ordering="state")
    def badge(self, job: Job) -> SafeString:
        return display.state_badge(job)

    @admin.display(description="Took", ordering="duration", empty_value="")
    def took(self, job: Job) -> str:
        return display.seconds(job.duration)

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """A job goes with what it is about."""
        return False


class OfJobAdmin(JobActions[M]):
    """Records whose state is that of their job."""

    @admin.display(description="State", ordering="job__state")
    def badge(self, obj: Any) -> SafeString:
        return display.state_badge(obj.job)

    @admin.display(description="Job")
    def job_link(self, obj: Any) -> SafeString:
        return _link("jobs_job", obj.job, str(obj.job))

    @admin.display(description="Error", empty_value="")
    def error(self, obj: Any) -> str:
        job = obj.job
        return f"{job.error_code}: {job.error_text}" if job.error_code else ""

    @admin.display(description="Took", ordering="job__duration", empty_value="")
    def took(self, obj: Any) -> str:
        return display.seconds(obj.job.duration)


@admin.register(Colorization)
class ColorizationAdmin(OfJobAdmin[Colorization]):
    list_display = ("before", "after", "photo", "owner", "variant", "badge", "created_at", "took")
    list_display_links = ("before", "photo")
    list_filter = ("job__state", "variant", "weights_name", "job__error_code", "created_at")
    search_fields = (
        "source__photo__original_name",
        "source__photo__album__title",
        "source__owner__email",
        "job__error_text",
        "=id",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (
            None,
            {"fields": ("before_and_after", "photo_link", "owner", "variant", "render_factor")},
        ),
        ("Job", {"fields": ("badge", "job_link", "error", "created_at", "took")}),
        (
            "Result",
            {"fields": ("size", "used_render_factor", "weights_name", "weights_sha256")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Colorization]:
        colorizations: QuerySet[Colorization] = super().get_queryset(request)
        return colorizations.select_related("source__photo", "source__owner", "result")

    @admin.display(description="Before")
    def before(self, colorization: Colorization) -> SafeString:
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
        return _link("gallery_photo", colorization.source.photo, str(colorization.source.photo))

    @admin.display(description="Owner", ordering="source__owner__email")
    def owner(self, colorization: Colorization) -> SafeString:
        return display.link_to_user(colorization.source.owner)

    @admin.display(description="Size", ordering="result__bytes")
    def size(self, colorization: Colorization) -> str:
        return display.size(colorization.result)

    def delete_model(self, request: HttpRequest, obj: Colorization) -> None:
        gallery.delete_colorization(obj)


@admin.register(AlbumArchive)
class AlbumArchiveAdmin(OfJobAdmin[AlbumArchive]):
    list_display = ("album", "owner", "badge", "size", "created_at", "expires_at")
    list_filter = ("job__state", "created_at", "expires_at")
    list_select_related = ("album__owner", "job", "file")
    search_fields = ("album__title", "album__owner__email", "=id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("album", "owner", "size", "created_at", "expires_at")}),
        ("Job", {"fields": ("badge", "job_link", "error", "took")}),
    )

    @admin.display(description="Owner", ordering="album__owner__email")
    def owner(self, archive: AlbumArchive) -> SafeString:
        return display.link_to_user(archive.album.owner)

    @admin.display(description="Size", ordering="file__bytes")
    def size(self, archive: AlbumArchive) -> str:
        return display.size(archive.file)

    def delete_model(self, request: HttpRequest, obj: AlbumArchive) -> None:
        archives.delete_archives(AlbumArchive.objects.filter(pk=obj.pk))
