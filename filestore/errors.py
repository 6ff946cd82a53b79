"""What goes wrong with the storage as a whole, not with one file in it."""

from __future__ import annotations


class StorageUnavailableError(OSError):
    """Nothing can be read or stored at the moment. Of a file that is lost, FileNotFoundError tells."""
