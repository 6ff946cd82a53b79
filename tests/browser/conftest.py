"""A real browser against a real site with a real worker. Every warning or error in the console is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.factories import make_user
from tests.needs import CHROMIUM
from tests.worker import running_worker

# What browser and htmx note, and pages say in words: a refused file, another tab that was faster, no connection.
# The last is of tests that look at the pixels of a canvas.
NOTED = (
    "status of 415",
    "status of 409",
    "htmx:sendError",
    "htmx:afterRequest",
    "net::ERR_FAILED",
    "GPU stall due to ReadPixels",
)
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 120_000  # milliseconds: the machine may be busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    own = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(own):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, which makes Django fear for its connections.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live_server.url)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def complaints_of(page: Page) -> list[str]:
    """What its console will say of warnings and errors."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        is_noted = any(noted in message.text for noted in NOTED)
        if message.type in {"error", "warning"} and not is_noted:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console must be without warnings and errors when the test is over."""
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    assert complaints == []


@pytest.fixture
def member(context: BrowserContext, page: Page, live_server: LiveServer) -> User:
    """Somebody who is logged in and sees the first page. The form is for test_upload."""
    user = make_user()
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto("/")
    return user


@pytest.fixture
def phone(
    chromium: Browser, context: BrowserContext, live_server: LiveServer, member: User
) -> Iterator[Page]:
    other = chromium.new_context(
        base_url=live_server.url, storage_state=context.storage_state(), **PHONE
    )
    page = other.new_page()
    complaints = complaints_of(page)
    yield page
    assert complaints == []
    other.close()


@pytest.fixture
def worker(live_server: LiveServer, tmp_path: Path) -> Iterator[None]:
    with running_worker(tmp_path):
        yield
