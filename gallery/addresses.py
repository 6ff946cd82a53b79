"""Addresses of what has a key. A page or a list has hundreds of them: each route is looked up once."""

from __future__ import annotations

from functools import cache
from typing import Final
from uuid import UUID

from django.urls import get_script_prefix, reverse

ANY_KEY: Final = UUID(int=0)


def address_of(view_name: str, key: UUID) -> str:
    """The path of a view whose only argument is the key."""
    return _path(view_name, get_script_prefix()).replace(str(ANY_KEY), str(key))


@cache
def _path(view_name: str, prefix: str) -> str:
    return reverse(view_name, args=[ANY_KEY])
