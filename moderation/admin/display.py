"""How the lists show things: pictures before and after, states, owners, sizes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.models import Album, Photo
from jobs.models import Job

TONES = {
    Job.State.RUNNING: "busy",
    Job.State.SUCCEEDED: "good",
    Job.State.FAILED: "bad",
}


def badge(text: str, tone: str = "quiet") -> SafeString:
    """A word on a colored ground, which stands out in a list."""
    return format_html('<span class="badge {}">{}</span>', tone, text)


def state_badge(job: Job) -> SafeString:
    return badge(job.get_state_display(), TONES.get(Job.State(job.state), "quiet"))


def hidden_badge(obj: Album | Photo) -> SafeString | str:
    return badge("Hidden", "bad") if obj.is_hidden else ""


def trash_badge(obj: Album | Photo | Colorization) -> SafeString | str:
    return badge("In the trash") if obj.trashed_at else ""


def account_status(user: User) -> SafeString | str:
    if not user.is_active:
        return badge("Suspended", "bad")
    if user.is_superuser:
        return badge("Superuser", "busy")
    if user.awaits_confirmation:
        return badge("Email not confirmed")
    return badge("Staff", "busy") if user.is_staff else ""


def link_to_user(user: User) -> SafeString:
    url = reverse("admin:accounts_user_change", args=[user.pk])
    return format_html('<a href="{}">{}</a>', url, user)


def size(file: StoredFile | None) -> str:
    return filesizeformat(file.bytes) if file else ""


def to_the_second(moment: datetime | None) -> str:
    """Exact enough to follow what happened within a minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def seconds(duration: timedelta | None) -> str:
    return f"{duration.total_seconds():.1f} s" if duration else ""


def picture(url: str, alternative_text: str) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" loading="lazy" decoding="async">', url, alternative_text
    )


def thumbnail(photo: Photo) -> SafeString | str:
    """What is in the trash, only its owner looks at."""
    if photo.is_trashed:
        return trash_badge(photo)
    url = reverse("gallery:photo-thumbnail", args=[photo.pk])
    return picture(url, f"{photo}, before")


def display(photo: Photo) -> SafeString | str:
    if photo.is_trashed:
        return trash_badge(photo)
    url = reverse("gallery:photo-display", args=[photo.pk])
    return picture(url, f"{photo}, before")


def result_thumbnail(colorization: Colorization) -> SafeString | str:
    return _result("gallery:colorization-thumbnail", colorization)


def before_and_after(colorization: Colorization) -> SafeString:
    before = display(colorization.source.photo)
    after = _result("gallery:colorization-preview", colorization)
    return format_html('<div class="before-after">{}{}</div>', before, after)


def _result(route: str, colorization: Colorization) -> SafeString | str:
    if not colorization.result_id:
        return ""
    if colorization.trashed_at:
        return trash_badge(colorization)
    url = reverse(route, args=[colorization.pk])
    return picture(url, f"{colorization.source.photo}, {colorization.variant}")
