"""What photos are called, and when they were taken, for whoever looks at the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django import template
from django.template.context import Context
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from filestore.models import StoredFile
from gallery import dates, embedding
from gallery.addresses import address_of
from gallery.models import Photo

register = template.Library()

ROW_REM: Final = 17
SELECTED: Final = mark_safe(" selected")
THUMBNAIL: Final = (
    '<img class="{css_class}" src="{url}" alt="{alt}" srcset="{url}?size=small {small}w, {url} {large}w"'
    ' sizes="auto, {rem}rem" width="{width}" height="{height}" loading="lazy" decoding="async">'
)


@register.simple_tag(takes_context=True)
def photo_name(context: Context, photo: Photo) -> str:
    return photo.name_for(context["request"].user)


@register.simple_tag
def photo_thumbnail(photo: Photo, url: str, alt: str, css_class: str) -> SafeString:
    """Two sizes for the browser to choose from: it knows how wide the picture is, or takes the row's usual height.

    A tag and not a template, because a page has a hundred of them.
    """
    markup = THUMBNAIL.format(
        url=url,
        alt=escape(alt),
        css_class=css_class,
        small=photo.small_width,
        large=photo.thumbnail_width,
        rem=round(photo.width / photo.height * ROW_REM),
        width=photo.width,
        height=photo.height,
    )
    return mark_safe(markup)  # noqa: S308  (all else are numbers, and addresses without a name in them)


@register.simple_tag
def address(view_name: str, key: UUID) -> str:
    """As `url`, for what is on a page a hundred times."""
    return address_of(view_name, key)


@register.simple_tag
def options(choices: Iterable[tuple[object, str]], chosen: object = None) -> SafeString:
    """Of a select element: values with their names, of which there may be thousands."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", name) for value, name in choices),
    )


@register.filter
def date_taken(photo: Photo) -> str:
    taken = dates.of_photo(photo)
    return dates.words(taken) if taken else ""


@register.filter
def takes_details(file: StoredFile) -> bool:
    return embedding.takes_details(file)
