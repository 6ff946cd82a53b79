from __future__ import annotations

import pytest

from accounts.models import User
from filestore.storages import MediaStorage, media_storage
from tests.factories import make_user


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest) -> MediaStorage:
    """What holds for one kind of storage holds for the other."""
    if request.param == "bucket":
        request.getfixturevalue("s3_storage")
    return media_storage()


@pytest.fixture
def owner(db: None) -> User:
    return make_user()
