"""The site with its small library, and what the camera finds."""

from __future__ import annotations

import sys
from pathlib import Path

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command

from accounts.models import User
from colorsite.translations import compile_catalogs
from colorsite.wsgi import application
from tests.screenshots.camera import photograph
from tests.screenshots.pages import CAUTIOUS, MEMBER, NEWCOMER, shots, unknown_routes
from tests.screenshots.scene import make_scene
from tests.web_server import serving


def run(folder: Path, language: str, only: str) -> bool:
    if unknown := unknown_routes():
        sys.stdout.write(f"List these routes in tests/screenshots/pages.py: {sorted(unknown)}\n")
        return False
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    compile_catalogs()
    scene = make_scene()
    User.objects.update(language=language)
    people = {MEMBER: scene.member, CAUTIOUS: scene.cautious, NEWCOMER: scene.newcomer}
    wanted = [shot for shot in shots(scene) if only in shot.name]
    with serving(StaticFilesHandler(application)) as server:  # type: ignore[arg-type]  # takes any application
        site = f"http://127.0.0.1:{server.port}"
        wrong = photograph(site, folder, wanted, people, language)
    pictures = len(list((folder / language).glob("*.png")))
    sys.stdout.write("\n".join([*wrong, f"{len(wanted)} pages, {pictures} pictures"]) + "\n")
    return not wrong
