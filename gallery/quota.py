"""Whether there is room for more, beside what is kept and what is reserved."""

from __future__ import annotations

from http import HTTPStatus

from django.template.defaultfilters import filesizeformat

from accounts.models import User
from colorizer.errors import UploadError
from filestore import services as filestore
from filestore import uploads


def check_quota(owner: User, more: int) -> None:
    """
    Raises:
        UploadError: there is no room for so many bytes beside what is kept and what is reserved.
    """
    if no_room := lack_of_room(owner, more):
        raise no_room


def lack_of_room(owner: User, more: int) -> UploadError | None:
    quota = filestore.quota_of(owner)
    if quota is None:
        return None
    if filestore.usage_of(owner) + uploads.reserved_for(owner) + more <= quota:
        return None
    return UploadError(
        "quota_exceeded",
        "There is no room for this photo: your storage of %(quota)s is full. "
        "Empty the trash to make room, or delete photos and then empty it.",
        HTTPStatus.INSUFFICIENT_STORAGE,
        params={"quota": filesizeformat(quota)},
    )
