"""The site as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from colorsite.content_type import with_readable_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colorsite.settings")

application = with_readable_content_type(get_wsgi_application())
