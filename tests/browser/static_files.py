"""Static files of the live server: a browser asks for each once, as on a real site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.templatetags.static import static
from whitenoise import WhiteNoise

from tests.browser.accessibility import AXE, AXE_ADDRESS


def as_on_a_real_site(application: Callable[..., Any]) -> Callable[..., Any]:
    """By WhiteNoise, and kept forever. On a real site a file's name has the hash of its content."""
    files = WhiteNoise(application, immutable_file_test=lambda _path, _address: True)
    for finder in get_finders():
        for name, storage in finder.list(None):
            address = static(name)
            if address not in files.files:  # the first is the one that Django finds
                files.add_file_to_dictionary(address, storage.path(name))
    files.add_file_to_dictionary(AXE_ADDRESS, str(AXE))
    serve: Callable[..., Any] = files
    return serve
