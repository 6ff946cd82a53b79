from __future__ import annotations

import pytest

from tests.api import address, client_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_it_says_who_you_are_and_nothing_secret() -> None:
    user = make_user()
    body = client_of(user).get(address("me")).json()
    assert body.pop("date_joined")
    assert body == {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "bytes_used": 0,
        "bytes_reserved": 0,
        "quota_bytes": None,
    }
