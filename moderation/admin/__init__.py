"""The moderation desk: Django admin's lists of people, albums, photos, pairs and reports."""

from gallery.admin import albums, colorizations, log, people, photos, reports

__all__ = ["albums", "colorizations", "log", "people", "photos", "reports"]
