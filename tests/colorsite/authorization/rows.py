"""What a row of the table is, and the statuses that many rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

VISITORS = ("owner", "stranger", "anonymous", "staff")
LOGIN = "login"  # a redirect to the login page

# Status codes that many routes have in common: owner, stranger, anonymous, staff.
PUBLIC = (200, 200, 200, 200)
LOOK = (200, 404, 404, 200)
OWNER = (200, 404, 404, 404)
TOKEN = (200, 200, 401, 200)
API_LOOK = (200, 404, 401, 200)
API_OWNER = (200, 404, 401, 404)
NOBODY = (404, 404, 404, 404)
API_NOBODY = (404, 404, 401, 404)
# Staff without the permission: who has it is in tests/moderation/test_api_permissions.py.
MODERATION = (404, 404, 401, 403)
LOG = (404, 404, 401, 200)

Statuses = tuple[int | str, int | str, int | str, int | str]


class Row(NamedTuple):
    route: str
    method: str
    private: Statuses
    published: Statuses
    data: Callable[[], dict[str, Any]] = dict
    headers: Mapping[str, str] = {}
    content_type: str = ""


def succeeding(status: int, like: Statuses) -> Statuses:
    """The same permissions, with another status code for success."""
    owner, stranger, anonymous, staff = (status if code == 200 else code for code in like)
    return owner, stranger, anonymous, staff
