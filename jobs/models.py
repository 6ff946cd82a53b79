"""Jobs, their attempts and events, the clusters that run them, and what is counted of them."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from jobs import texts

MAX_ATTEMPTS = 3
CODE_LENGTH = 40
TEXT_LENGTH = 500
IS_DUE: Final = Q(state="queued") & (Q(not_before=None) | Q(not_before__lte=Now()))


class Queue(models.TextChoices):
    """Films and large archives keep a worker for long: they have clusters of their own."""

    PHOTOS = "photos", _("Photos")
    VIDEOS = "videos", _("Videos")
    FILES = "files", _("Files")


class WorkerCluster(models.Model):
    """A running group of workers; its id is the name of the broker's queue that it listens to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.CharField(max_length=6, choices=Queue.choices, default=Queue.PHOTOS)
    host = models.CharField(max_length=255)
    workers = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    watched_at = models.DateTimeField(
        db_default=Now(), help_text="When its supervisor last looked after it."
    )
    probe_answered_at = models.DateTimeField(
        null=True, help_text="When a worker last answered a health probe."
    )
    alive_at = models.DateTimeField(
        db_default=Now(), help_text="Last sign of life: an answer to a health probe or a heartbeat."
    )
    is_draining = models.BooleanField(default=False, help_text="It ends and begins no new jobs.")

    class Meta:
        ordering = ["queue", "host", "started_at"]
        constraints = [
            models.CheckConstraint(
                name="cluster_known_queue", condition=Q(queue__in=["photos", "videos", "files"])
            ),
            models.CheckConstraint(name="cluster_has_workers", condition=Q(workers__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_queue_display()} on {self.host}"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User | AnonymousUser) -> JobQuerySet:
        """Owner and staff follow a job."""
        return self.all() if user.is_staff else self.editable_by(user)

    def editable_by(self, user: User | AnonymousUser) -> JobQuerySet:
        return self.filter(owner_id=user.pk)

    def open(self) -> JobQuerySet:
        return self.filter(state__in=Job.OPEN_STATES)

    def due(self) -> JobQuerySet:
        """What a worker may begin now."""
        return self.filter(IS_DUE)

    def asked_for(self) -> JobQuerySet:
        """Without what the site does in the background."""
        from jobs import kinds  # noqa: PLC0415  (as in Job.label)

        return self.exclude(kind__in=kinds.in_background())

    def succeeded(self) -> JobQuerySet:
        return self.filter(state=Job.State.SUCCEEDED)

    def lock(self) -> JobQuerySet:
        """Until the transaction ends; everybody locks in the same order, so nobody waits in a ring.

        Helpers come last: they are deleted by whoever has locked and ended the job that they help.
        """
        from jobs import kinds  # noqa: PLC0415  (as in Job.label)

        helpers_last = Case(When(kind__in=kinds.helpers(), then=1), default=0)
        found = Job.objects.filter(pk__in=self.order_by().values("pk"))
        return found.order_by(helpers_last, "pk").select_for_update()


class Job(models.Model):
    """A piece of work that ends. Its kind knows how it is done; what it is about refers to it."""

    deleted_text: Final = gettext_noop("The job was deleted.")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN_STATES: Final = (State.QUEUED, State.RUNNING)

    class Priority(models.IntegerChoices):
        NORMAL = 0, "Normal"
        URGENT = 1, "Urgent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="jobs", editable=False, db_index=False
    )
    kind = models.CharField(max_length=40, editable=False)
    queue = models.CharField(max_length=6, choices=Queue.choices, editable=False)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.NORMAL, editable=False
    )
    goes_first = models.BooleanField(
        default=False,
        editable=False,
        help_text="Before the other jobs of its owner that wait; to those of others it makes no difference.",
    )
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.QUEUED, editable=False
    )
    progress = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Percent.")
    attempts_made = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Since a person last queued it."
    )
    not_before = models.DateTimeField(
        null=True, editable=False, help_text="The pause after a failure that may pass."
    )
    lease_token = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    cluster = models.ForeignKey(
        WorkerCluster,
        null=True,
        on_delete=models.SET_NULL,
        related_name="running",
        editable=False,
        help_text="Whose worker runs it.",
    )
    error_code = models.CharField(max_length=CODE_LENGTH, blank=True, editable=False)
    error_text = models.CharField(max_length=TEXT_LENGTH, blank=True, editable=False)
    error_params = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What takes the places of the placeholders in the text, which is in English.",
    )
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    duration = models.DurationField(
        null=True, editable=False, help_text="From start to finish of the last attempt."
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "id"]
        indexes = [
            models.Index(
                fields=["queue", "state", "priority", "-goes_first", "queued_at"], name="job_claim"
            ),
            models.Index(fields=["queue", "started_at"], name="job_served"),
            models.Index(fields=["owner", "state"], name="job_of_owner"),
            models.Index(fields=["owner", "-queued_at", "id"], name="job_newest_of_owner"),
            models.Index(fields=["owner", "finished_at"], name="job_ended_of_owner"),
            models.Index(fields=["queue", "state", "-finished_at"], name="job_latest"),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="running"), name="job_lease"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_known_state",
                condition=Q(state__in=["queued", "running", "succeeded", "failed", "cancelled"]),
            ),
            models.CheckConstraint(name="job_has_a_kind", condition=~Q(kind="")),
            models.CheckConstraint(
                name="job_known_queue", condition=Q(queue__in=["photos", "videos", "files"])
            ),
            models.CheckConstraint(name="job_known_priority", condition=Q(priority__in=[0, 1])),
            models.CheckConstraint(name="job_progress_is_percent", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="job_attempts_bounded", condition=Q(attempts_made__lte=MAX_ATTEMPTS)
            ),
            models.CheckConstraint(
                name="job_queued_has_attempts_left",
                condition=~Q(state="queued") | Q(attempts_made__lt=MAX_ATTEMPTS),
            ),
            models.CheckConstraint(
                name="job_running_is_an_attempt",
                condition=~Q(state="running") | Q(attempts_made__gte=1, started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_cluster_only_while_running",
                condition=Q(cluster=None) | Q(state="running"),
            ),
            models.CheckConstraint(
                name="job_lease_iff_running",
                condition=Q(
                    state="running", lease_token__isnull=False, lease_expires_at__isnull=False
                )
                | (~Q(state="running") & Q(lease_token=None, lease_expires_at=None)),
            ),
            models.CheckConstraint(
                name="job_complete_when_succeeded",
                condition=~Q(state="succeeded")
                | Q(progress=100, duration__isnull=False, attempts_made__gte=1),
            ),
            models.CheckConstraint(
                name="job_error_iff_failed",
                condition=(Q(state="failed") & ~Q(error_code=""))
                | (~Q(state="failed") & Q(error_code="", error_text="", error_params={})),
            ),
            models.CheckConstraint(
                name="job_finished_iff_terminal",
                condition=Q(
                    state__in=["succeeded", "failed", "cancelled"], finished_at__isnull=False
                )
                | Q(state__in=["queued", "running"], finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        return self.state in Job.OPEN_STATES

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def label(self) -> str:
        """What a person reads, such as "Colorize a photo"."""
        from jobs import kinds  # noqa: PLC0415  (a kind's handler is told in terms of jobs)

        return kinds.label_of(self.kind)

    @property
    def error_message(self) -> str:
        """Why it failed, in the language of who reads it."""
        return texts.shown(self.error_text, self.error_params)

    @property
    def advice(self) -> str:
        """What a person may do when a worker or its memory is not enough; in English."""
        from jobs import kinds  # noqa: PLC0415  (as above)

        return kinds.advice_for(self.kind)


class Attempt(models.Model):
    """One try at a job. They stay when the job is retried: `number` goes on."""

    class Outcome(models.TextChoices):
        UNFINISHED = "", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        LOST = "lost", "Lost: the worker fell silent"
        CANCELLED = "cancelled", "Cancelled"
        RETURNED = "returned", "Returned: the workers were stopped"

    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, related_name="attempts", db_index=False, editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    worker = models.CharField(max_length=255, editable=False, help_text="Host and process.")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(
        max_length=9,
        choices=Outcome.choices,
        default=Outcome.UNFINISHED,
        blank=True,
        editable=False,
    )
    error_code = models.CharField(max_length=CODE_LENGTH, blank=True, editable=False)
    error_text = models.CharField(max_length=TEXT_LENGTH, blank=True, editable=False)
    error_params = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What takes the places of the placeholders in the text, which is in English.",
    )

    class Meta:
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["job"], condition=Q(finished_at=None), name="attempt_one_at_a_time"
            ),
            models.CheckConstraint(name="attempt_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="attempt_known_outcome",
                condition=Q(
                    outcome__in=["", "succeeded", "failed", "lost", "cancelled", "returned"]
                ),
            ),
            models.CheckConstraint(
                name="attempt_outcome_iff_finished",
                condition=Q(outcome="", finished_at=None)
                | (~Q(outcome="") & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="attempt_error_iff_failed",
                condition=(Q(outcome__in=["failed", "lost"]) & ~Q(error_code=""))
                | (
                    ~Q(outcome__in=["failed", "lost"])
                    & Q(error_code="", error_text="", error_params={})
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} at {self.job_id}"

    @property
    def error_message(self) -> str:
        """As of a job."""
        return texts.shown(self.error_text, self.error_params)


class JobEvent(models.Model):
    """A change of a job's state, written in the same transaction: an outbox for notices.

    For one job ids are in the order of the changes. A reader that goes on from the last id must
    expect that a smaller one of another job is committed later; `awaits_notice` and `jobs.changes`
    miss none.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events", editable=False)
    owner = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="Of the job.",
    )
    state = models.CharField(max_length=9, choices=Job.State.choices, editable=False)
    attempt = models.PositiveIntegerField(
        null=True, editable=False, help_text="The one that began or ended."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    awaits_notice = models.BooleanField(
        default=False, editable=False, help_text="An end that no notice was made of yet."
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["job"], condition=Q(awaits_notice=True), name="jobevent_awaits_notice"
            ),
            models.Index(fields=["owner", "id"], name="jobevent_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="jobevent_known_state",
                condition=Q(state__in=["queued", "running", "succeeded", "failed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.job_id}"


class Counter(models.Model):
    """A part of a figure that only grows: the figure is the sum of all rows with its name and labels.

    Rows are only added, so that nobody waits for another's lock; `counters.merge` joins them.
    """

    name = models.CharField(max_length=60, editable=False)
    labels = models.CharField(max_length=500, editable=False)
    value = models.FloatField(editable=False)

    class Meta:
        ordering = ["name", "labels", "id"]
        indexes = [models.Index(fields=["name", "labels"], name="counter_name_labels")]
        constraints = [models.CheckConstraint(name="counter_only_grows", condition=Q(value__gte=0))]

    def __str__(self) -> str:
        return f"{self.name}{self.labels} {self.value}"
