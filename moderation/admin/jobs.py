"""Jobs of every kind, with their attempts and events, and what records with a job have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs import kinds, services
from jobs.models import Attempt, Job, JobEvent, JobQuerySet
from moderation.admin import display
from moderation.admin.base import HistoryInline, M, RecordAdmin
from moderation.subjects import describe, subject_of, with_subject


def link(route: str, obj: Model, text: str) -> SafeString:
    url = reverse(f"admin:{route}_change", args=[obj.pk])
    return format_html('<a href="{}">{}</a>', url, text)


def _link_to_subject(job: Job) -> SafeString | str:
    subject = subject_of(job)
    if subject is None:
        return ""
    options = subject._meta  # noqa: SLF001  (documented)
    route = f"{options.app_label}_{options.model_name}"
    return link(route, subject, describe(job))


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
        # As JobQuerySet.lock does: colleagues who do the same never wait for each other in a ring.
        helpers = kinds.helpers()
        objects = sorted(
            queryset, key=lambda obj: (self.job_of(obj).kind in helpers, self.job_of(obj).pk)
        )
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
        return [(kind.name, str(kind.label)) for kind in kinds.all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AttemptInline(HistoryInline):
    model = Attempt
    fields = readonly_fields = (
        "number",
        "worker",
        "started",
        "finished",
        "outcome",
        "error_code",
        "error_message",
    )

    @admin.display(description="Started")
    def started(self, attempt: Attempt) -> str:
        return display.to_the_second(attempt.started_at)

    @admin.display(description="Finished", empty_value="")
    def finished(self, attempt: Attempt) -> str:
        return display.to_the_second(attempt.finished_at)

    @admin.display(description="Error text")
    def error_message(self, attempt: Attempt) -> str:
        return attempt.error_message


class JobEventInline(HistoryInline):
    model = JobEvent
    verbose_name_plural = "events"
    fields = readonly_fields = ("time", "state", "attempt")

    @admin.display(description="Time")
    def time(self, event: JobEvent) -> str:
        return display.to_the_second(event.created_at)


@admin.register(Job)
class JobAdmin(JobActions[Job]):
    list_display = (
        "label",
        "subject",
        "owner_link",
        "badge",
        "queue",
        "urgency",
        "attempts",
        "error",
        "queued_at",
    )
    list_filter = ("state", KindFilter, "queue", "priority", "error_code", "queued_at")
    search_fields = (
        "owner__email",
        "colorization__source__photo__original_name",
        "archive__title",
        "error_text",
        "=id",
    )
    date_hierarchy = "queued_at"
    inlines = (AttemptInline, JobEventInline)
    fieldsets = (
        (None, {"fields": ("label", "subject", "owner_link", "id")}),
        ("State", {"fields": ("state", "progress", "error_code", "error_message")}),
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

    @admin.display(description="Priority", ordering="priority")
    def urgency(self, job: Job) -> SafeString | str:
        label = job.get_priority_display()
        return display.badge(label, "busy") if job.priority else label

    @admin.display(description="Attempts", ordering="attempts_made")
    def attempts(self, job: Job) -> int:
        return job.attempts_made

    @admin.display(description="Error", ordering="error_code", empty_value="")
    def error(self, job: Job) -> str:
        return job.error_code

    @admin.display(description="Error text")
    def error_message(self, job: Job) -> str:
        return job.error_message

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
        return link("jobs_job", obj.job, str(obj.job))

    @admin.display(description="Error", empty_value="")
    def error(self, obj: Any) -> str:
        job = obj.job
        return f"{job.error_code}: {job.error_message}" if job.error_code else ""

    @admin.display(description="Took", ordering="job__duration", empty_value="")
    def took(self, obj: Any) -> str:
        return display.seconds(obj.job.duration)
