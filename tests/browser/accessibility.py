"""What axe finds against the accessibility guidelines."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from playwright.sync_api import Page

AXE: Final = settings.NODE_MODULES / "axe-core/axe.min.js"
AXE_ADDRESS: Final = "/static/axe.min.js"
"""The live server has it, so that a browser asks for it and compiles it once."""
RULES: Final = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map(
  ({ id, nodes }) => `${id}: ${nodes.map(({ html, target }) => `${target.join(" ")} ${html}`).join(", ")}`
)"""
# Colors that are on their way are no colors of the page.
SETTLED: Final = """Promise.allSettled(document.getAnimations()
  .filter(one => one instanceof CSSTransition).map(one => one.finished)).then(() => null)"""


def violations(page: Page, address: str = "") -> list[str]:
    """Of the page as it is now, or of that at the address."""
    if address:
        page.goto(address)
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(url=AXE_ADDRESS)
    found: list[str] = page.evaluate(RULES)
    return found
