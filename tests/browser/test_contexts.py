"""What one test leaves in a browser, the next does not find."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import BrowserContext

from tests.browser.contexts import Contexts
from tests.factories import make_user

LEAVE: Final = """async () => {
  document.cookie = "left=1; path=/; max-age=1000";
  localStorage.setItem("left", "1");
  sessionStorage.setItem("left", "1");
  await caches.open("left");
  await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
  await (await navigator.storage.getDirectory()).getFileHandle("left", { create: true });
}"""
FOUND: Final = """async () => ({
  cookies: document.cookie.includes("left"),
  stored: localStorage.left ?? sessionStorage.left ?? null,
  caches: await caches.keys(),
  databases: (await indexedDB.databases()).filter(({ name }) => name === "left"),
  files: (await Array.fromAsync((await navigator.storage.getDirectory()).keys())),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  mayReadClipboard: (await navigator.permissions.query({ name: "clipboard-read" })).state,
  isOnLine: navigator.onLine,
})"""
NOTHING: Final[dict[str, Any]] = {
    "cookies": False,
    "stored": None,
    "caches": [],
    "databases": [],
    "files": [],
    "workers": 0,
    "mayReadClipboard": "prompt",
    "isOnLine": True,
}


def leave_all(contexts: Contexts, context: BrowserContext) -> None:
    contexts.log_in(context, make_user())
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 320})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto("/")
    page.evaluate(LEAVE)
    context.route("**/explore/", lambda route: route.abort())
    context.grant_permissions(["clipboard-read"])
    context.set_offline(offline=True)


def test_the_next_test_has_the_same_context_and_finds_nothing(contexts: Contexts) -> None:
    with contexts.lent() as first:
        leave_all(contexts, first)
    with contexts.lent() as second:
        assert second is first
        assert second.cookies() == []
        page = second.new_page()
        page.goto("/explore/")
        assert page.get_by_role("link", name="Log in").is_visible()
        assert page.evaluate(FOUND) == NOTHING
        assert page.evaluate("[innerWidth, innerHeight]") == [1280, 720]
        assert not page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def test_a_context_is_lent_to_one_at_a_time_and_to_nobody_when_it_was_closed(
    contexts: Contexts,
) -> None:
    with contexts.lent() as first, contexts.lent() as second:
        assert first is not second
        second.close()
    with contexts.lent() as third:
        assert third is not second


def test_only_a_fresh_context_has_the_service_worker(contexts: Contexts) -> None:
    with contexts.fresh() as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
