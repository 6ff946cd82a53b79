"""What goes wrong with the storage as a whole, not with one file in it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

UNAVAILABLE: Final = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.EIO,
        errno.ENODEV,
        errno.ENOSPC,
        errno.ENOTCONN,
        errno.ENXIO,
        errno.EPERM,
        errno.EROFS,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
"""The disk is full, broken or gone, or not for this process."""


class StorageUnavailableError(OSError):
    """Nothing can be read or stored at the moment. Of a file that is lost, FileNotFoundError tells."""


class ForeignFilesError(Exception):
    """The files in the storage are those of another database."""


@contextmanager
def errors_of_the_disk() -> Iterator[None]:
    """Tell those that are about the disk from those that are about one file."""
    try:
        yield
    except OSError as error:
        if error.errno not in UNAVAILABLE:
            raise
        raise StorageUnavailableError(error.errno, error.strerror, error.filename) from error
