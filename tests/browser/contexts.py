"""Browser contexts that one test after the other has: what the site's files are is known to them already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error

from accounts.models import User

PATIENCE = 120_000  # milliseconds: the machine may be busy
# All but the HTTP cache.
KEPT_BY_PAGES = (
    "cookies,local_storage,indexeddb,cache_storage,service_workers,file_systems,storage_buckets"
)


class Contexts:
    """A first page in a new context costs a second of a core, in one that has shown others a third of that."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self._chromium = chromium
        self._site = site
        self._idle: dict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lent(self, **options: Any) -> Iterator[BrowserContext]:
        """One with these options, in which nothing is left of the test before, and no service worker comes."""
        idle = self._idle[repr(sorted(options.items()))]
        context = idle.pop() if idle else self._with_blank_page(options)
        try:
            yield context
        finally:
            if self._has_forgotten(context):
                idle.append(context)

    @contextmanager
    def fresh(self, **options: Any) -> Iterator[BrowserContext]:
        """As of somebody who has never been here."""
        context = self._chromium.new_context(base_url=self._site, **options)
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            context.close()

    def log_in(self, context: BrowserContext, user: User) -> None:
        """With a session of its own."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self._site}]
        )

    def _with_blank_page(self, options: dict[str, Any]) -> BrowserContext:
        """Through this page the context is cleaned."""
        context = self._chromium.new_context(
            base_url=self._site, service_workers="block", **options
        )
        context.set_default_timeout(PATIENCE)
        context.new_page()
        return context

    def _has_forgotten(self, context: BrowserContext) -> bool:
        """A context that cannot be cleaned is lent to nobody."""
        try:
            self._forget(context)
        except Error:
            with suppress(Error):
                context.close()
            return False
        return True

    def _forget(self, context: BrowserContext) -> None:
        context.set_offline(offline=False)
        blank, *others = context.pages
        for page in others:
            page.close()
        context.unroute_all()
        context.clear_permissions()
        context.clear_cookies()
        protocol = context.new_cdp_session(blank)
        kept = {"origin": self._site, "storageTypes": KEPT_BY_PAGES}
        protocol.send("Storage.clearDataForOrigin", kept)
        protocol.detach()
