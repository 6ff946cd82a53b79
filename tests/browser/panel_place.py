"""Whether the panel of uploads, which is on every page, lies over a control."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, ViewportSize

from accounts.models import User

SCREENS: Final[list[ViewportSize]] = [
    {"width": 1280, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
# What can be pressed or filled in is brought into sight as the keyboard does it. What lies over it then?
COVERED: Final = """() => {
  const panel = document.getElementById("uploads");
  const controls = document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex='0']");
  const points = [[0.5, 0.5], [0.1, 0.9], [0.9, 0.9]];
  return [...controls].filter((control) => {
    if (panel.contains(control) || !control.checkVisibility({ visibilityProperty: true })) return false;
    control.scrollIntoView({ block: "nearest" });
    const box = control.getBoundingClientRect();
    return points.some(([x, y]) =>
      panel.contains(document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
  }).map((control) => control.outerHTML.slice(0, 120));
}"""


def covered_controls(page: Page) -> list[str]:
    """By screen; a control that stays under the panel."""
    found = []
    for screen in SCREENS:
        page.set_viewport_size(screen)
        found += [f"at {screen['width']}: {control}" for control in lasting(page)]
    return found


def lasting(page: Page) -> list[str]:
    """What stays covered: the page makes room when the panel has become higher."""
    for _ in range(20):
        if not (found := page.evaluate(COVERED)):
            break
        page.wait_for_timeout(100)
    return list(found)


def while_something_is_colored(page: Page, member: User) -> None:
    """As after an upload: other pages go on counting."""
    page.evaluate(f"localStorage.setItem('uploads-coloring-{member.pk}', '{{\"since\": \"\"}}')")
    page.emulate_media(reduced_motion="reduce")
