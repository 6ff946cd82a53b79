"""Before and after, as small as a list wants them and as large as a decision wants them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from colorizer.models import Colorization
from gallery.models import Photo


def picture(url: str, alternative_text: str) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" loading="lazy" decoding="async">', url, alternative_text
    )


def thumbnail(photo: Photo) -> SafeString:
    url = reverse("gallery:photo-thumbnail", args=[photo.pk])
    return picture(url, f"{photo.original_name}, before")


def result_thumbnail(colorization: Colorization) -> SafeString | str:
    return _result("gallery:colorization-thumbnail", colorization)


def _result(route: str, colorization: Colorization) -> SafeString | str:
    if colorization.state != Colorization.State.SUCCEEDED:
        return ""
    url = reverse(route, args=[colorization.pk])
    return picture(url, f"{colorization.photo.original_name}, {colorization.variant}")


def before_and_after(colorization: Colorization) -> SafeString:
    display = reverse("gallery:photo-display", args=[colorization.photo_id])
    before = picture(display, f"{colorization.photo.original_name}, before")
    after = _result("gallery:colorization-preview", colorization)
    return format_html('<div class="pair">{}{}</div>', before, after)
