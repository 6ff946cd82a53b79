"""What the site is called. Tags, not a context processor: error pages and mails have no request."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from colorizer.engine.imageio.formats import ACCEPTED_CONTENT_TYPES
from colorizer.engine.video.containers import ACCEPTED_FILM_TYPES

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag
def site_url() -> str:
    return str(settings.SITE_URL)


@register.simple_tag
def has_mail_server() -> bool:
    return bool(settings.HAS_MAIL_SERVER)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Of the sprite. A tag and not a template, because a page has a hundred of them."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The first, the last and those around this one; an ellipsis stands for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag(takes_context=True)
def page_address(context: dict[str, Any], number: int, name: str) -> str:
    """Another page of a list, of which there may be several on a page."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    # What is polled is a part of the page that it leads to.
    query.pop("part", None)
    return f"?{query.urlencode()}"


@register.simple_tag
def accepted_files() -> str:
    """For the `accept` attribute of a file field."""
    return f"{ACCEPTED_CONTENT_TYPES},{ACCEPTED_FILM_TYPES}"
