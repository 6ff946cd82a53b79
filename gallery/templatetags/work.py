"""What pages say of work that is done, and of how long it takes."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import ngettext

from accounts.models import User
from colorizer.models import Colorization
from colorizer.models import version_of as version_of_job
from gallery.models import Download, Notice
from gallery.play_times import MINUTE, play_time
from jobs.models import Job

register = template.Library()
register.filter(play_time)
HOUR: Final = 60 * MINUTE


@register.simple_tag
def unread_notices(user: User) -> int:
    """For the number beside the link to the notices, on every page of who is logged in."""
    return Notice.objects.editable_by(user).unread().count()


@register.filter
def version_of(job: Job) -> Colorization | None:
    """What a job colors, adjusts or makes a download of."""
    download: Download | None = getattr(job, "download", None)
    return download.colorization if download else version_of_job(job)


@register.filter
def rough_time(seconds: int) -> str:
    """An estimate is no more exact than this."""
    if seconds < 1.5 * MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds < 1.5 * HOUR:
        minutes = round(seconds / MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(seconds / HOUR)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
