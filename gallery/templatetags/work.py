"""What pages say of work that is done, and of how long it takes."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import ngettext

from accounts.models import User
from gallery.models import Notice

register = template.Library()
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE


@register.simple_tag
def unread_notices(user: User) -> int:
    """For the number beside the link to the notices, on every page of who is logged in."""
    return Notice.objects.editable_by(user).unread().count()


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
