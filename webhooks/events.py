"""What webhooks are told of: written when it happens, in the same transaction, for those who have a webhook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from colorizer.models import Adjustment, Colorization
from gallery.models import Archive, Download
from jobs import kinds
from jobs.models import Job
from webhooks.models import Event, Webhook

TYPES: Final = {
    Job.State.SUCCEEDED: Event.Type.SUCCEEDED,
    Job.State.FAILED: Event.Type.FAILED,
    Job.State.CANCELLED: Event.Type.CANCELLED,
}
CHOSEN_TYPES: Final = [choice for choice in Event.Type.choices if choice[0] in TYPES.values()]
"""What a webhook may be for. A ping comes when it is asked for."""
SUBJECTS: Final[Sequence[tuple[str, QuerySet[Any]]]] = (
    ("colorization", Colorization.objects.all()),
    ("colorization", Adjustment.objects.all()),
    ("archive", Archive.objects.all()),
    ("download", Download.objects.all()),
)
"""What a job may be about, by the name that it has in the API: adjusting is about a colorization, whose key it has."""


def note_ends(ended: Sequence[Job], state: Job.State, error_code: str) -> None:
    """A listener of `jobs.endings`."""
    told = _of_owners_with_webhooks(ended)
    if not told:
        return
    subjects = _subjects(told)
    Event.objects.bulk_create(
        Event(
            owner_id=job.owner_id,
            type=TYPES[state],
            data={
                "job_id": str(job.pk),
                "kind": job.kind,
                "state": state.value,
                "error_code": error_code,
                "subject": subjects.get(job.pk),
            },
            awaits_deliveries=True,
        )
        for job in told
    )


def _of_owners_with_webhooks(ended: Sequence[Job]) -> list[Job]:
    """Whom deliveries are told by are not told of deliveries."""
    background = kinds.in_background()
    asked_for = [job for job in ended if job.kind not in background]
    if not asked_for:
        return []
    owners = {job.owner_id for job in asked_for}
    active = Webhook.objects.active().filter(owner__in=owners).order_by()
    told = set(active.values_list("owner", flat=True).distinct())
    return [job for job in asked_for if job.owner_id in told]


def _subjects(told: Sequence[Job]) -> dict[UUID, dict[str, str]]:
    """By job. Without addresses: a worker that ends a job knows none, and does not stop to learn them."""
    keys = [job.pk for job in told]
    return {
        job: {"type": name, "id": str(pk)}
        for name, records in SUBJECTS
        for job, pk in records.filter(job__in=keys).values_list("job", "pk")
    }


def payload(event: Event) -> Mapping[str, Any]:
    """What is sent."""
    return {
        "id": str(event.pk),
        "type": event.type,
        "created_at": event.created_at.isoformat(),
        "data": event.data | dict(_addresses(event.data)),
    }


def _addresses(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A ping is about nothing."""
    if job := data.get("job_id"):
        yield "job_url", _url("job", job)
    if subject := data.get("subject"):
        yield "subject", {**subject, "url": _url(subject["type"], subject["id"])}


def _url(kind: str, key: str) -> str:
    return settings.SITE_URL + reverse(f"api:{kind}-detail", args=[key])
