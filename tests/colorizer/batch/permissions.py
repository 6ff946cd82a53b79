"""Permissions count in tests, too, though these may be run by root, whom none stops."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65534


@contextmanager
def permissions_that_count() -> Iterator[None]:
    """This process as an ordinary user. What is read in here is to be readable for everybody."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if before == 0:
            os.seteuid(0)
