"""The site as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from colorsite.content_type import with_readable_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colorsite.settings")

application = with_readable_content_type(get_wsgi_application())

# All views are imported now, not by the first request. What has come so far lives as long as the process:
# if it were not set aside, each full garbage collection would go through it, 0.1 s in the middle of a request.
get_resolver().url_patterns  # noqa: B018  (reading it imports them)
gc.collect()
gc.freeze()
