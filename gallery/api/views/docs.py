from __future__ import annotations

from django.views.generic import TemplateView


class Docs(TemplateView):
    """The description of the API for people, with requests to try."""

    template_name = "gallery/api_docs.html"
