"""A browser that goes to each page, as each visitor, and takes a picture of all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from accounts.models import User
from tests.factories import PASSWORD
from tests.needs import CHROMIUM
from tests.screenshots.pages import Shot

DEVICES: Final[dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
SCHEMES: Final = ("light", "dark")
SEND: Final = """([address, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address });
  for (const [name, value] of fields) {
    form.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(form);
  form.submit();
}"""
# Pictures are loaded which wait for being seen, and the panel of uploads is where the page ends.
SEE_ALL: Final = """async () => {
  document.getElementById("uploads")?.style.setProperty("position", "static");
  for (const picture of document.images) picture.loading = "eager";
  const seen = [...document.images].filter((picture) => picture.checkVisibility());
  await Promise.race([
    Promise.allSettled(seen.map((picture) => picture.decode())),
    new Promise((resolve) => setTimeout(resolve, 3000)),
  ]);
  await document.fonts.ready;
  await new Promise(requestAnimationFrame);
  for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish();
}"""


def photograph(
    site: str, folder: Path, shots: Iterable[Shot], people: Mapping[str, User], language: str
) -> list[str]:
    """Returns what went wrong, a line each."""
    wrong: list[str] = []
    by_visitor: dict[str, list[Shot]] = {}
    for shot in shots:
        by_visitor.setdefault(shot.visitor, []).append(shot)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for visitor, theirs in by_visitor.items():
            cookies = _session(people.get(visitor))
            for device in DEVICES:
                context = _context(browser, site, device, cookies, language)
                for shot in theirs:
                    wrong += _take(context, shot, folder / language, device)
                context.close()
        browser.close()
    return wrong


def _session(person: User | None) -> dict[str, str]:
    if person is None:
        return {}
    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(person)
    # Some pages ask for it first.
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def _context(
    browser: Browser, site: str, device: str, cookies: Mapping[str, str], language: str
) -> BrowserContext:
    context = browser.new_context(base_url=site, reduced_motion="reduce", **DEVICES[device])
    chosen = {**cookies, settings.LANGUAGE_COOKIE_NAME: language}
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in chosen.items()]
    )
    return context


def _take(context: BrowserContext, shot: Shot, folder: Path, device: str) -> list[str]:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{shot.name}: {error}"))
    response = _open(page, shot)
    if response.status != (404 if shot.name == "not-found" else 200):
        wrong.append(f"{shot.name}: {shot.address} responded with {response.status}")
    if (path := urlsplit(response.url).path) != urlsplit(shot.address).path:
        wrong.append(f"{shot.name}: leads to {path}")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SEE_ALL)
        name = re.sub(r"\W+", "-", shot.name)
        page.screenshot(path=folder / f"{name}-{device}-{scheme}.png", full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{shot.name}: wider than the {device}")
    page.close()
    return wrong


def _open(page: Page, shot: Shot) -> Response:
    response = page.goto("/" if shot.form else shot.address)
    if shot.form is None:
        assert response
        return response
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    fields = [["csrfmiddlewaretoken", token], *([name, value] for name, value in shot.form)]
    with page.expect_navigation() as sent:
        page.evaluate(SEND, [shot.address, fields])
    return sent.value
