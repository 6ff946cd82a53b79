"""A real browser against a real site. Every warning or error in the console is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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
from tests.browser.contexts import PATIENCE, Contexts
from tests.browser.static_files import as_on_a_real_site
from tests.factories import make_user
from tests.needs import CHROMIUM

# What browser and htmx note, and pages say in words: a refused file, another tab that was faster, no connection.
# The last are of tests that look at the pixels of a canvas, and of contexts that are no fresh ones.
NOTED = (
    "status of 415",
    "status of 409",
    "htmx:sendError",
    "htmx:afterRequest",
    "net::ERR_FAILED",
    "GPU stall due to ReadPixels",
    "Service Worker registration blocked",
)
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


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


@pytest.fixture(scope="session")
def live_server(live_server: LiveServer) -> LiveServer:
    server = live_server.thread.httpd
    application = server.get_app()
    assert application
    server.set_app(as_on_a_real_site(application))
    return live_server


@pytest.fixture(scope="session")
def contexts(chromium: Browser, live_server: LiveServer) -> Contexts:
    return Contexts(chromium, live_server.url)


@pytest.fixture
def context(request: pytest.FixtureRequest, contexts: Contexts) -> Iterator[BrowserContext]:
    is_fresh = request.node.get_closest_marker("fresh_context") is not None
    with contexts.fresh() if is_fresh else contexts.lent() as context:
        yield context


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
def member(contexts: Contexts, context: BrowserContext, page: Page) -> User:
    """Somebody who is logged in and sees the first page. The form is for test_upload."""
    user = make_user()
    contexts.log_in(context, user)
    page.goto("/")
    return user


@pytest.fixture
def phone(contexts: Contexts, member: User) -> Iterator[Page]:
    with contexts.lent(**PHONE) as other:
        contexts.log_in(other, member)
        page = other.new_page()
        complaints = complaints_of(page)
        yield page
        assert complaints == []
