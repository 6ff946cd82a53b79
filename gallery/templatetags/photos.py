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
from gallery.models.shares import Share
from gallery.shared_viewer import file_address, photo_address

register = template.Library()

ROW_REM: Final = 17
SELECTED: Final = mark_safe(" selected")
THUMBNAIL: Final = (
    '<img class="{css_class}" src="{url}" alt="{alt}" srcset="{url}?size=small {small}w, {url} {large}w"'
    ' sizes="auto, {rem}rem" width="{width}" height="{height}" loading="lazy" decoding="async">'
)


@register.simple_tag(takes_context=True)
def photo_name(context: Context, photo: Photo) -> str:
    return photo.name_for(context.get("viewer") or context["request"].user)


@register.simple_tag(takes_context=True)
def photo_page(context: Context, photo: Photo) -> str:
    """Where the viewer of this page looks at it: a guest, under the link."""
    guest = context.get("viewer")
    return photo_address(guest, photo.pk) if guest else photo.get_absolute_url()


@register.simple_tag(takes_context=True)
def shared_file(context: Context, photo: Photo, name: str) -> str:
    """The address of a file under the link that this page is of."""
    return file_address(context["viewer"], photo.pk, name)


@register.simple_tag(takes_context=True)
def share_link(context: Context, share: Share) -> str:
    """The whole address, as it is sent to people."""
    link: str = context["request"].build_absolute_uri(share.get_absolute_url())
    return link


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
