"""Who looks at the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_user


@pytest.fixture
def owner(client: Client) -> User:
    """Somebody who is logged in."""
    user = make_user()
    client.force_login(user)
    return user
