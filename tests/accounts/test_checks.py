"""A site that others reach and that has no mail server says so at its start."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from accounts.checks import check_mail_server


@pytest.mark.parametrize(
    ("has_mail_server", "is_loopback", "warnings"),
    [(True, True, 0), (True, False, 0), (False, True, 0), (False, False, 1)],
)
def test_who_runs_the_site_is_warned(
    settings: Settings, has_mail_server: bool, is_loopback: bool, warnings: int
) -> None:
    settings.HAS_MAIL_SERVER, settings.IS_LOOPBACK = has_mail_server, is_loopback
    assert len(check_mail_server(None)) == warnings
