"""The pages of staff and their part of the API, each with what it lists."""

from __future__ import annotations

from typing import Final

from django.contrib import admin

from tests.colorsite.query_counts.api import whole_page
from tests.colorsite.query_counts.visits import Entry

MODERATED: Final = {
    "report": "reports",
    "moderated_photo": "photos",
    "moderated_album": "albums",
    "member": "members",
    "moderated_job": "work",
    "decision": "decisions",
}
# By the admin's names.
RECORDS: Final = {
    "jobs_job": "work",
    "colorizer_colorization": "versions",
    "colorizer_adjustment": "versions",
    "filestore_storedfile": "photos",
    "filestore_upload": "uploads",
    "gallery_album": "albums",
    "gallery_photo": "photos",
    "gallery_archive": "archives",
    "gallery_download": "downloads",
    "gallery_share": "shares",
    "admin_logentry": "decisions",
    "moderation_report": "reports",
    "accounts_user": "members",
    "account_emailaddress": "addresses",
    "auth_group": "groups",
}
FULL: Final = ("jobs_job", "gallery_photo")
"""There are more of them than a page shows as soon as there are a few of all."""

STAFF: Final = [
    *(
        Entry(
            f"api:{name}-list", lists, "staff", query=whole_page, queries=4 if "job" in name else 3
        )
        for name, lists in MODERATED.items()
    ),
    Entry("metrics", "work", "staff"),
    Entry("admin:index", "photos reports work", "staff"),
    Entry("admin:queue", "work", "staff"),
    *(
        Entry(f"admin:{name}_changelist", lists, "staff", is_full=name in FULL)
        for name, lists in RECORDS.items()
    ),
    Entry("admin:jobs_job_change", "attempts", "staff", "job"),
    Entry("admin:gallery_photo_change", "versions", "staff", "varied"),
    Entry("admin:gallery_archive_change", "parts", "staff", "archive"),
    Entry("admin:accounts_user_change", "photos", "staff", "owner", is_full=True),
]
NO_STAFF_LISTS: Final = {
    "It is about one thing: it lists nothing.": " ".join(
        f"api:{name}-detail" for name in MODERATED
    ),
}
REGISTERED: Final = {
    f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry
}
