"""The API's page for people: everything of it comes from this site, and the console stays empty."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


def test_the_page_shows_all_operations_and_asks_no_foreign_host(
    page: Page, live_server: LiveServer
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs/")
    page.locator("#operations-tag-albums").click()
    operation = page.locator('.opblock-get [data-path="/api/v1/albums/"]')
    expect(operation).to_be_visible()
    operation.click()
    expect(page.get_by_text("Your albums, newest first.").last).to_be_visible()
    assert all(url.startswith((live_server.url, "data:", "blob:")) for url in asked)
