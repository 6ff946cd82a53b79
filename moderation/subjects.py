"""What a job of any kind is about: jobs themselves do not know."""

from __future__ import annotations

from django.db.models import Prefetch

from colorizer.models import Colorization, version_of
from gallery.models import Archive, Download
from jobs.models import Job, JobQuerySet


def with_subject(jobs: JobQuerySet) -> JobQuerySet:
    """With what `subject_of` reads: no query for each job."""
    return jobs.select_related(
        "owner",
        "colorization__source__photo",
        "adjustment__colorization__source__photo",
        "archive",
        "download__colorization__source__photo",
    ).prefetch_related(
        Prefetch("helped_films", Colorization.objects.select_related("source__photo"))
    )


def subject_of(job: Job) -> Colorization | Archive | Download | None:
    """The record that a job is about; None for a kind that has no page here."""
    archive: Archive | None = getattr(job, "archive", None)
    download: Download | None = getattr(job, "download", None)
    return version_of(job) or archive or download or next(iter(job.helped_films.all()), None)


def describe(job: Job) -> str:
    """What a job is about, in words."""
    subject = subject_of(job)
    if isinstance(subject, Colorization):
        return f"{subject.source.photo}: {subject}"
    if isinstance(subject, Download):
        return describe_download(subject)
    return subject.name if subject else ""


def describe_download(download: Download) -> str:
    """Its photo and form; what was made of a version that was deleted is swept soon."""
    version = download.colorization
    form = download.get_form_display()
    return f"{version.source.photo}: {form}" if version else form
