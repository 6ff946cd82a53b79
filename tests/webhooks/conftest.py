from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from accounts.models import User
from tests.factories import make_user
from tests.file_server import running
from tests.webhooks.receiver import Receiver
from webhooks import services
from webhooks.models import Webhook


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """On this machine, to which webhooks may go."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    server = Receiver()
    with running(server):
        yield server


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def webhook(owner: User, receiver: Receiver) -> Webhook:
    return services.create(owner, target_url=receiver.address())
