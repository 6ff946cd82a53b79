"""What the site is called. Tags, not a context processor: error pages and mails have no request."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page

from colorizer.engine.imageio.formats import ACCEPTED_CONTENT_TYPES

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
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The first, the last and those around this one; an ellipsis stands for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def accepted_files() -> str:
    """For the `accept` attribute of a file field."""
    return ACCEPTED_CONTENT_TYPES
