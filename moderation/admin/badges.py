"""A word on a coloured ground: what stands out in a list."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from colorizer.models import Colorization
from gallery.models import Album, Photo

TONES = {
    Colorization.State.RUNNING: "busy",
    Colorization.State.SUCCEEDED: "good",
    Colorization.State.FAILED: "bad",
}


def badge(text: str, tone: str = "quiet") -> SafeString:
    return format_html('<span class="badge {}">{}</span>', tone, text)


def state(colorization: Colorization) -> SafeString:
    tone = TONES.get(Colorization.State(colorization.state), "quiet")
    return badge(colorization.get_state_display(), tone)


def hidden(obj: Album | Photo) -> SafeString | str:
    return badge("Hidden", "bad") if obj.is_hidden else ""


def standing(user: User) -> SafeString | str:
    if not user.is_active:
        return badge("Suspended", "bad")
    if user.is_superuser:
        return badge("Superuser", "busy")
    return badge("Staff", "busy") if user.is_staff else ""
