"""The staff pages: Django admin's lists of people, albums, photos, jobs, files and reports."""

from moderation.admin import files, gallery, jobs, log, reports, users

__all__ = ["files", "gallery", "jobs", "log", "reports", "users"]
