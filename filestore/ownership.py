"""Which database the stored files belong to: what one does not know may be all that another has."""

from __future__ import annotations

from typing import Final

from django.core.files.base import ContentFile

from filestore.errors import ForeignFilesError
from filestore.models import DatabaseId
from filestore.storages import media_storage

NAME: Final = "database-id"
"""Of a file beside the folder of all others, with the ID of the database that knows them."""
LENGTH: Final = 36


def require_own_files() -> None:
    """Whose nobody has said yet, they are of this database from now on.

    Raises:
        ForeignFilesError: they are of another one.
    """
    own = str(DatabaseId.get())
    found = _read()
    if len(found) < LENGTH:
        _write(own)
    elif found != own:
        raise ForeignFilesError(
            f"The stored files belong to another database ({found}; this one is {own}), so nothing is deleted. "
            "Check DATABASE_URL and MEDIA_STORAGE. If no other database needs these files any more, "
            f"delete the file {NAME} in MEDIA_STORAGE."
        )


def _read() -> str:
    if not media_storage().exists(NAME):
        return ""
    with media_storage().open(NAME) as file:
        return str(file.read().decode())


def _write(own: str) -> None:
    """Several hosts may do it at once, and a killed one may have left an empty file."""
    storage = media_storage()
    storage.delete(NAME)
    saved = storage.save(NAME, ContentFile(own.encode()))
    if saved != NAME:
        storage.delete(saved)  # another host was faster
