"""A new page is photographed, too, or it is said why not."""

from __future__ import annotations

from tests.screenshots.pages import unknown_routes


def test_every_route_is_listed_or_excluded_for_a_reason() -> None:
    assert unknown_routes() == set()
