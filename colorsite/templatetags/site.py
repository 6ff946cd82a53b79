"""What the site is called. Tags, not a context processor: error pages and mails have no request."""

from __future__ import annotations

from django import template
from django.conf import settings

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
