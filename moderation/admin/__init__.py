"""The staff pages: Django admin's lists of people, albums, photos, jobs, files and reports."""

from moderation.admin import colorizations, files, gallery, jobs, log, reports, shares, users

__all__ = ["colorizations", "files", "gallery", "jobs", "log", "reports", "shares", "users"]
